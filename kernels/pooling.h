// The largest and the mean value over the time of [B, T, F].
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

struct Pool {
  Index batch, time, features;
  const int32_t* lengths;

  Index length(Index b) const { return lengths ? most(0, least(lengths[b], time)) : time; }
};

static void maxOverTime(const Pool& pool, const float* input, float* output, int32_t* position) {
  const Index F = pool.features;
  for (Index b = 0; b < pool.batch; b++, input += pool.time * F, output += F, position += F) {
    const Index length = pool.length(b);
    if (length > 0)
      copy(output, input, F);
    else
      fillZero(output, F);
    for (Index f = 0; f < F; f++) position[f] = length > 0 ? 0 : -1;
    for (Index t = 1; t < length; t++) {
      const float* x = input + t * F;
      Index f = 0;
      for (; f + WIDTH <= F; f += WIDTH) {
        const Vector v = load(x + f), best = load(output + f);
        // v != v: a NaN wins, as in PyTorch; a diverged network must show it.
        const IntVector wins = (v > best) | (v != v);
        store(output + f, wins ? v : best);
        storeInts(position + f, wins ? splatInt((int32_t)t) : loadInts(position + f));
      }
      for (; f < F; f++)
        if (x[f] > output[f] || x[f] != x[f]) {
          output[f] = x[f];
          position[f] = (int32_t)t;
        }
    }
  }
}

static void maxOverTimeBackward(const Pool& pool, const float* outputGradient, const int32_t* position,
                                float* gradient) {
  const Index F = pool.features;
  for (Index b = 0; b < pool.batch; b++, gradient += pool.time * F, outputGradient += F, position += F) {
    fillZero(gradient, pool.time * F);
    for (Index f = 0; f < F; f++)
      if (position[f] >= 0) gradient[position[f] * F + f] = outputGradient[f];
  }
}

static void meanOverTime(const Pool& pool, const float* input, float* output) {
  const Index F = pool.features;
  for (Index b = 0; b < pool.batch; b++, input += pool.time * F, output += F) {
    const Index length = pool.length(b);
    const float share = length > 0 ? 1.f / (float)length : 0.f;
    fillZero(output, F);
    for (Index t = 0; t < length; t++)
      overVectors(F, [&](Index f, int lanes) {
        storePart(output + f, loadPart(output + f, lanes) + loadPart(input + t * F + f, lanes), lanes);
      });
    overVectors(F, [&](Index f, int lanes) {
      storePart(output + f, loadPart(output + f, lanes) * splat(share), lanes);
    });
  }
}

static void meanOverTimeBackward(const Pool& pool, const float* outputGradient, float* gradient) {
  const Index F = pool.features;
  for (Index b = 0; b < pool.batch; b++, gradient += pool.time * F, outputGradient += F) {
    const Index length = pool.length(b);
    const float share = length > 0 ? 1.f / (float)length : 0.f;
    for (Index t = 0; t < length; t++)
      overVectors(F, [&](Index f, int lanes) {
        storePart(gradient + t * F + f, loadPart(outputGradient + f, lanes) * splat(share), lanes);
      });
    fillZero(gradient + length * F, (pool.time - length) * F);
  }
}

}  // namespace VARIANT
}  // namespace sweepline
