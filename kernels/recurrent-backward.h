// The backward pass of one direction of one recurrent layer. It turns the gates in `reserve` into gate gradients: blocks
// of their own, for the steps that are summed together, would only take up cache.
#pragma once
#include "recurrent-layout.h"

namespace sweepline {
namespace VARIANT {

struct RecurrentGradients {
  const float *d_output, *dh_n, *dc_n;
  Index outputStride;
  float *dx, *dh0, *dc0, *dweight_ih, *dweight_hh, *dbias_ih, *dbias_hh, *dweight_hr;
};

static void packBackward(const RecurrentLayout&, const RecurrentOperands&, const RecurrentGradients&, const Reserve&,
                         const Scratch&);
static bool vanish(const RecurrentLayout&, float* gradients, Index width, Index rows);
static void projectionBackward(const RecurrentLayout&, const Reserve&, const Scratch&, Index step, bool wanted);
static void cellBackward(const RecurrentLayout&, const Reserve&, const Scratch&, Index step, Index rows, Index n);
static void addToBiases(const RecurrentLayout&, const Reserve&, const Scratch&, Index step, Index rows, Index n);
static void sumSteps(const RecurrentLayout&, const RecurrentOperands&, const RecurrentGradients&, const Reserve&,
                     const Scratch&, const Positions&, Index first, Index count);
static void sumTable(const RecurrentLayout&, const RecurrentOperands&, const RecurrentGradients&, const Scratch&);
static void writeGradients(const RecurrentLayout&, const RecurrentGradients&, const Reserve&, const Scratch&);

// What the forward pass kept of a step to come, which lies in the third-level cache or beyond.
struct GatesAhead {
  const RecurrentLayout& layout;
  const Reserve& reserve;
  Index step;

