const float = new Float64Array(1);
/** The halves of its bits, the lower one first (Node runs on little-endian machines). */
const halves = new Uint32Array(float.buffer);

/**
 * ln(x) of a positive, normal number, to about one unit in the last place: the mantissa m in [√½, √2), then
 * 2 artanh((m − 1) / (m + 1)). `Math.log` may differ from one JavaScript engine to another; this is what
 * kernels/functions.h computes, operation by operation.
 */
export function naturalLog(x: number): number {
  float[0] = x;
  let exponent = (halves[1]! >>> 20) - 1023;
  halves[1] = (halves[1]! & 0xfffff) | 0x3ff00000;
  let mantissa = float[0]!;
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum = 0;
  for (let term = 19; term >= 1; term -= 2) sum = sum * s2 + 1 / term;
  return s * 2 * sum + exponent * Math.LN2;
}
