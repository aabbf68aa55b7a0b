// Optimizer steps in place, in one pass over parameters and moments, as torch.optim defines them. A parameter is
// [rows, width]; with `ids` only those rows have a gradient, and the others take the same step with a gradient of 0.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

enum Rule { SGD = 0, ADAM = 1, ADAMW = 2, RMSPROP = 3, ADAGRAD = 4 };

struct OptimizerStep {
  int rule;
  Index rows, width;
  float* parameter;
  const float* gradient;
  // Row ids[u] has row u of `gradient`; ascending.
  const int32_t* ids;
  Index count;
  // The rule's own: momentum buffer, or first moment; square average, or second moment.
  float *first, *second;
  double learningRate, weightDecay, gradientScale, clipValue;
  // Momentum or beta1; alpha or beta2.
  double decay1, decay2, epsilon, step;
  bool nesterov;
};

// x^n for a whole n.
static inline double power(double x, double n) {
  double result = 1;
  for (uint64_t left = (uint64_t)n; left > 0; left >>= 1, x *= x)
    if (left & 1) result *= x;
  return result;
}

// A step's numbers as the vectors that its rule needs.
struct StepFactors {
  Vector rate, weightDecay, shrink, scale, clip, decay1, take1, decay2, take2, root, epsilon;

  explicit StepFactors(const OptimizerStep& s) {
    const bool adam = s.rule == ADAM || s.rule == ADAMW;
    rate = splat((float)(adam ? s.learningRate / (1 - power(s.decay1, s.step)) : s.learningRate));
    weightDecay = splat((float)(s.rule == ADAMW ? 0 : s.weightDecay));
    shrink = splat((float)(s.rule == ADAMW ? 1 - s.learningRate * s.weightDecay : 1));
    scale = splat((float)s.gradientScale);
    clip = splat((float)s.clipValue);
    decay1 = splat((float)s.decay1);
    take1 = splat((float)(1 - s.decay1));
    decay2 = splat((float)s.decay2);
    take2 = splat((float)(1 - s.decay2));
    root = splat(adam ? 1.f / __builtin_sqrtf((float)(1 - power(s.decay2, s.step))) : 1.f);
    epsilon = splat((float)s.epsilon);
  }
};

// A moment whose parameter has no gradient decays, and rounding would hold it for ever just above zero, among the numbers
// that some processors take a hundred cycles for. The addon sets the processor to make them zero; WebAssembly cannot.
INLINE void storeMoment(float* p, Vector moment, int lanes) {
#if defined(__wasm__)
  moment = flushedBelow(0x1p-126f, moment);
#endif
  storePart(p, moment, lanes);
}

template <int RULE, bool MOMENTUM, bool NESTEROV>
INLINE Vector updated(const StepFactors& f, Vector w, Vector g, float* first, float* second, int lanes) {
  g = larger(splat(0.f) - f.clip, smaller(f.clip, g * f.scale)) + f.weightDecay * w;
  if constexpr (RULE == SGD) {
    if constexpr (!MOMENTUM) return w - f.rate * g;
    const Vector m = f.decay1 * loadPart(first, lanes) + g;
    storeMoment(first, m, lanes);
    return w - f.rate * (NESTEROV ? g + f.decay1 * m : m);
  } else if constexpr (RULE == ADAM || RULE == ADAMW) {
    const Vector m = f.decay1 * loadPart(first, lanes) + f.take1 * g;
    const Vector v = f.decay2 * loadPart(second, lanes) + f.take2 * g * g;
    storeMoment(first, m, lanes);
    storeMoment(second, v, lanes);
    return (RULE == ADAMW ? w * f.shrink : w) - f.rate * m / (squareRoot(v) * f.root + f.epsilon);
  } else if constexpr (RULE == RMSPROP) {
    const Vector v = f.decay2 * loadPart(second, lanes) + f.take2 * g * g;
    storeMoment(second, v, lanes);
    const Vector update = g / (squareRoot(v) + f.epsilon);
    if constexpr (!MOMENTUM) return w - f.rate * update;
    const Vector m = f.decay1 * loadPart(first, lanes) + update;
    storeMoment(first, m, lanes);
    return w - f.rate * m;
  } else {
    const Vector v = loadPart(second, lanes) + g * g;
    storeMoment(second, v, lanes);
    return w - f.rate * g / (squareRoot(v) + f.epsilon);
  }
}

template <int RULE, bool MOMENTUM, bool NESTEROV>
static void stepRows(const OptimizerStep& s) {
  const StepFactors factors(s);
  Index next = 0;
  for (Index row = 0; row < s.rows; row++) {
    const Index at = row * s.width;
    const bool present = !s.ids || (next < s.count && s.ids[next] == row);
    const float* gradient = present ? s.gradient + next++ * s.width : nullptr;
    overVectors(s.width, [&](Index n, int lanes) {
      float* w = s.parameter + at + n;
      const Vector g = gradient ? loadPart(gradient + n, lanes) : splat(0.f);
      storePart(w, updated<RULE, MOMENTUM, NESTEROV>(factors, loadPart(w, lanes), g, s.first + at + n,
                                                     s.second + at + n, lanes), lanes);
    });
  }
}

static void optimizerStep(const OptimizerStep& s) {
  const bool momentum = s.decay1 != 0;
  if (s.rule == ADAM) return stepRows<ADAM, true, false>(s);
  if (s.rule == ADAMW) return stepRows<ADAMW, true, false>(s);
  if (s.rule == ADAGRAD) return stepRows<ADAGRAD, false, false>(s);
  if (s.rule == RMSPROP) return momentum ? stepRows<RMSPROP, true, false>(s) : stepRows<RMSPROP, false, false>(s);
  if (!momentum) return stepRows<SGD, false, false>(s);
  return s.nesterov ? stepRows<SGD, true, true>(s) : stepRows<SGD, true, false>(s);
}

}  // namespace VARIANT
}  // namespace sweepline
