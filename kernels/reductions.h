// Whole-array arithmetic: what clipping by the norm, accumulating gradients and those of biases need.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

// Float sums of a few hundred squares a lane, added up in double.
static double sumOfSquares(Index count, const float* x) {
  constexpr Index RUN = 256 * WIDTH;
  double total = 0;
  for (Index first = 0; first < count; first += RUN) {
    Vector sum = splat(0.f);
    overVectors(least(RUN, count - first), [&](Index i, int lanes) {
      const Vector v = loadPart(x + first + i, lanes);
      sum += v * v;
    });
    for (int lane = 0; lane < WIDTH; lane++) total += sum[lane];
  }
  return total;
}

static void scale(Index count, float* x, float factor) {
  overVectors(count, [&](Index i, int lanes) { storePart(x + i, loadPart(x + i, lanes) * splat(factor), lanes); });
}

static void addInto(Index count, float* target, const float* source) {
  overVectors(count, [&](Index i, int lanes) {
    storePart(target + i, loadPart(target + i, lanes) + loadPart(source + i, lanes), lanes);
  });
}

// sums[n] = the sum of column n, in double.
static void sumOverRows(Index rows, Index width, const float* x, float* sums) {
  constexpr Index RUN = 16;
  for (Index first = 0; first < width; first += RUN, x += RUN) {
    double totals[RUN] = {};
    const Index columns = least(RUN, width - first);
    for (Index row = 0; row < rows; row++) {
      const float* from = x + row * width;
      if (columns == RUN)
        for (Index n = 0; n < RUN; n++) totals[n] += from[n];
      else
        for (Index n = 0; n < columns; n++) totals[n] += from[n];
    }
    for (Index n = 0; n < columns; n++) sums[first + n] = (float)totals[n];
  }
}

}  // namespace VARIANT
}  // namespace sweepline