  template <class Start>
  AskingAhead<Start> from(Start start, Index n) const {
    PanelsAhead ahead;
    const Index panelAt = n / PANEL * layout.panelStride;
    if (!layout.shape.projection) {  // which has fewer panels than the cell
      for (int slot = 0; slot < layout.gates.slots; slot++)
        ahead.add(reserve.gates + step * layout.gateStep + layout.slotOffset(slot) + panelAt);
      if (layout.shape.cell == LSTM) {
        ahead.add(reserve.cells + step * layout.hiddenStep + panelAt);
        ahead.add(reserve.tanhCells + step * layout.hiddenStep + panelAt);
      }
      ahead.add(reserve.states + step * layout.stateStep + panelAt);
    }
    return {start, ahead};
  }
};
INLINE auto gatesAhead(const RecurrentLayout& layout, const Reserve& reserve, Index step) {
  if constexpr (CAN_PREFETCH)
    return GatesAhead{layout, reserve, step};
  else
    return NothingAhead{};
}

static void recurrentBackward(const RecurrentShape& shape, const RecurrentOperands& in, const RecurrentGradients& out) {
  const RecurrentLayout layout(shape);
  const Reserve reserve(layout, in.reserve);
  const Scratch scratch(layout, in.scratch);
  const Positions positions{shape, reserve.order, reserve.lengths, in.index};
  const Gates& kinds = layout.gates;
  const Index steps = shape.batch > 0 ? reserve.lengths[0] : 0;
  const Base base = shape.cell == GRU ? HELD : ZERO;  // gruBackward leaves a share of dh to which the product is added

  packBackward(layout, in, out, reserve, scratch);
  TablePlaces places(layout, scratch);
  if (layout.deduplicated && steps > 0) places.look(positions, steps - 1, reserve.active[steps - 1]);
  const auto lookAhead = [&](Index step) {
    places.advance();
    const Index coming = most(step - 1, 0);
    places.look(positions, coming, reserve.active[coming]);
  };
  // Whether dx has a row of its own for each position, which is written once and not cleared before.
  const bool written = out.dx && !layout.deduplicated && !in.index && !in.lengths;
  Index pending = 0;
  for (Index step = steps - 1; step >= 0; step--) {
    const Index rows = reserve.active[step];
    if (out.d_output)
      packRows<true>(rows, layout.state, scratch.dh, layout.blockRows,
                     [&](Index row) { return out.d_output + positions.position(row, step) * out.outputStride; });
    if (layout.deduplicated) lookAhead(step);
    if (vanish(layout, scratch.dh, layout.stateP, rows) && vanish(layout, scratch.dc, layout.hiddenP, rows)) {
      if (pending > 0) sumSteps(layout, in, out, reserve, scratch, positions, step + 1, pending);
      pending = 0;
      if (written)
        for (Index row = 0; row < rows; row++) fillZero(out.dx + positions.position(row, step) * shape.input, shape.input);
      continue;
    }
    if (shape.projection) projectionBackward(layout, reserve, scratch, step, out.dweight_hr != nullptr);
    // A panel of all gates at a time: it is summed while it is in the first-level cache.
    for (Index n = 0; n < layout.hiddenP; n += PANEL) {
      cellBackward(layout, reserve, scratch, step, rows, n);
      addToBiases(layout, reserve, scratch, step, rows, n);
    }
    // Whole rows at once: their cache misses overlap.
    if (layout.deduplicated)
      unpackRows<true>(rows, layout.inputWidth, reserve.gates + step * layout.gateStep, layout.blockRows,
                       [&](Index row) { return places.rowOf(row); });
    if (step > 0 || out.dh0)
      multiplyRows(rows, layout.stateP, layout.recurrentWidth, 1,
                   {reserve.gates + step * layout.gateStep + layout.slotOffset(kinds.recurrentSlot), layout.panelStride, 0},
                   scratch.recurrentWeights, {scratch.dh, layout.panelStride, 0}, PANEL, base,
                   gatesAhead(layout, reserve, most(step - 1, 0)));
    // Steps with the same rows are summed together, a group at a time.
    pending++;
    if (step == 0 || pending == layout.group || reserve.active[step - 1] != rows) {
      sumSteps(layout, in, out, reserve, scratch, positions, step, pending);
      pending = 0;
    }
  }
  if (layout.deduplicated) sumTable(layout, in, out, scratch);
  writeGradients(layout, out, reserve, scratch);
}

// Packs the transposed weights, starts dh and dc from the final states' gradients and clears all sums.
static void packBackward(const RecurrentLayout& layout, const RecurrentOperands& in, const RecurrentGradients& out,
                         const Reserve& reserve, const Scratch& scratch) {
  const RecurrentShape& shape = layout.shape;
  const Gates& gates = layout.gates;
  const int first[] = {0};
  packTransposed(gates.recurrentGates, gates.recurrentOrder, shape.hidden, layout.state, in.weight_hh,
                 scratch.recurrentWeights);
  if (out.dx)
    packTransposed(gates.inputGates, gates.inputOrder, shape.hidden, shape.input, in.weight_ih, scratch.inputWeights);
  if (shape.projection)
    packTransposed(1, first, shape.projection, shape.hidden, in.weight_hr, scratch.projectionWeights);

  fillZero(scratch.dh, layout.stateStep);
  if (out.dh_n)
    packRows<false>(shape.batch, layout.state, scratch.dh, layout.blockRows,
                    [&](Index row) { return out.dh_n + reserve.order[row] * layout.state; });
  fillZero(scratch.dc, layout.hiddenStep);
  if (out.dc_n)
    packRows<false>(shape.batch, shape.hidden, scratch.dc, layout.blockRows,
                    [&](Index row) { return out.dc_n + reserve.order[row] * shape.hidden; });
  fillZero(scratch.dInputWeights, layout.inputWidth * layout.inputP);
  fillZero(scratch.dRecurrentWeights, layout.recurrentWidth * layout.stateP);
  if (shape.projection) fillZero(scratch.dProjectionWeights, layout.stateP * layout.hiddenP);
  fillZero(scratch.dBias, gates.slots * layout.hiddenP);
  if (layout.deduplicated)
    fillZero(scratch.table, shape.rows * layout.tableStride);
  else if (out.dx && (in.index || in.lengths))
    fillZero(out.dx, shape.rows * shape.input);
}

// Whether the gradients of a state have vanished in all rows that still run, where they become zero: no step before then has
// any, until its own output brings some.
static bool vanish(const RecurrentLayout& layout, float* gradients, Index width, Index rows) {
  const Index count = rows * PANEL;
  for (Index n = 0; n < width; n += PANEL) {
    const float* panel = gradients + n / PANEL * layout.panelStride;
    IntVector left = {};
    for (Index q = 0; q < count; q += WIDTH) left |= isAtLeast(load(panel + q), VANISHED);
    if (anyOf(left)) return false;
  }
  for (Index n = 0; n < width; n += PANEL) fillZero(gradients + n / PANEL * layout.panelStride, count);
  return true;
}

// From the gradient of the projected state to that of the unprojected one, and the projection's own.
static void projectionBackward(const RecurrentLayout& layout, const Reserve& reserve, const Scratch& scratch, Index step,
                               bool wanted) {
  const Index rows = reserve.active[step];
  const Block dh{scratch.dh, layout.panelStride, 0};
  const Block h{reserve.unprojected + step * layout.hiddenStep, layout.panelStride, 0};
  if (wanted)
    multiplyOverRows(layout.shape.hidden, layout.stateP, rows, 1, h, dh, scratch.dProjectionWeights, true);
  multiplyRows(rows, layout.hiddenP, layout.stateP, 1, dh, scratch.projectionWeights,
               {scratch.dUnprojected, layout.panelStride, 0}, PANEL, ZERO);
}

// The gate gradients of one panel of a step.
static void cellBackward(const RecurrentLayout& layout, const Reserve& reserve, const Scratch& scratch, Index step,
                         Index rows, Index n) {
  const RecurrentShape& shape = layout.shape;
  const Index panelAt = n / PANEL * layout.panelStride;
  const Index hiddenAt = step * layout.hiddenStep + panelAt;
  float* gates = reserve.gates + step * layout.gateStep + panelAt;
  const float* previousH = reserve.states + step * layout.stateStep + panelAt;
  float* dh = (shape.projection ? scratch.dUnprojected : scratch.dh) + panelAt;
  const Index count = rows * PANEL, stride = layout.gateStride;
  if (shape.cell == LSTM)
    lstmBackward(count, gates, stride, reserve.cells + hiddenAt, reserve.tanhCells + hiddenAt, dh,
                 scratch.dc + panelAt);
  else if (shape.cell == GRU)
    gruBackward(count, gates, stride, previousH, dh);
  else if (shape.cell == RNN_TANH)
    rnnBackward<false>(count, gates, previousH + layout.stateStep, dh);
  else
    rnnBackward<true>(count, gates, previousH + layout.stateStep, dh);
}

// Adds one panel of a step's gate gradients to the biases' of the slots that no table will sum.
static void addToBiases(const RecurrentLayout& layout, const Reserve& reserve, const Scratch& scratch, Index step,
                        Index rows, Index n) {
  const float* gradients = reserve.gates + step * layout.gateStep + n / PANEL * layout.panelStride;
  const int first = layout.deduplicated ? layout.gates.inputGates : 0;
  for (int slot = first; slot < layout.gates.slots; slot++)
    addRowSums(rows, PANEL, gradients + layout.slotOffset(slot), layout.blockRows,
               scratch.dBias + slot * layout.hiddenP + n);
}

// Adds what steps first .. first + count - 1 give to the weights' gradients and, without a table, to dx.
static void sumSteps(const RecurrentLayout& layout, const RecurrentOperands& in, const RecurrentGradients& out,
                     const Reserve& reserve, const Scratch& scratch, const Positions& positions, Index first,
                     Index count) {
  const RecurrentShape& shape = layout.shape;
  const Index rows = reserve.active[first];
  float* gates = reserve.gates + first * layout.gateStep;
  const Block input{gates, layout.panelStride, layout.gateStep};
  const Block recurrent{gates + layout.slotOffset(layout.gates.recurrentSlot), layout.panelStride, layout.gateStep};
  if (out.dweight_hh)
    multiplyOverRows(layout.state, layout.recurrentWidth, rows, count,
                     {reserve.states + first * layout.stateStep, layout.panelStride, layout.stateStep}, recurrent,
                     scratch.dRecurrentWeights, true);
  if (layout.deduplicated) return;

  const Index xStep = layout.blockRows * layout.inputP;
  if (out.dweight_ih) {
    for (Index step = 0; step < count; step++)
      packRows<false>(rows, shape.input, scratch.xBlocks + step * xStep, layout.blockRows,
                      [&](Index row) { return in.x + positions.xRow(row, first + step) * shape.input; });
    multiplyOverRows(shape.input, layout.inputWidth, rows, count, {scratch.xBlocks, layout.panelStride, xStep}, input,
                     scratch.dInputWeights, true);
  }
  if (!out.dx) return;
  multiplyRows(rows, layout.inputP, layout.inputWidth, count, input, scratch.inputWeights,
               {scratch.dxBlocks, layout.panelStride, xStep}, PANEL, ZERO);
  for (Index step = 0; step < count; step++) {
    const float* block = scratch.dxBlocks + step * xStep;
    const auto target = [&](Index row) { return out.dx + positions.xRow(row, first + step) * shape.input; };
    if (in.index)
      unpackRows<true>(rows, shape.input, block, layout.blockRows, target);
    else
      unpackRows<false>(rows, shape.input, block, layout.blockRows, target);
  }
}

// The table now holds the gate gradients summed per row of x: two products over its rows give dW and dx.
static void sumTable(const RecurrentLayout& layout, const RecurrentOperands& in, const RecurrentGradients& out,
                     const Scratch& scratch) {
  const RecurrentShape& shape = layout.shape;
  const Block gradients{scratch.tableBlock, TABLE_ROWS * PANEL, 0};
  for (Index first = 0; first < shape.rows; first += TABLE_ROWS) {
    const Index rows = least(TABLE_ROWS, shape.rows - first);
    packRows<false>(rows, layout.inputWidth, gradients.data, TABLE_ROWS,
                    [&](Index row) { return scratch.table + (first + row) * layout.tableStride; });
    addRowSums(rows, layout.inputWidth, gradients.data, TABLE_ROWS, scratch.dBias);
    if (out.dweight_ih) {
      packRows<false>(rows, shape.input, scratch.xBlocks, TABLE_ROWS,
                      [&](Index row) { return in.x + (first + row) * shape.input; });
      multiplyOverRows(shape.input, layout.inputWidth, rows, 1, {scratch.xBlocks, TABLE_ROWS * PANEL, 0}, gradients,
                       scratch.dInputWeights, true);
    }
    if (!out.dx) continue;
    multiplyRows(rows, layout.inputP, layout.inputWidth, 1, gradients, scratch.inputWeights,
                 {scratch.dxBlocks, TABLE_ROWS * PANEL, 0}, PANEL, ZERO);
    unpackRows<false>(rows, shape.input, scratch.dxBlocks, TABLE_ROWS,
                      [&](Index row) { return out.dx + (first + row) * shape.input; });
  }
}

static void writeGradients(const RecurrentLayout& layout, const RecurrentGradients& out, const Reserve& reserve,
                           const Scratch& scratch) {
  const RecurrentShape& shape = layout.shape;
  const Gates& gates = layout.gates;
  const int first[] = {0};
  if (out.dweight_ih)
    unpackWeights(gates.inputGates, gates.inputOrder, shape.hidden, shape.input, scratch.dInputWeights, out.dweight_ih);
  if (out.dweight_hh)
    unpackWeights(gates.recurrentGates, gates.recurrentOrder, shape.hidden, layout.state, scratch.dRecurrentWeights,
                  out.dweight_hh);
  if (out.dweight_hr)
    unpackWeights(1, first, shape.projection, shape.hidden, scratch.dProjectionWeights, out.dweight_hr);
  const auto bias = [&](float* target, int slot, int gate) {
    if (target) copy(target + gate * shape.hidden, scratch.dBias + slot * layout.hiddenP, shape.hidden);
  };
  for (int k = 0; k < gates.inputGates; k++) bias(out.dbias_ih, k, gates.inputOrder[k]);
  for (int k = 0; k < gates.recurrentGates; k++) bias(out.dbias_hh, gates.recurrentSlot + k, gates.recurrentOrder[k]);
  if (out.dh0)
    unpackRows<false>(shape.batch, layout.state, scratch.dh, layout.blockRows,
                      [&](Index row) { return out.dh0 + reserve.order[row] * layout.state; });
  if (out.dc0)
    unpackRows<false>(shape.batch, shape.hidden, scratch.dc, layout.blockRows,
                      [&](Index row) { return out.dc0 + reserve.order[row] * shape.hidden; });
}

}  // namespace VARIANT
}  // namespace sweepline
