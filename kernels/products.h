// The two matrix products of a recurrent layer, over blocks in panel layout (panels.h).
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

// One block of rows in a product: where a row's elements are found. Strides are in floats.
struct Block {
  float* data;
  Index panelStride;  // from panel to panel; rows are PANEL apart unless said otherwise
  Index stepStride;   // from the block of one time step to the next
};

// What a product is added to: the panel that each row of C starts from.
struct Zeros {
  Vector load(Index, Index) const { return splat(0.f); }
  void announce(Index) const {}
};
struct Rows {
  const float* first;
  Index stride;
  Vector load(Index row, Index lane) const { return VARIANT::load(first + row * stride + lane); }
  void announce(Index) const {}
};
// Rows of a table, anywhere in it: row i is at base + offsets[i], and that of the next product at base + next[i].
struct TableRows {
  const float* base;
  const Index *offsets, *next;
  Vector load(Index row, Index lane) const { return VARIANT::load(base + offsets[row] + lane); }
  void announce(Index row) const { prefetch(base + next[row]); }
};

// Panels that are read after a product: it asks for their rows as it goes, so that none of them is waited for.
struct PanelsAhead {
  const float* panels[7];
  int count = 0;
  void add(const float* panel) { panels[count++] = panel; }
};
template <class Start>
struct AskingAhead : Start {
  PanelsAhead ahead;
  void announce(Index row) const {
    Start::announce(row);
    for (int i = 0; i < ahead.count; i++)
      for (Index lane = 0; lane < PANEL; lane += LINE) prefetch(ahead.panels[i] + row * PANEL + lane);
  }
};
struct NothingAhead {
  template <class Start>
  Start from(Start start, Index) const {
    return start;
  }
};

