// Elementary functions without a C library, so that every target computes the same ones.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

constexpr float LOG2_E = 1.44269504f;

// 1 / (1 + 2^(slope * x)). The power is a degree-5 minimax polynomial on [-1/2, 1/2] times a power of two; relative
// error below 2.4e-7 (1.2e-5 at most in a trained network's gradients against PyTorch's).
INLINE Vector logistic(Vector x, float slope) {
  const float most = 126 / (slope < 0 ? -slope : slope);
  const Vector power = smaller(splat(most), larger(splat(-most), x)) * splat(slope);
  // Adding 1.5 * 2^23 leaves round(power) in the low bits of the mantissa.
  const Vector shift = splat(12582912.f);
  const Vector shifted = power + shift;
  const Vector r = power - (shifted - shift);
  Vector p = splat(1.321867248e-03f);
  p = addProduct(splat(9.671697938e-03f), p, r);
  p = addProduct(splat(5.550892952e-02f), p, r);
  p = addProduct(splat(2.402223800e-01f), p, r);
  p = addProduct(splat(6.931468559e-01f), p, r);
  p = addProduct(splat(1.f), p, r);
  return splat(1.f) / (splat(1.f) + (Vector)((IntVector)p + ((IntVector)shifted << 23)));
}
INLINE Vector sigmoid(Vector x) { return logistic(x, -LOG2_E); }
// Eigen's rational function (Generic/MathFunctionsImpl, ptanh): x P(x^2) / Q(x^2), to a few units in the last place of the
// smallest results, too, which 2 sigmoid(2x) - 1 would round to steps of 2^-24. Exactly 0 at 0: padding stays zero.
INLINE Vector tanh(Vector x) {
  const float most = 7.90531110763549805f;
  const Vector bounded = smaller(splat(most), larger(splat(-most), x));
  const Vector x2 = bounded * bounded;
  Vector p = splat(-2.76076847742355e-16f);
  p = addProduct(splat(2.00018790482477e-13f), p, x2);
  p = addProduct(splat(-8.60467152213735e-11f), p, x2);
  p = addProduct(splat(5.12229709037114e-08f), p, x2);
  p = addProduct(splat(1.48572235717979e-05f), p, x2);
  p = addProduct(splat(6.37261928875436e-04f), p, x2);
  p = addProduct(splat(4.89352455891786e-03f), p, x2);
  Vector q = splat(1.19825839466702e-06f);
  q = addProduct(splat(1.18534705686654e-04f), q, x2);
  q = addProduct(splat(2.26843463243900e-03f), q, x2);
  q = addProduct(splat(4.89352518554385e-03f), q, x2);
  return bounded * p / q;
}
INLINE Vector relu(Vector x) { return larger(splat(0.f), x); }

// e^x for x <= 0, accurate to about one unit in the last place: Cody and Waite's reduction by ln 2 in two parts, then
// Cephes' expf polynomial. Below -87 the result is 0, where float would be subnormal.
INLINE Vector exponential(Vector x) {
  const Vector bounded = larger(splat(-87.f), x);
  const Vector shift = splat(12582912.f);
  const Vector shifted = bounded * splat(LOG2_E) + shift;
  const Vector n = shifted - shift;
  const Vector r = (bounded - n * splat(0.693359375f)) - n * splat(-2.12194440e-4f);
  Vector p = splat(1.9875691500e-4f);
  p = addProduct(splat(1.3981999507e-3f), p, r);
  p = addProduct(splat(8.3334519073e-3f), p, r);
  p = addProduct(splat(4.1665795894e-2f), p, r);
  p = addProduct(splat(1.6666665459e-1f), p, r);
  p = addProduct(splat(5.0000001201e-1f), p, r);
  p = p * (r * r) + r + splat(1.f);
  const Vector e = (Vector)((IntVector)p + ((IntVector)shifted << 23));
  return x < splat(-87.f) ? splat(0.f) : e;
}

// A whole number from 0 to 2^52 - 1 in each lane.
INLINE Doubles wholeNumbers(Words n) { return (Doubles)(n | 0x4330000000000000ULL) - splatDouble(4503599627370496.0); }

// ln(x) of positive, normal doubles: the mantissa in [sqrt(1/2), sqrt(2)), then 2 artanh((m - 1) / (m + 1)).
// src/random/natural-log.ts is the same.
INLINE Doubles naturalLog(Doubles x) {
  const Doubles mantissa = (Doubles)(((Words)x & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
  const Words large = (Words)(mantissa > splatDouble(1.4142135623730951));
  const Doubles m = mantissa * (large ? splatDouble(0.5) : splatDouble(1));
  const Doubles exponent = wholeNumbers((Words)x >> 52) - splatDouble(1023) + (large ? splatDouble(1) : splatDouble(0));
  const Doubles s = (m - 1) / (m + 1);
  const Doubles s2 = s * s;
  Doubles sum = {};
  for (int term = 19; term >= 1; term -= 2) sum = sum * s2 + splatDouble(1.0 / term);
  return s * 2 * sum + exponent * 0.69314718055994530942;
}
static inline double naturalLog(double x) {
  if (!(x > 0) || x > 1.7976931348623157e308) return x + (x < 0 ? __builtin_nan("") : 0) - (x == 0 ? __builtin_inf() : 0);
  return naturalLog(splatDouble(x))[0];
}

}  // namespace VARIANT
}  // namespace sweepline
