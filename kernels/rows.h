// Rows of a table by number: an embedding and its gradient.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

static void gatherRows(Index count, Index width, const float* table, const int32_t* ids, float* out) {
  for (Index u = 0; u < count; u++) copy(out + u * width, table + (Index)ids[u] * width, width);
}

static void scatterAddRows(Index count, Index width, float* table, const int32_t* ids, const float* rows) {
  for (Index u = 0; u < count; u++) {
    float* to = table + (Index)ids[u] * width;
    const float* from = rows + u * width;
    overVectors(width, [&](Index n, int lanes) {
      storePart(to + n, loadPart(to + n, lanes) + loadPart(from + n, lanes), lanes);
    });
  }
}

// sums[n] = the sum of column n, in double.
static void sumRows(Index rows, Index width, const float* x, float* sums) {
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
