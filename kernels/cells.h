// The pointwise part of each cell at one time step, over `count` floats of every gate (whole vectors, panel layout).
// `gates` holds the pre-activations of slot k at gates + k * gateStride; forward replaces them by what backward needs,
// backward replaces that by the gradients of the pre-activations. Zero in gives zero out: padding stays zero.
#pragma once
#include "functions.h"

namespace sweepline {
namespace VARIANT {

enum Cell { LSTM = 0, GRU = 1, RNN_TANH = 2, RNN_RELU = 3 };

// Where a cell's gates lie in a step's block of `slots` slots. The input's share of the pre-activations fills slots
// 0 .. inputGates - 1, the recurrent share is added to slots recurrentSlot .. recurrentSlot + recurrentGates - 1; the
// orders give PyTorch's gate for each. GRU keeps W_hn h apart (the reset gate multiplies it): slots n, r, z, hn.
struct Gates {
  int slots, inputGates, recurrentGates, recurrentSlot;
  int inputOrder[4], recurrentOrder[4];
};

INLINE Gates gatesOf(int cell) {
  if (cell == LSTM) return {4, 4, 4, 0, {0, 1, 2, 3}, {0, 1, 2, 3}};
  if (cell == GRU) return {4, 3, 3, 1, {2, 0, 1, 0}, {0, 1, 2, 0}};
  return {1, 1, 1, 0, {0, 0, 0, 0}, {0, 0, 0, 0}};
}

// One function at a time over a gate: together they need more registers than there are, and run half as fast again.
INLINE void sigmoidOf(Index count, float* x) {
  for (Index q = 0; q < count; q += WIDTH) store(x + q, sigmoid(load(x + q)));
}
INLINE void tanhOf(Index count, float* x) {
  for (Index q = 0; q < count; q += WIDTH) store(x + q, tanh(load(x + q)));
}

// c = f c' + i g, h = o tanh(c); tanhC keeps tanh(c).
INLINE void lstmForward(Index count, float* gates, Index gateStride, const float* previousC, float* nextC, float* tanhC,
                        float* nextH) {
  sigmoidOf(count, gates);
  sigmoidOf(count, gates + gateStride);
  tanhOf(count, gates + 2 * gateStride);
  sigmoidOf(count, gates + 3 * gateStride);
  for (Index q = 0; q < count; q += WIDTH) {
    const float* gate = gates + q;
    const Vector i = load(gate), f = load(gate + gateStride);
    const Vector g = load(gate + 2 * gateStride), o = load(gate + 3 * gateStride);
    const Vector c = f * load(previousC + q) + i * g;
    store(nextC + q, c);
    const Vector t = tanh(c);
    store(tanhC + q, t);
    store(nextH + q, o * t);
  }
}

// Gradients that vanish through time end at zero here, far above the numbers that some processors take a hundred cycles
// for (2^-126), so that those of the gates, which are smaller still, are no such numbers either.
constexpr float VANISHED = 0x1p-100f;
INLINE Vector loadGradient(const float* p) { return flushedBelow(VANISHED, load(p)); }

// dc comes in as the gradient of c from the next step and leaves as that of the previous c.
INLINE void lstmBackward(Index count, float* gates, Index gateStride, const float* previousC, const float* tanhC,
                         const float* dh, float* dc) {
  const Vector one = splat(1.f);
  for (Index q = 0; q < count; q += WIDTH) {
    float* gate = gates + q;
    const Vector i = load(gate), f = load(gate + gateStride);
    const Vector g = load(gate + 2 * gateStride), o = load(gate + 3 * gateStride);
    const Vector t = load(tanhC + q), d = loadGradient(dh + q);
    const Vector total = loadGradient(dc + q) + d * o * (one - t * t);
    store(gate, total * g * (i * (one - i)));
    store(gate + gateStride, total * load(previousC + q) * (f * (one - f)));
    store(gate + 2 * gateStride, total * i * (one - g * g));
    store(gate + 3 * gateStride, d * t * (o * (one - o)));
    store(dc + q, total * f);
  }
}

// n = tanh(x_n + r hn), h = n + z (h' - n).
INLINE void gruForward(Index count, float* gates, Index gateStride, const float* previousH, float* nextH) {
  sigmoidOf(count, gates + gateStride);
  sigmoidOf(count, gates + 2 * gateStride);
  for (Index q = 0; q < count; q += WIDTH) {
    float* gate = gates + q;
    const Vector r = load(gate + gateStride), z = load(gate + 2 * gateStride);
    const Vector n = tanh(load(gate) + r * load(gate + 3 * gateStride));
    store(gate, n);
    store(nextH + q, n + z * (load(previousH + q) - n));
  }
}

// dh leaves as its share that passes straight to the previous h.
INLINE void gruBackward(Index count, float* gates, Index gateStride, const float* previousH, float* dh) {
  const Vector one = splat(1.f);
  for (Index q = 0; q < count; q += WIDTH) {
    float* gate = gates + q;
    const Vector n = load(gate), r = load(gate + gateStride);
    const Vector z = load(gate + 2 * gateStride), hn = load(gate + 3 * gateStride);
    const Vector d = loadGradient(dh + q);
    const Vector dn = d * (one - z) * (one - n * n);
    store(gate, dn);
    store(gate + gateStride, dn * hn * (r * (one - r)));
    store(gate + 2 * gateStride, d * (load(previousH + q) - n) * (z * (one - z)));
    store(gate + 3 * gateStride, dn * r);
    store(dh + q, d * z);
  }
}

template <bool RELU>
INLINE void rnnForward(Index count, const float* gates, float* nextH) {
  for (Index q = 0; q < count; q += WIDTH) {
    const Vector x = load(gates + q);
    store(nextH + q, RELU ? relu(x) : tanh(x));
  }
}

template <bool RELU>
INLINE void rnnBackward(Index count, float* gates, const float* nextH, const float* dh) {
  for (Index q = 0; q < count; q += WIDTH) {
    const Vector y = load(nextH + q), d = loadGradient(dh + q);
    store(gates + q, RELU ? (y > splat(0.f) ? d : splat(0.f)) : d * (splat(1.f) - y * y));
  }
}

}  // namespace VARIANT
}  // namespace sweepline
