// The names by which TypeScript calls the kernels (src/engine/kernels/binding.ts has the same, and writes the
// arguments). Every entry reads its arguments, numbers and pointers alike, from one block of doubles.
#pragma once

#define SWEEPLINE_ENTRIES(ENTRY) \
  ENTRY(gemmScratchBytes)        \
  ENTRY(gemm)                    \
  ENTRY(recurrentReserveBytes)   \
  ENTRY(recurrentScratchBytes)   \
  ENTRY(recurrentForward)        \
  ENTRY(recurrentBackward)       \
  ENTRY(gatherRows)              \
  ENTRY(scatterAddRows)          \
  ENTRY(maxOverTime)             \
  ENTRY(maxOverTimeBackward)     \
  ENTRY(meanOverTime)            \
  ENTRY(meanOverTimeBackward)    \
  ENTRY(softmaxCrossEntropy)     \
  ENTRY(optimizerStep)           \
  ENTRY(sumOfSquares)            \
  ENTRY(sumOverRows)             \
  ENTRY(scale)                   \
  ENTRY(addInto)                 \
  ENTRY(multiplyAdds)            \
  ENTRY(dropoutMask)             \
  ENTRY(fillUniform)             \
  ENTRY(fillNormal)              \
  ENTRY(fillWords)               \
  ENTRY(philoxBlock)

namespace sweepline {

// One entry: arguments in, a number out (0 where there is none).
typedef double (*Entry)(const double* arguments);

struct NamedEntry {
  const char* name;
  Entry entry;
};

}  // namespace sweepline
