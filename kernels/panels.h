// The layout that all kernels compute in. A block of activations [rows, features] lies as
// [features / PANEL][rows][PANEL]: each panel serves as the A operand of activations x weights, as either operand of a
// gradient summed over rows, and is flat for pointwise work. A weight [N, K] is packed as [N / PANEL][K][PANEL].
// Features are padded to whole panels with zeros; the cells keep them zero.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

INLINE Index padded(Index features) { return roundUp(features, PANEL); }

// out[panel][row][lane] (+)= the first `features` floats at source(row), for `rows` rows of a block of `blockRows`.
template <bool ACCUMULATE, class Source>
INLINE void packRows(Index rows, Index features, float* out, Index blockRows, Source source) {
  const Index panelStride = blockRows * PANEL;
  for (Index row = 0; row < rows; row++) {
    const float* from = source(row);
    float* to = out + row * PANEL;
    Index n = 0;
    for (; n + PANEL <= features; n += PANEL, to += panelStride)
      for (int j = 0; j < PANEL; j += WIDTH) {
        const Vector v = load(from + n + j);
        store(to + j, ACCUMULATE ? load(to + j) + v : v);
      }
    if (n == features) continue;
    for (int lane = 0; lane < PANEL; lane++) {
      const float v = n + lane < features ? from[n + lane] : 0.f;
      to[lane] = ACCUMULATE ? to[lane] + v : v;
    }
  }
}

// The inverse: target(row)[0 .. features) (+)= the block's row.
template <bool ACCUMULATE, class Target>
INLINE void unpackRows(Index rows, Index features, const float* block, Index blockRows, Target target) {
  const Index panelStride = blockRows * PANEL;
  for (Index row = 0; row < rows; row++) {
    float* to = target(row);
    const float* from = block + row * PANEL;
    Index n = 0;
    for (; n + PANEL <= features; n += PANEL, from += panelStride)
      for (int j = 0; j < PANEL; j += WIDTH) {
        const Vector v = load(from + j);
        store(to + n + j, ACCUMULATE ? load(to + n + j) + v : v);
      }
    for (int lane = 0; n + lane < features; lane++)
      to[n + lane] = ACCUMULATE ? to[n + lane] + from[lane] : from[lane];
  }
}

// sums[feature] += the sum over the block's rows.
INLINE void addRowSums(Index rows, Index features, const float* block, Index blockRows, float* sums) {
  for (Index n = 0; n < features; n += PANEL, block += blockRows * PANEL) {
    Vector total[PANEL_VECTORS];
    for (int j = 0; j < PANEL_VECTORS; j++) total[j] = splat(0.f);
    for (Index row = 0; row < rows; row++)
      for (int j = 0; j < PANEL_VECTORS; j++) total[j] += load(block + row * PANEL + j * WIDTH);
    for (int j = 0; j < PANEL_VECTORS; j++) store(sums + n + j * WIDTH, load(sums + n + j * WIDTH) + total[j]);
  }
}

typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));
#if defined(__clang__)
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int32_t QuadOrder __attribute__((vector_size(16)));
#define SHUFFLED(a, b, ...) __builtin_shuffle(a, b, (QuadOrder){__VA_ARGS__})
#endif

// to[j][i] = from[i][j] for 4 x 4 floats; the strides lead from row to row.
INLINE void transposeQuads(const float* from, Index fromStride, float* to, Index toStride) {
  const Quad a = *(const Quad*)from, b = *(const Quad*)(from + fromStride);
  const Quad c = *(const Quad*)(from + 2 * fromStride), d = *(const Quad*)(from + 3 * fromStride);
  const Quad ab = SHUFFLED(a, b, 0, 4, 1, 5), cd = SHUFFLED(c, d, 0, 4, 1, 5);
  const Quad abHigh = SHUFFLED(a, b, 2, 6, 3, 7), cdHigh = SHUFFLED(c, d, 2, 6, 3, 7);
  *(Quad*)to = SHUFFLED(ab, cd, 0, 1, 4, 5);
  *(Quad*)(to + toStride) = SHUFFLED(ab, cd, 2, 3, 6, 7);
  *(Quad*)(to + 2 * toStride) = SHUFFLED(abHigh, cdHigh, 0, 1, 4, 5);
  *(Quad*)(to + 3 * toStride) = SHUFFLED(abHigh, cdHigh, 2, 3, 6, 7);
}

// to[column][row] = from[row][column].
static inline void transpose(Index rows, Index columns, const float* from, Index fromStride, float* to, Index toStride) {
  Index row = 0;
  for (; row + 4 <= rows; row += 4, from += 4 * fromStride, to += 4) {
    Index column = 0;
    for (; column + 4 <= columns; column += 4) transposeQuads(from + column, fromStride, to + column * toStride, toStride);
    for (; column < columns; column++)
      for (Index i = 0; i < 4; i++) to[column * toStride + i] = from[i * fromStride + column];
  }
  for (; row < rows; row++, from += fromStride, to++)
    for (Index column = 0; column < columns; column++) to[column * toStride] = from[column];
}

// Weights of `gates` gates, [gates * H, K] row-major, packed gate by gate as [gates * Hp / PANEL][Kp][PANEL] (Hp, Kp
// padded): the right operand of activations [rows, Kp] -> [rows, gates * Hp]. `order[g]` is the stored gate of slot g.
static inline void packWeights(int gates, const int* order, Index H, Index K, const float* weight, float* out) {
  const Index Hp = padded(H), Kp = padded(K);
  for (int gate = 0; gate < gates; gate++)
    for (Index n = 0; n < Hp; n += PANEL, out += Kp * PANEL) {
      const float* rows = weight + ((Index)order[gate] * H + n) * K;
      const Index present = least(PANEL, H - n);
      if (present < PANEL || Kp > K) fillZero(out, Kp * PANEL);
      transpose(present, K, rows, K, out, PANEL);
    }
}

// The transpose of the same weights, packed as [Kp / PANEL][gates * Hp][PANEL]: the right operand of
// gate gradients [rows, gates * Hp] -> [rows, Kp].
static inline void packTransposed(int gates, const int* order, Index H, Index K, const float* weight, float* out) {
  const Index Hp = padded(H);
  for (Index k = 0; k < padded(K); k += PANEL)
    for (int gate = 0; gate < gates; gate++) {
      const float* rows = weight + (Index)order[gate] * H * K + k;
      const Index present = least(PANEL, K - k);
      for (Index n = 0; n < Hp; n++, out += PANEL) {
        for (int j = 0; j < PANEL; j += WIDTH)
          store(out + j, n < H && j < present ? loadPart(rows + n * K + j, (int)least(WIDTH, present - j)) : splat(0.f));
      }
    }
}

// A gradient in the layout of packWeights, written to [gates * H, K] row-major.
static inline void unpackWeights(int gates, const int* order, Index H, Index K, const float* in, float* weight) {
  const Index Hp = padded(H), Kp = padded(K);
  for (int gate = 0; gate < gates; gate++)
    for (Index n = 0; n < Hp; n += PANEL, in += Kp * PANEL) {
      float* rows = weight + ((Index)order[gate] * H + n) * K;
      const Index present = least(PANEL, H - n);
      transpose(K, present, in, PANEL, rows, K);
    }
}

}  // namespace VARIANT
}  // namespace sweepline