// C tile [M rows, one panel] = start + A [M, panels * PANEL] x W [panels * PANEL, PANEL].
template <int M, class Start>
INLINE void rowTile(const float* a, Index aPanelStride, const float* w, float* c, Index cRowStride, Index panels,
                    Index row, Start start) {
  Vector sum[M][PANEL_VECTORS];
  for (int i = 0; i < M; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = start.load(row + i, j * WIDTH);
  for (int i = 0; i < M; i++) start.announce(row + i);
  for (Index panel = 0; panel < panels; panel++) {
    // Wide vectors use A up faster than it comes from the second-level cache unasked.
    if (WIDTH >= 16)
      for (int i = 0; i < M; i++) prefetchSoon(a + aPanelStride + i * PANEL);
    TILE_LOOP
    for (int k = 0; k < PANEL; k++) {
      Vector right[PANEL_VECTORS];
      for (int j = 0; j < PANEL_VECTORS; j++) right[j] = load(w + j * WIDTH);
      for (int i = 0; i < M; i++) {
        const Vector left = broadcast(a + i * PANEL);
        for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = addProduct(sum[i][j], left, right[j]);
      }
      a++;
      w += PANEL;
    }
    a += aPanelStride - PANEL;
  }
  for (int i = 0; i < M; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) store(c + i * cRowStride + j * WIDTH, sum[i][j]);
}

template <int M, class Start>
INLINE void rowTileOf(Index m, const float* a, Index aPanelStride, const float* w, float* c, Index cRowStride,
                      Index panels, Index row, Start start) {
  if (m == M) return rowTile<M>(a, aPanelStride, w, c, cRowStride, panels, row, start);
  if constexpr (M > 1) rowTileOf<M - 1>(m, a, aPanelStride, w, c, cRowStride, panels, row, start);
}

// One panel of C [rows, PANEL] = start + A [rows, panels * PANEL] x a panel of W; without panels a copy of the start.
// Rows are dealt to tiles as evenly as they go, so that 32 rows run as fast as 64: 6, 6, 5, 5, 5, 5 and not
// 6, 6, 6, 6, 6, 2.
template <class Start>
static void multiplyPanel(Index rows, Index panels, const float* a, Index aPanelStride, const float* w, float* c,
                          Index cRowStride, Start start) {
  const Index tiles = (rows + ROW_TILE - 1) / ROW_TILE;
  if (tiles == 0) return;
  const Index height = rows / tiles, taller = rows % tiles;
  for (Index tile = 0, row = 0; tile < tiles; tile++) {
    const Index m = height + (tile < taller);
    rowTileOf<ROW_TILE>(m, a + row * PANEL, aPanelStride, w, c + row * cRowStride, cRowStride, panels, row, start);
    row += m;
  }
}

// As many rows of a panel of W as all tiles of a panel of C find in the first-level cache.
constexpr Index DEPTH = PANEL < 16 ? 1024 : 256;

// What every panel of C starts from before a product is added to it: zeros, what it holds, or a bias [N] in every row.
struct Base {
  bool held;
  const float* bias;
};
constexpr Base ZERO{false, nullptr}, HELD{true, nullptr};
INLINE Base biased(const float* bias) { return {false, bias}; }

// C [rows, N] = base + A [rows, K] x W for each of `steps` blocks; W [N / PANEL][K][PANEL]; N, K whole panels. The steps
// stand inside the loop over W, whose panel then stays in the first-level cache. `ahead` makes a start ask for what is read
// after panel n of C.
template <class Ahead = NothingAhead>
static void multiplyRows(Index rows, Index N, Index K, Index steps, Block a, const float* w, Block c, Index cRowStride,
                         Base base, Ahead ahead = {}) {
  for (Index n = 0; n < N; n += PANEL, w += K * PANEL)
    for (Index step = 0; step < steps; step++) {
      const float* left = a.data + step * a.stepStride;
      float* out = c.data + step * c.stepStride + n / PANEL * c.panelStride;
      const auto multiply = [&](Index k, auto start) {
        multiplyPanel(rows, least(DEPTH, K - k) / PANEL, left + k / PANEL * a.panelStride, a.panelStride, w + k * PANEL, out,
                      cRowStride, start);
      };
      if (base.held || base.bias)
        multiply(0, ahead.from(base.held ? Rows{out, cRowStride} : Rows{base.bias + n, 0}, n));
      else
        multiply(0, ahead.from(Zeros{}, n));
      for (Index k = DEPTH; k < K; k += DEPTH) multiply(k, Rows{out, cRowStride});
    }
}

// W tile [M features, one panel] (+)= the sum over rows and steps of A[row, feature] * D[row, lane].
template <int M>
INLINE void featureTile(Index rows, Index steps, const float* a, Index aStepStride, const float* d, Index dStepStride,
                        float* w, bool accumulate) {
  Vector sum[M][PANEL_VECTORS];
  for (int i = 0; i < M; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = accumulate ? load(w + i * PANEL + j * WIDTH) : splat(0.f);
  // The tile that comes next.
  for (int i = 0; i < M; i++)
    for (Index lane = 0; lane < PANEL; lane += LINE) prefetchSoon(w + (M + i) * PANEL + lane);
  for (Index step = 0; step < steps; step++) {
    TILE_LOOP
    for (Index row = 0; row < rows; row++) {
      Vector right[PANEL_VECTORS];
      for (int j = 0; j < PANEL_VECTORS; j++) right[j] = load(d + j * WIDTH);
      for (int i = 0; i < M; i++) {
        const Vector left = broadcast(a + i);
        for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = addProduct(sum[i][j], left, right[j]);
      }
      a += PANEL;
      d += PANEL;
    }
    a += aStepStride - rows * PANEL;
    d += dStepStride - rows * PANEL;
  }
  for (int i = 0; i < M; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) store(w + i * PANEL + j * WIDTH, sum[i][j]);
}

template <int M>
INLINE void featureTileOf(Index m, Index rows, Index steps, const float* a, Index aStepStride, const float* d,
                          Index dStepStride, float* w, bool accumulate) {
  if (m == M) return featureTile<M>(rows, steps, a, aStepStride, d, dStepStride, w, accumulate);
  if constexpr (M > 1) featureTileOf<M - 1>(m, rows, steps, a, aStepStride, d, dStepStride, w, accumulate);
}

// W (+)= the sum over rows and steps of A' x D, W [N / PANEL][padded K][PANEL]; only the first K features are computed.
// Several steps at once save loading and storing the tiles of W at each.
static void multiplyOverRows(Index K, Index N, Index rows, Index steps, Block a, Block d, float* w, bool accumulate) {
  for (Index n = 0; n < N; n += PANEL) {
    const float* right = d.data + n / PANEL * d.panelStride;
    for (Index k = 0; k < K; k += PANEL, w += PANEL * PANEL) {
      const float* left = a.data + k / PANEL * a.panelStride;
      const Index features = least(PANEL, K - k);
      const Index tiles = (features + FEATURE_TILE - 1) / FEATURE_TILE;
      const Index height = features / tiles, taller = features % tiles;
      for (Index tile = 0, at = 0; tile < tiles; tile++) {
        const Index m = height + (tile < taller);
        featureTileOf<FEATURE_TILE>(m, rows, steps, left + at, a.stepStride, right, d.stepStride, w + at * PANEL,
                                    accumulate);
        at += m;
      }
    }
  }
}

}  // namespace VARIANT
}  // namespace sweepline
