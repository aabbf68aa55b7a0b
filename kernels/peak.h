// What a core can do at most with this variant's instructions, to measure the kernels against.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

// Independent sums: enough to hide the latency of a multiplication and an addition, few enough to stay in 16 registers.
constexpr int PEAK_SUMS = 12;

// Multiplies and adds without touching memory; gives the number of floating-point operations. out [WIDTH] takes the
// sums, or no compiler would leave the work in.
static double multiplyAdds(Index rounds, float* out) {
  Vector sum[PEAK_SUMS];
  for (int i = 0; i < PEAK_SUMS; i++) sum[i] = splat((float)i);
  const Vector factor = load(out), summand = splat(1e-3f);
  TILE_LOOP
  for (Index round = 0; round < rounds; round++)
    for (int i = 0; i < PEAK_SUMS; i++) sum[i] = addProduct(summand, sum[i], factor);
  Vector total = splat(0.f);
  for (int i = 0; i < PEAK_SUMS; i++) total += sum[i];
  store(out, total);
  return 2.0 * WIDTH * PEAK_SUMS * (double)rounds;
}

}  // namespace VARIANT
}  // namespace sweepline
