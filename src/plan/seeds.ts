/** A number of seeds, or the seeds themselves. */
export type Seeds = number | readonly number[];

/** The seeds in order: `3` is 0, 1, 2. */
export function seedList(seeds: Seeds): readonly number[] {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, seed) => seed) : seeds;
}

/** How many seeds there are. */
export function seedCount(seeds: Seeds): number {
  return typeof seeds === 'number' ? seeds : seeds.length;
}
