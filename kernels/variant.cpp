// One variant of the kernels, behind the entries of entries.h. scripts/build-kernels.js compiles this file once per
// variant, with VARIANT and the sizes of vector.h defined.
#include "entries.h"

#include "gemm.h"
#include "losses.h"
#include "normals.h"
#include "optimizers.h"
#include "peak.h"
#include "philox.h"
#include "pooling.h"
#include "recurrent-backward.h"
#include "recurrent-forward.h"
#include "reductions.h"
#include "rows.h"

namespace sweepline {
namespace VARIANT {

// Reads arguments in order. Braced initialisers below rely on C++ evaluating them from left to right.
struct Arguments {
  const double* next;

  Index count() { return (Index)*next++; }
  int small() { return (int)*next++; }
  bool flag() { return *next++ != 0; }
  double number() { return *next++; }
  // Words of keys arrive as signed or unsigned 32-bit values.
  uint32_t word() { return (uint32_t)(int64_t)*next++; }
  float* floats() { return (float*)(uintptr_t)*next++; }
  int32_t* ints() { return (int32_t*)(uintptr_t)*next++; }
};

static RecurrentShape readShape(Arguments& a) {
  return {a.small(), a.count(), a.count(), a.count(), a.count(), a.count(), a.count(), a.flag(), a.flag(), a.flag()};
}
static RecurrentOperands readOperands(Arguments& a) {
  return {a.floats(), a.floats(), a.floats(), a.floats(), a.floats(), a.floats(),
          a.floats(), a.floats(), a.ints(),   a.ints(),   a.floats(), a.floats()};
}
static Pool readPool(Arguments& a) { return {a.count(), a.count(), a.count(), a.ints()}; }
static Stream readStream(Arguments& a) { return {a.word(), a.word(), a.word()}; }

namespace entries {

static double gemmScratchBytes(const double*) { return (double)VARIANT::gemmScratchBytes(); }

static double gemm(const double* arguments) {
  Arguments a{arguments};
  const Gemm g{a.count(),
               a.count(),
               a.count(),
               {a.floats(), a.count(), a.count()},
               {a.floats(), a.count(), a.count()},
               a.floats(),
               a.count(),
               a.flag(),
               a.floats(),
               a.small(),
               a.floats()};
  VARIANT::gemm(g);
  return 0;
}

static double recurrentReserveBytes(const double* arguments) {
  Arguments a{arguments};
  return (double)VARIANT::recurrentReserveBytes(readShape(a));
}

static double recurrentScratchBytes(const double* arguments) {
  Arguments a{arguments};
  return (double)VARIANT::recurrentScratchBytes(readShape(a));
}

static double recurrentForward(const double* arguments) {
  Arguments a{arguments};
  const RecurrentShape shape = readShape(a);
  const RecurrentOperands operands = readOperands(a);
  VARIANT::recurrentForward(shape, operands, {a.floats(), a.floats(), a.floats(), a.count()});
  return 0;
}

static double recurrentBackward(const double* arguments) {
  Arguments a{arguments};
  const RecurrentShape shape = readShape(a);
  const RecurrentOperands operands = readOperands(a);
  VARIANT::recurrentBackward(shape, operands,
                             {a.floats(), a.floats(), a.floats(), a.count(), a.floats(), a.floats(), a.floats(),
                              a.floats(), a.floats(), a.floats(), a.floats(), a.floats()});
  return 0;
}

static double gatherRows(const double* arguments) {
  Arguments a{arguments};
  const Index count = a.count(), width = a.count();
  const float* table = a.floats();
  const int32_t* ids = a.ints();
  VARIANT::gatherRows(count, width, table, ids, a.floats());
  return 0;
}

static double scatterAddRows(const double* arguments) {
  Arguments a{arguments};
  const Index count = a.count(), width = a.count();
  float* table = a.floats();
  const int32_t* ids = a.ints();
  VARIANT::scatterAddRows(count, width, table, ids, a.floats());
  return 0;
}

static double maxOverTime(const double* arguments) {
  Arguments a{arguments};
  const Pool pool = readPool(a);
  const float* input = a.floats();
  float* output = a.floats();
  VARIANT::maxOverTime(pool, input, output, a.ints());
  return 0;
}

static double maxOverTimeBackward(const double* arguments) {
  Arguments a{arguments};
  const Pool pool = readPool(a);
  const float* outputGradient = a.floats();
  const int32_t* position = a.ints();
  VARIANT::maxOverTimeBackward(pool, outputGradient, position, a.floats());
  return 0;
}

static double meanOverTime(const double* arguments) {
  Arguments a{arguments};
  const Pool pool = readPool(a);
  const float* input = a.floats();
  VARIANT::meanOverTime(pool, input, a.floats());
  return 0;
}

static double meanOverTimeBackward(const double* arguments) {
  Arguments a{arguments};
  const Pool pool = readPool(a);
  const float* outputGradient = a.floats();
  VARIANT::meanOverTimeBackward(pool, outputGradient, a.floats());
  return 0;
}

static double softmaxCrossEntropy(const double* arguments) {
  Arguments a{arguments};
  VARIANT::softmaxCrossEntropy({a.count(), a.count(), a.floats(), a.ints(), a.floats(), a.number(), a.floats(),
                                a.floats(), a.ints()});
  return 0;
}

static double optimizerStep(const double* arguments) {
  Arguments a{arguments};
  VARIANT::optimizerStep({a.small(), a.count(), a.count(), a.floats(), a.floats(), a.ints(), a.count(), a.floats(),
                          a.floats(), a.number(), a.number(), a.number(), a.number(), a.number(), a.number(),
                          a.number(), a.number(), a.flag()});
  return 0;
}

static double sumOfSquares(const double* arguments) {
  Arguments a{arguments};
  const Index count = a.count();
  return VARIANT::sumOfSquares(count, a.floats());
}

static double sumOverRows(const double* arguments) {
  Arguments a{arguments};
  const Index rows = a.count(), width = a.count();
  const float* x = a.floats();
  VARIANT::sumOverRows(rows, width, x, a.floats());
  return 0;
}

static double scale(const double* arguments) {
  Arguments a{arguments};
  const Index count = a.count();
  float* x = a.floats();
  VARIANT::scale(count, x, (float)a.number());
  return 0;
}

static double addInto(const double* arguments) {
  Arguments a{arguments};
  const Index count = a.count();
  float* target = a.floats();
  VARIANT::addInto(count, target, a.floats());
  return 0;
}

static double multiplyAdds(const double* arguments) {
  Arguments a{arguments};
  const Index rounds = a.count();
  return VARIANT::multiplyAdds(rounds, a.floats());
}

static double dropoutMask(const double* arguments) {
  Arguments a{arguments};
  const Stream stream = readStream(a);
  const Index count = a.count();
  float* out = a.floats();
  VARIANT::dropoutMask(stream, count, a.number(), out);
  return 0;
}

static double fillUniform(const double* arguments) {
  Arguments a{arguments};
  const Stream stream = readStream(a);
  const Index count = a.count();
  VARIANT::fillUniform(stream, count, a.floats());
  return 0;
}

static double fillNormal(const double* arguments) {
  Arguments a{arguments};
  const Stream stream = readStream(a);
  const Index count = a.count();
  float* out = a.floats();
  VARIANT::fillNormal(stream, count, a.number(), out);
  return 0;
}

static double fillWords(const double* arguments) {
  Arguments a{arguments};
  const Stream stream = readStream(a);
  const Index count = a.count();
  VARIANT::fillWords(stream, count, (uint32_t*)a.ints());
  return 0;
}

static double philoxBlock(const double* arguments) {
  Arguments a{arguments};
  const uint32_t counter[] = {a.word(), a.word(), a.word(), a.word()};
  const uint32_t key[] = {a.word(), a.word()};
  VARIANT::philoxBlock(counter, key, (uint32_t*)a.ints());
  return 0;
}

}  // namespace entries

#if !defined(__wasm__)
// For addon.cpp: all entries of this variant, ended by an empty one.
extern const NamedEntry table[];
#define LISTED(name) {#name, entries::name},
const NamedEntry table[] = {SWEEPLINE_ENTRIES(LISTED){nullptr, nullptr}};
#endif

}  // namespace VARIANT
}  // namespace sweepline

#if defined(__wasm__)
#define EXPORTED(name)                                                                \
  extern "C" __attribute__((export_name(#name))) double export_##name(const double* a) { \
    return sweepline::VARIANT::entries::name(a);                                      \
  }
SWEEPLINE_ENTRIES(EXPORTED)

extern "C" unsigned char __heap_base;
extern "C" __attribute__((export_name("heapBase"))) unsigned char* export_heapBase() { return &__heap_base; }

// a * a + c, by which the loader sees whether a product and a sum are rounded once.
extern "C" __attribute__((export_name("squarePlus"))) float export_squarePlus(float a, float c) {
  using namespace sweepline::VARIANT;
  return addProduct(splat(c), splat(a), splat(a))[0];
}
#endif
