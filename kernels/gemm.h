// C = activation(op(A) op(B) [+ C] [+ bias]) for row-major matrices of any size: blocks of A and B are packed to tiles
// and panels, in the manner of BLIS, and a block of C is a register tile at a time.
#pragma once
#include "functions.h"
#include "panels.h"

namespace sweepline {
namespace VARIANT {

enum Activation { NO_ACTIVATION = 0, RELU = 1, TANH = 2, SIGMOID = 3 };

struct Matrix {
  const float* data;
  Index rowStride, columnStride;
};

struct Gemm {
  Index m, n, k;
  Matrix a, b;
  float* c;
  Index cStride;
  bool accumulate;
  const float* bias;
  int activation;
  float* scratch;
};

// A block of A (BLOCK_ROWS x BLOCK_DEPTH) and one of B (BLOCK_DEPTH x BLOCK_COLUMNS) share the second-level cache.
constexpr Index BLOCK_ROWS = 96, BLOCK_COLUMNS = 256, BLOCK_DEPTH = 384;

static Index gemmScratchBytes() {
  return (BLOCK_ROWS + ROW_TILE + BLOCK_COLUMNS + PANEL) * BLOCK_DEPTH * (Index)sizeof(float);
}

// Packs [rows, depth] to tiles of ROW_TILE rows: [depth][ROW_TILE] each, zeros where rows end.
static void packTiles(Index rows, Index depth, Matrix a, float* out) {
  for (Index row = 0; row < rows; row += ROW_TILE, out += depth * ROW_TILE) {
    const Index present = least(ROW_TILE, rows - row);
    if (a.rowStride == 1 && present == ROW_TILE) {
      for (Index k = 0; k < depth; k++) copy(out + k * ROW_TILE, a.data + k * a.columnStride + row, ROW_TILE);
      continue;
    }
    for (Index i = 0; i < ROW_TILE; i++) {
      const float* from = a.data + (row + i) * a.rowStride;
      for (Index k = 0; k < depth; k++) out[k * ROW_TILE + i] = i < present ? from[k * a.columnStride] : 0.f;
    }
  }
}

// Packs [depth, columns] to panels: [depth][PANEL] each, zeros where columns end.
static void packColumns(Index depth, Index columns, Matrix b, float* out) {
  for (Index n = 0; n < columns; n += PANEL, out += depth * PANEL) {
    const Index present = least(PANEL, columns - n);
    if (b.columnStride == 1 && present == PANEL) {
      for (Index k = 0; k < depth; k++) copy(out + k * PANEL, b.data + k * b.rowStride + n, PANEL);
      continue;
    }
    for (Index lane = 0; lane < PANEL; lane++) {
      const float* from = b.data + (n + lane) * b.columnStride;
      for (Index k = 0; k < depth; k++) out[k * PANEL + lane] = lane < present ? from[k * b.rowStride] : 0.f;
    }
  }
}

INLINE Vector activate(Vector x, int activation) {
  if (activation == RELU) return relu(x);
  if (activation == TANH) return tanh(x);
  if (activation == SIGMOID) return sigmoid(x);
  return x;
}

// One tile of C: rows x columns of it are stored. A is a packed tile, or where it is not, rows of a matrix.
template <bool PACKED>
static void gemmTile(Index rows, Index columns, Index depth, const float* a, Index aStride, const float* b, float* c,
                     Index cStride, bool accumulate, const float* bias, int activation) {
  const float* row[ROW_TILE];
  for (Index i = 0; i < ROW_TILE; i++) row[i] = PACKED ? a + i : a + least(i, rows - 1) * aStride;
  Vector sum[ROW_TILE][PANEL_VECTORS];
  for (int i = 0; i < ROW_TILE; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = splat(0.f);
  // In two loops: V8 compiles the inner one of a nest better (36 against 24 GFLOP/s).
  while (depth > 0) {
    const Index run = least(depth, 16);
    TILE_LOOP
    for (Index k = 0; k < run; k++) {
      Vector right[PANEL_VECTORS];
      for (int j = 0; j < PANEL_VECTORS; j++) right[j] = load(b + j * WIDTH);
      for (int i = 0; i < ROW_TILE; i++) {
        const Vector left = broadcast(PACKED ? a + i : row[i] + k);
        for (int j = 0; j < PANEL_VECTORS; j++) sum[i][j] = addProduct(sum[i][j], left, right[j]);
      }
      if (PACKED) a += ROW_TILE;
      b += PANEL;
    }
    depth -= run;
    for (int i = 0; i < ROW_TILE; i++) row[i] += run;
  }
  if (columns == PANEL) {
    // From the registers: `rows` would make memory of them as the bound of a loop.
    for (int i = 0; i < ROW_TILE; i++) {
      if (i >= rows) return;
      for (int j = 0; j < PANEL_VECTORS; j++) {
        float* to = c + i * cStride + j * WIDTH;
        Vector v = sum[i][j];
        if (accumulate) v += load(to);
        if (bias) v += load(bias + j * WIDTH);
        store(to, activate(v, activation));
      }
    }
    return;
  }
  float tile[ROW_TILE * PANEL];
  for (int i = 0; i < ROW_TILE; i++)
    for (int j = 0; j < PANEL_VECTORS; j++) store(tile + i * PANEL + j * WIDTH, sum[i][j]);
  for (Index i = 0; i < rows; i++)
    for (Index j = 0; j < columns; j += WIDTH) {
      const int lanes = (int)least(WIDTH, columns - j);
      Vector v = load(tile + i * PANEL + j);
      if (accumulate) v += loadPart(c + i * cStride + j, lanes);
      if (bias) v += loadPart(bias + j, lanes);
      storePart(c + i * cStride + j, activate(v, activation), lanes);
    }
}

static void gemm(const Gemm& g) {
  float* bPanels = g.scratch;
  float* aTiles = bPanels + roundUp(BLOCK_COLUMNS, PANEL) * BLOCK_DEPTH;
  for (Index n = 0; n < g.n; n += BLOCK_COLUMNS) {
    const Index columns = least(BLOCK_COLUMNS, g.n - n);
    // With k = 0 there is still one block, of depth 0: C gets its bias and activation.
    for (Index k = 0; k == 0 || k < g.k; k += BLOCK_DEPTH) {
      const Index depth = least(BLOCK_DEPTH, g.k - k);
      const bool last = k + BLOCK_DEPTH >= g.k;
      const bool accumulate = g.accumulate || k > 0;
      packColumns(depth, columns,
                  {g.b.data + k * g.b.rowStride + n * g.b.columnStride, g.b.rowStride, g.b.columnStride}, bPanels);
      for (Index m = 0; m < g.m; m += BLOCK_ROWS) {
        const Index rows = least(BLOCK_ROWS, g.m - m);
        const Matrix a{g.a.data + m * g.a.rowStride + k * g.a.columnStride, g.a.rowStride, g.a.columnStride};
        // For a few panels packing is not worth its while.
        const bool packed = a.columnStride != 1 || columns > 2 * PANEL;
        if (packed) packTiles(rows, depth, a, aTiles);
        const auto tile = packed ? gemmTile<true> : gemmTile<false>;
        for (Index j = 0; j < columns; j += PANEL)
          for (Index i = 0; i < rows; i += ROW_TILE)
            tile(least(ROW_TILE, rows - i), least(PANEL, columns - j), depth,
                 packed ? aTiles + i * depth : a.data + i * a.rowStride, a.rowStride, bPanels + j * depth,
                 g.c + (m + i) * g.cStride + n + j, g.cStride, accumulate,
                 last && g.bias ? g.bias + n + j : nullptr, last ? g.activation : NO_ACTIVATION);
      }
    }
  }
}

}  // namespace VARIANT
}  // namespace sweepline
