// Cross-entropy of softmax(logits) with class weights and label smoothing, as PyTorch defines them:
// loss = -sum_c q_c log p_c with q_c = w_c ((1 - smoothing) [c = label] + smoothing / C), and its gradient
// p_c sum_k q_k - q_c. Neither is divided by the rows' weights.
#pragma once
#include "functions.h"

namespace sweepline {
namespace VARIANT {

struct SoftmaxCrossEntropy {
  Index rows, classes;
  const float* logits;
  const int32_t* labels;
  const float* classWeights;
  double smoothing;
  float *losses, *gradient;
  int32_t* predictions;
};

// The largest of `count` values; NaN where the first is no number.
INLINE float largestOf(const float* x, Index count) {
  const Vector first = splat(x[0]);
  Vector lanes = first;
  overVectors(count, [&](Index i, int present) {
    const Vector v = loadPart(x + i, present);
    lanes = larger(lanes, firstOr(present, v, first));
  });
  float halves[WIDTH];
  store(halves, lanes);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++)
      halves[lane] = halves[lane + half] > halves[lane] ? halves[lane + half] : halves[lane];
  return halves[0];
}

// The first position of `value` among `count` values; 0 where it is not one of them.
static Index firstOf(float value, const float* x, Index count) {
  for (Index i = 0; i < count; i++)
    if (x[i] == value) return i;
  return 0;
}

// The sum of all lanes in double, by four sums that need not wait for each other.
INLINE double doubleSumOfLanes(Vector v) {
  double sums[4] = {};
  for (int lane = 0; lane < WIDTH; lane++) sums[lane % 4] += v[lane];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void softmaxCrossEntropy(const SoftmaxCrossEntropy& in) {
  const Index C = in.classes;
  double totalWeight = (double)C;
  if (in.classWeights) {
    totalWeight = 0;
    for (Index c = 0; c < C; c++) totalWeight += in.classWeights[c];
  }
  const double spread = in.smoothing / (double)C;
  for (Index row = 0; row < in.rows; row++) {
    const float* z = in.logits + row * C;
    const int32_t label = in.labels[row];
    const float largest = largestOf(z, C);
    if (in.predictions) in.predictions[row] = (int32_t)firstOf(largest, z, C);
    float* gradient = in.gradient ? in.gradient + row * C : nullptr;
    if (label < 0) {
      if (in.losses) in.losses[row] = 0;
      if (gradient) fillZero(gradient, C);
      continue;
    }
    // A NaN anywhere makes the sum NaN, hence the loss; so does a label that is no class.
    Vector sums = splat(0.f);
    double sum = 0;
    overVectors(C, [&](Index c, int lanes) {
      const Vector e = exponential(loadPart(z + c, lanes) - splat(largest));
      if (gradient) storePart(gradient + c, e, lanes);
      if (lanes == WIDTH)
        sums += e;
      else
        sum += doubleSumOfLanes(firstOr(lanes, e, splat(0.f)));
    });
    sum += doubleSumOfLanes(sums);
    const double logSum = label < C ? (double)largest + naturalLog(sum) : __builtin_nan("");
    const double own = (label < C && in.classWeights ? in.classWeights[label] : 1.0) * (1 - in.smoothing);
    const double mass = own + spread * totalWeight;
    if (in.losses) {
      double loss = label < C ? own * (logSum - z[label]) : logSum;
      if (in.smoothing != 0)
        for (Index c = 0; c < C; c++) loss += spread * (in.classWeights ? in.classWeights[c] : 1.f) * (logSum - z[c]);
      in.losses[row] = (float)loss;
    }
    if (!gradient) continue;
    const Vector factor = splat((float)(mass / sum));
    overVectors(C, [&](Index c, int lanes) {
      const Vector q = in.classWeights ? loadPart(in.classWeights + c, lanes) : splat(1.f);
      storePart(gradient + c, loadPart(gradient + c, lanes) * factor - q * splat((float)spread), lanes);
    });
    if (label < C) gradient[label] -= (float)own;
  }
}

}  // namespace VARIANT
}  // namespace sweepline
