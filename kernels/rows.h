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

}  // namespace VARIANT
}  // namespace sweepline
