// The forward pass of one direction of one recurrent layer.
#pragma once
#include "recurrent-layout.h"

namespace sweepline {
namespace VARIANT {

struct RecurrentResults {
  float *output, *h_n, *c_n;
  Index outputStride;
};

static Index sortSequences(const RecurrentShape& shape, const int32_t* given, const Reserve& reserve);
static void packForward(const RecurrentLayout&, const RecurrentOperands&, const Scratch&);
static void projectTable(const RecurrentLayout&, const RecurrentOperands&, const Scratch&);
static void projectSteps(const RecurrentLayout&, const RecurrentOperands&, const Reserve&, const Scratch&,
                         const Positions&, Index first, Index count);
static void startGate(const RecurrentLayout&, const Reserve&, const Scratch&, const TablePlaces&, Index step, Index rows,
                      int slot, Index n, bool multiply);
static void cellForward(const RecurrentLayout&, const Reserve&, Index step, Index rows, Index n);

static void recurrentForward(const RecurrentShape& shape, const RecurrentOperands& in, const RecurrentResults& out) {
  const RecurrentLayout layout(shape);
  const Reserve reserve(layout, in.reserve);
  const Scratch scratch(layout, in.scratch);
  const Positions positions{shape, reserve.order, reserve.lengths, in.index};
  const Index steps = sortSequences(shape, in.lengths, reserve);

  packForward(layout, in, scratch);
  if (layout.deduplicated) projectTable(layout, in, scratch);
  fillZero(reserve.states, layout.stateStep);
  if (in.h0)
    packRows<false>(shape.batch, layout.state, reserve.states, layout.blockRows,
                    [&](Index row) { return in.h0 + reserve.order[row] * layout.state; });
  if (reserve.cells) {
    fillZero(reserve.cells, layout.hiddenStep);
    if (in.c0)
      packRows<false>(shape.batch, shape.hidden, reserve.cells, layout.blockRows,
                      [&](Index row) { return in.c0 + reserve.order[row] * shape.hidden; });
  }
  if (out.output && in.lengths)
    for (Index at = 0; at < shape.batch * shape.time; at++) fillZero(out.output + at * out.outputStride, layout.state);

  // The final state of the rows that end before `step`, from the block that the step starts from.
  const auto finish = [&](Index step, Index from, Index to) {
    const Index slot = step % layout.stateSteps;
    const auto write = [&](const float* block, float* target, Index width) {
      if (target)
        unpackRows<false>(to - from, width, block + from * PANEL, layout.blockRows,
                          [&](Index row) { return target + reserve.order[from + row] * width; });
    };
    write(reserve.states + slot * layout.stateStep, out.h_n, layout.state);
    if (reserve.cells) write(reserve.cells + slot * layout.hiddenStep, out.c_n, shape.hidden);
  };
  finish(0, steps > 0 ? reserve.active[0] : 0, shape.batch);

  TablePlaces places(layout, scratch);
  if (layout.deduplicated && steps > 0) places.look(positions, 0, reserve.active[0]);
  const auto lookAhead = [&](Index step) {
    places.advance();
    const Index coming = least(step + 1, steps - 1);
    places.look(positions, coming, reserve.active[coming]);
  };
  for (Index step = 0; step < steps; step++) {
    const Index rows = reserve.active[step];
    if (layout.deduplicated) {
      lookAhead(step);
      // Where no row can be asked for before a product starts from it, all are copied at once: their cache misses overlap.
      if (!CAN_PREFETCH)
        packRows<false>(rows, layout.inputWidth, reserve.gates + step % layout.gateSteps * layout.gateStep,
                        layout.blockRows, [&](Index row) { return places.rowOf(row); });
    } else if (step % layout.group == 0) {
      projectSteps(layout, in, reserve, scratch, positions, step, least(layout.group, steps - step));
    }
    // A panel of all gates at a time: the cell finds them in the first-level cache.
    for (Index n = 0; n < layout.hiddenP; n += PANEL) {
      for (int slot = 0; slot < layout.gates.slots; slot++)
        startGate(layout, reserve, scratch, places, step, rows, slot, n, step > 0 || in.h0);
      cellForward(layout, reserve, step, rows, n);
    }

    float* next = reserve.states + (step + 1) % layout.stateSteps * layout.stateStep;
    if (shape.projection)
      multiplyRows(rows, layout.stateP, layout.hiddenP, 1,
                   {reserve.unprojected + step % layout.hiddenSteps * layout.hiddenStep, layout.panelStride, 0},
                   scratch.projectionWeights, {next, layout.panelStride, 0}, PANEL, ZERO);
    if (out.output)
      unpackRows<false>(rows, layout.state, next, layout.blockRows,
                        [&](Index row) { return out.output + positions.position(row, step) * out.outputStride; });
    const Index running = reserve.active[step + 1];
    if (running < rows) finish(step + 1, running, rows);
  }
}

// Fills order, lengths and active; gives the number of steps that any sequence takes.
static Index sortSequences(const RecurrentShape& shape, const int32_t* given, const Reserve& reserve) {
  const auto lengthOf = [&](Index b) { return given ? most(0, least(given[b], shape.time)) : shape.time; };
  Index rows = 0;
  for (Index length = shape.time; length >= 0; length--) {
    reserve.active[length] = (int32_t)rows;
    if (rows == shape.batch) continue;
    for (Index b = 0; b < shape.batch; b++)
      if (lengthOf(b) == length) {
        reserve.order[rows] = (int32_t)b;
        reserve.lengths[rows++] = (int32_t)length;
      }
  }
  return shape.batch > 0 ? reserve.lengths[0] : 0;
}

// Packs the weights, and sums the biases that one slot receives.
static void packForward(const RecurrentLayout& layout, const RecurrentOperands& in, const Scratch& scratch) {
  const RecurrentShape& shape = layout.shape;
  const Gates& gates = layout.gates;
  packWeights(gates.inputGates, gates.inputOrder, shape.hidden, shape.input, in.weight_ih, scratch.inputWeights);
  packWeights(gates.recurrentGates, gates.recurrentOrder, shape.hidden, layout.state, in.weight_hh,
              scratch.recurrentWeights);
  const int first[] = {0};
  if (shape.projection)
    packWeights(1, first, shape.projection, shape.hidden, in.weight_hr, scratch.projectionWeights);
  fillZero(scratch.bias, gates.slots * layout.hiddenP);
  const auto add = [&](const float* bias, int slot, int gate) {
    for (Index n = 0; bias && n < shape.hidden; n++) scratch.bias[slot * layout.hiddenP + n] += bias[gate * shape.hidden + n];
  };
  for (int k = 0; k < gates.inputGates; k++) add(in.bias_ih, k, gates.inputOrder[k]);
  for (int k = 0; k < gates.recurrentGates; k++) add(in.bias_hh, gates.recurrentSlot + k, gates.recurrentOrder[k]);
}

// table[row] = x[row] W + bias, row-major, for every row of x.
static void projectTable(const RecurrentLayout& layout, const RecurrentOperands& in, const Scratch& scratch) {
  const RecurrentShape& shape = layout.shape;
  for (Index first = 0; first < shape.rows; first += TABLE_ROWS) {
    const Index rows = least(TABLE_ROWS, shape.rows - first);
    packRows<false>(rows, shape.input, scratch.xBlocks, TABLE_ROWS,
                    [&](Index row) { return in.x + (first + row) * shape.input; });
    float* table = scratch.table + first * layout.tableStride;
    multiplyRows(rows, layout.inputWidth, layout.inputP, 1, {scratch.xBlocks, TABLE_ROWS * PANEL, 0},
                 scratch.inputWeights, {table, PANEL, 0}, layout.tableStride, biased(scratch.bias));
  }
}

// Pre-activations of one panel of a gate: the input's share, from the table where there is one, and the recurrent one.
static void startGate(const RecurrentLayout& layout, const Reserve& reserve, const Scratch& scratch,
                      const TablePlaces& places, Index step, Index rows, int slot, Index n, bool multiply) {
  const Gates& kinds = layout.gates;
  const Index panelAt = n / PANEL * layout.panelStride;
  const int gate = slot - kinds.recurrentSlot;
  const bool recurrent = multiply && gate >= 0 && gate < kinds.recurrentGates;
  const float* state = reserve.states + step % layout.stateSteps * layout.stateStep;
  float* out = reserve.gates + step % layout.gateSteps * layout.gateStep + layout.slotOffset(slot) + panelAt;
  const auto add = [&](auto start) {
    multiplyPanel(rows, recurrent ? layout.stateP / PANEL : 0, state, layout.panelStride,
                  scratch.recurrentWeights + (gate * layout.hiddenP + n) * layout.stateP, out, PANEL, start);
  };
  const Index column = slot * layout.hiddenP + n;
  if (slot >= kinds.inputGates) {
    add(Rows{scratch.bias + column, 0});
  } else if (layout.deduplicated && CAN_PREFETCH) {
    add(TableRows{scratch.table + column, places.now, places.next});
  } else if (recurrent) {
    add(Rows{out, PANEL});
  }
}

// Pre-activations of some steps, straight from the rows of x. Rows that have ended compute what nobody reads.
static void projectSteps(const RecurrentLayout& layout, const RecurrentOperands& in, const Reserve& reserve,
                         const Scratch& scratch, const Positions& positions, Index first, Index count) {
  const RecurrentShape& shape = layout.shape;
  const Index xStep = layout.blockRows * layout.inputP;
  float* gates = reserve.gates + first % layout.gateSteps * layout.gateStep;
  for (Index step = 0; step < count; step++) {
    const Index rows = reserve.active[first + step];
    packRows<false>(rows, shape.input, scratch.xBlocks + step * xStep, layout.blockRows,
                    [&](Index row) { return in.x + positions.xRow(row, first + step) * shape.input; });
  }
  multiplyRows(reserve.active[first], layout.inputWidth, layout.inputP, count,
               {scratch.xBlocks, layout.panelStride, xStep}, scratch.inputWeights,
               {gates, layout.panelStride, layout.gateStep}, PANEL, biased(scratch.bias));
}

static void cellForward(const RecurrentLayout& layout, const Reserve& reserve, Index step, Index rows, Index n) {
  const RecurrentShape& shape = layout.shape;
  const Index previous = step % layout.stateSteps, next = (step + 1) % layout.stateSteps;
  const Index panelAt = n / PANEL * layout.panelStride;
  const Index hiddenAt = step % layout.hiddenSteps * layout.hiddenStep + panelAt;
  float* gates = reserve.gates + step % layout.gateSteps * layout.gateStep + panelAt;
  const float* previousH = reserve.states + previous * layout.stateStep + panelAt;
  float* nextH = shape.projection ? reserve.unprojected + hiddenAt : reserve.states + next * layout.stateStep + panelAt;
  const Index count = rows * PANEL, stride = layout.gateStride;
  if (shape.cell == LSTM)
    lstmForward(count, gates, stride, reserve.cells + previous * layout.hiddenStep + panelAt,
                reserve.cells + next * layout.hiddenStep + panelAt, reserve.tanhCells + hiddenAt, nextH);
  else if (shape.cell == GRU)
    gruForward(count, gates, stride, previousH, nextH);
  else if (shape.cell == RNN_TANH)
    rnnForward<false>(count, gates, nextH);
  else
    rnnForward<true>(count, gates, nextH);
}

}  // namespace VARIANT
}  // namespace sweepline
