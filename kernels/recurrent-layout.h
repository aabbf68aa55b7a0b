// One direction of one recurrent layer: its sizes, its operands, and where everything lies in `reserve` (what a
// forward pass keeps for its backward pass) and `scratch`.
#pragma once
#include "cells.h"
#include "panels.h"
#include "products.h"

namespace sweepline {
namespace VARIANT {

struct RecurrentShape {
  int cell;
  Index batch, time, rows, input, hidden, projection;
  bool indexed, reverse, training;
};

struct RecurrentOperands {
  const float *x, *h0, *c0, *weight_ih, *weight_hh, *bias_ih, *bias_hh, *weight_hr;
  const int32_t *index, *lengths;
  float *reserve, *scratch;
};

// Rows of the input table that are turned to panels at once; steps whose gradients are summed at once together have
// about STEP_ROWS rows, so that their panels fit the first-level cache.
constexpr Index TABLE_ROWS = 64;
constexpr Index STEP_ROWS = PANEL > 16 ? 128 : 256;

// Hands out pieces of one buffer. Pieces begin at different offsets within 4 KiB, or a step's gates, states and
// gradients would all map to the same few sets of the first-level cache.
struct Pieces {
  float* base;
  // 64 bits on WebAssembly too, where a size that does not fit must be told, not wrapped.
  int64_t used = 0;
  int count = 0;
  float* take(Index floats, Index times = 1) {
    float* piece = base + used;
    used += ((int64_t)floats * times + 15) / 16 * 16 + 16 * (count++ % 7 + 1);
    return piece;
  }
};

struct RecurrentLayout {
  RecurrentShape shape;
  Gates gates;
  // State: what is fed back, h or its projection. Padded sizes end in P. A step's gates are slots * hiddenP features.
  Index state, stateP, hiddenP, inputP, inputWidth, recurrentWidth;
  // Rows of an activation block: the batch, and one row to spare where its panels would lie a power of two apart.
  Index blockRows, panelStride, gateStride, gateStep, hiddenStep, stateStep;
  // Steps done together, and how many steps' blocks there are (all of them for training).
  Index group, gateSteps, stateSteps, hiddenSteps;
  // Whether x W is computed once per row of x and gathered, instead of once per position.
  bool deduplicated;
  Index tableStride;

  explicit RecurrentLayout(const RecurrentShape& s) : shape(s), gates(gatesOf(s.cell)) {
    state = s.projection ? s.projection : s.hidden;
    stateP = padded(state);
    hiddenP = padded(s.hidden);
    inputP = padded(s.input);
    inputWidth = gates.inputGates * hiddenP;
    recurrentWidth = gates.recurrentGates * hiddenP;
    blockRows = s.batch % 16 == 0 ? s.batch + 1 : s.batch;
    panelStride = blockRows * PANEL;
    gateStride = blockRows * hiddenP;
    gateStep = gates.slots * gateStride;
    hiddenStep = blockRows * hiddenP;
    stateStep = blockRows * stateP;
    group = most(1, least(s.time, STEP_ROWS / most(1, s.batch)));
    gateSteps = s.training ? s.time : group;
    stateSteps = s.training ? s.time + 1 : 2;
    hiddenSteps = s.training ? s.time : 1;
    deduplicated = s.indexed && 4 * s.rows <= 3 * s.batch * s.time;
    tableStride = inputWidth + 16;
  }

  Index slotOffset(int slot) const { return slot * gateStride; }
};

// What a forward pass leaves for its backward pass. Row r of every block is sequence order[r]; sequences are sorted by
// length, longest first, so that the rows still running at a step are the first active[step].
struct Reserve {
  int32_t *order, *lengths, *active;
  float *gates, *states, *cells, *tanhCells, *unprojected;
  int64_t bytes;

