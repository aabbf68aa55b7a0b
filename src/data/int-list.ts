/** A list of 32-bit integers that grows by doubling: a few bytes a token where an array of numbers takes more. */
export class IntList {
  #values = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The values so far; not a copy, so it must not be kept while the list grows. */
  view(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
