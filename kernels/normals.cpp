// The inverse of the normal distribution function at 53-bit uniforms, two words of the stream each: Wichura 1988, AS 241,
// operation by operation as src/random/stream.ts has it. A file of its own, for no product and sum may be rounded at once
// here (scripts/build-kernels.js): the numbers are to be the same on every engine and machine.
#include "normals.h"

#include "functions.h"

namespace sweepline {
namespace VARIANT {

// Horner's rule; coefficients from the constant up.
INLINE Doubles polynomial(Doubles x, const double (&coefficients)[8]) {
  Doubles sum = splatDouble(coefficients[7]);
  for (int i = 6; i >= 0; i--) sum = sum * x + splatDouble(coefficients[i]);
  return sum;
}

constexpr double CENTRE_NUMERATOR[] = {3.387132872796366608,   133.14166789178437745,  1971.5909503065514427,
                                       13731.693765509461125,  45921.953931549871457,  67265.770927008700853,
                                       33430.575583588128105,  2509.0809287301226727};
constexpr double CENTRE_DENOMINATOR[] = {1,                      42.313330701600911252, 687.1870074920579083,
                                         5394.1960214247511077,  21213.794301586595867, 39307.89580009271061,
                                         28729.085735721942674,  5226.495278852545925};
constexpr double MIDDLE_NUMERATOR[] = {1.42343711074968357734,  4.6303378461565452959,   5.7694972214606914055,
                                       3.64784832476320460504,  1.27045825245236838258,  0.24178072517745061177,
                                       0.0227238449892691845833, 7.7454501427834140764e-4};
constexpr double MIDDLE_DENOMINATOR[] = {1,                        2.05319162663775882187,  1.6763848301838038494,
                                         0.68976733498510000455,   0.14810397642748007459,  0.0151986665636164571966,
                                         5.475938084995344946e-4,  1.05075007164441684324e-9};
constexpr double TAIL_NUMERATOR[] = {6.6579046435011037772,    5.4637849111641143699,    1.7848265399172913358,
                                     0.29656057182850489123,   0.026532189526576123093,  0.0012426609473880784386,
                                     2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr double TAIL_DENOMINATOR[] = {1,                          0.59983220655588793769,    0.13692988092273580531,
                                       0.0148753612908506148525,   7.868691311456132591e-4,   1.8463183175100546818e-5,
                                       1.4215117583164458887e-7,   2.04426310338993978564e-15};

INLINE Doubles inverseNormal(Doubles p) {
  const Doubles q = p - 0.5;
  const Words below = (Words)(q < splatDouble(0));
  const Words tails = (Words)((below ? -q : q) > splatDouble(0.425));
  const Doubles squared = 0.180625 - q * q;
  const Doubles centre = q * polynomial(squared, CENTRE_NUMERATOR) / polynomial(squared, CENTRE_DENOMINATOR);
  if (!anyOf(tails)) return centre;
  const Doubles r = squareRoot(-naturalLog(below ? p : 1 - p));
  Doubles x = polynomial(r - 1.6, MIDDLE_NUMERATOR) / polynomial(r - 1.6, MIDDLE_DENOMINATOR);
  const Words far = (Words)(r > splatDouble(5));
  if (anyOf(far)) x = far ? polynomial(r - 5, TAIL_NUMERATOR) / polynomial(r - 5, TAIL_DENOMINATOR) : x;
  return tails ? (below ? -x : x) : centre;
}

// 53 bits of two words, between 0 and 1.
INLINE Doubles openUniform(Words high, Words low) {
  const Doubles upper = wholeNumbers((high & 0xffffffffULL) >> 5), lower = wholeNumbers((low & 0xffffffffULL) >> 6);
  return (upper * 67108864.0 + lower + 0.5) / 9007199254740992.0;
}

void fillNormal(const Stream& stream, Index count, double deviation, float* out) {
  float values[2 * BLOCKS];
  for (Index first = 0; first < count; first += 2 * BLOCKS) {
    Words state[4][SETS];
    philoxBlocks(stream, (uint64_t)first / 2, state);
    for (int set = 0; set < SETS; set++)
      for (int half = 0; half < 2; half++) {
        const Doubles x = inverseNormal(openUniform(state[2 * half][set], state[2 * half + 1][set])) * deviation;
        for (int lane = 0; lane < LANES; lane++) values[2 * (set * LANES + lane) + half] = (float)x[lane];
      }
    copy(out + first, values, least(2 * BLOCKS, count - first));
  }
}

}  // namespace VARIANT
}  // namespace sweepline