  Reserve(const RecurrentLayout& layout, float* memory) {
    const RecurrentShape& s = layout.shape;
    Pieces pieces{memory};
    order = (int32_t*)pieces.take(s.batch);
    lengths = (int32_t*)pieces.take(s.batch);
    active = (int32_t*)pieces.take(s.time + 1);
    gates = pieces.take(layout.gateSteps, layout.gateStep);
    states = pieces.take(layout.stateSteps, layout.stateStep);
    cells = s.cell == LSTM ? pieces.take(layout.stateSteps, layout.hiddenStep) : nullptr;
    tanhCells = s.cell == LSTM ? pieces.take(layout.hiddenSteps, layout.hiddenStep) : nullptr;
    unprojected = s.projection ? pieces.take(layout.hiddenSteps, layout.hiddenStep) : nullptr;
    bytes = pieces.used * (int64_t)sizeof(float);
  }
};

// Working memory of either pass; the two overlay each other.
struct Scratch {
  // Forward: packed weights, summed biases [slots * hiddenP], x W per row of x, panels of x. In the backward pass the
  // table holds the gate gradients summed per row of x.
  float *inputWeights, *recurrentWeights, *projectionWeights, *bias, *table, *xBlocks;
  // Where in the table each row's input is, for the current step and the next: [2][batch].
  Index* tableOffsets;
  // Backward, besides: gradients of the state, of c and of the unprojected h; packed gradients of the weights, sums
  // for the biases, a block of gate gradients and panels of dx.
  float *dh, *dc, *dUnprojected, *dInputWeights, *dRecurrentWeights, *dProjectionWeights, *dBias, *tableBlock, *dxBlocks;
  int64_t bytes;

  Scratch(const RecurrentLayout& layout, float* memory) {
    const RecurrentShape& s = layout.shape;
    Pieces pieces{memory};
    const Index blockRows = layout.deduplicated ? TABLE_ROWS : layout.group * layout.blockRows;
    inputWeights = pieces.take(layout.inputWidth, layout.inputP);
    recurrentWeights = pieces.take(layout.recurrentWidth, layout.stateP);
    projectionWeights = s.projection ? pieces.take(layout.stateP, layout.hiddenP) : nullptr;
    bias = pieces.take(layout.gates.slots * layout.hiddenP);
    table = layout.deduplicated ? pieces.take(s.rows, layout.tableStride) : nullptr;
    xBlocks = pieces.take(blockRows, layout.inputP);
    tableOffsets = (Index*)pieces.take(layout.deduplicated ? 2 * s.batch * (Index)(sizeof(Index) / sizeof(float)) : 0);
    dh = dc = dUnprojected = dInputWeights = dRecurrentWeights = dProjectionWeights = dBias = tableBlock = dxBlocks =
        nullptr;
    if (s.training) {
      dh = pieces.take(layout.stateStep);
      dc = pieces.take(layout.hiddenStep);
      dUnprojected = pieces.take(layout.hiddenStep);
      dInputWeights = pieces.take(layout.inputWidth, layout.inputP);
      dRecurrentWeights = pieces.take(layout.recurrentWidth, layout.stateP);
      dProjectionWeights = s.projection ? pieces.take(layout.stateP, layout.hiddenP) : nullptr;
      dBias = pieces.take(layout.gates.slots * layout.hiddenP);
      tableBlock = layout.deduplicated ? pieces.take(TABLE_ROWS * layout.inputWidth) : nullptr;
      dxBlocks = pieces.take(blockRows, layout.inputP);
    }
    bytes = pieces.used * (int64_t)sizeof(float);
  }
};

static int64_t recurrentReserveBytes(const RecurrentShape& shape) { return Reserve(RecurrentLayout(shape), nullptr).bytes; }
static int64_t recurrentScratchBytes(const RecurrentShape& shape) { return Scratch(RecurrentLayout(shape), nullptr).bytes; }

// Which element of [B, T, .] row r of a block is at a step: the reverse direction starts at a sequence's own last step.
struct Positions {
  const RecurrentShape& shape;
  const int32_t *order, *lengths, *index;

  Index position(Index row, Index step) const {
    const Index time = shape.reverse ? lengths[row] - 1 - step : step;
    return order[row] * shape.time + time;
  }
  Index xRow(Index row, Index step) const {
    const Index at = position(row, step);
    return index ? index[at] : at;
  }
};

// Where in the table the rows of a step find their input, and those of the step to come.
struct TablePlaces {
  const RecurrentLayout& layout;
  float* table;
  Index *now, *next;

  TablePlaces(const RecurrentLayout& layout, const Scratch& scratch)
      : layout(layout), table(scratch.table), now(scratch.tableOffsets), next(now + layout.shape.batch) {}

  // Looks up the rows of a coming step.
  void look(const Positions& positions, Index step, Index rows) {
    for (Index row = 0; row < rows; row++) next[row] = positions.xRow(row, step) * layout.tableStride;
  }
  void advance() {
    Index* free = now;
    now = next;
    next = free;
  }
  // The table's row for a row of a step's block, once the next step's has been asked for.
  float* rowOf(Index row) const {
    for (Index n = 0; n < layout.inputWidth; n += LINE) prefetch(table + next[row] + n);
    return table + now[row];
  }
};

}  // namespace VARIANT
}  // namespace sweepline
