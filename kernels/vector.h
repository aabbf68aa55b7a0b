// Vectors of floats through the extensions that GCC and Clang share. Each variant of the kernels is this source
// compiled with its own width and instruction set, inside its own namespace, so that no inline function of one
// variant can stand in for another's.
#pragma once
#include <stddef.h>
#include <stdint.h>

// VECTOR_WIDTH floats a vector, PANEL_VECTORS vectors a panel, ROW_TILE rows by one panel of C held in registers
// during a matrix product, FEATURE_TILE features by one panel during a product over rows.
#if !defined(VECTOR_WIDTH) || !defined(PANEL_VECTORS) || !defined(ROW_TILE) || !defined(FEATURE_TILE)
#error "scripts/build-kernels.js defines the variant"
#endif

#if defined(__wasm__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

namespace sweepline {
namespace VARIANT {

typedef ptrdiff_t Index;
typedef float Vector __attribute__((vector_size(VECTOR_WIDTH * 4), aligned(4), may_alias));
typedef int32_t IntVector __attribute__((vector_size(VECTOR_WIDTH * 4), aligned(4), may_alias));

// Half as many doubles, and whole numbers of their size.
typedef double Doubles __attribute__((vector_size(VECTOR_WIDTH * 4), may_alias));
typedef uint64_t Words __attribute__((vector_size(VECTOR_WIDTH * 4), may_alias));

constexpr int WIDTH = VECTOR_WIDTH;
constexpr int LANES = VECTOR_WIDTH / 2;
// Features in a panel: the unit in which activations and weights are laid out (panels.h).
constexpr int PANEL = VECTOR_WIDTH * PANEL_VECTORS;

INLINE Vector splat(float x) { return x - Vector{}; }
INLINE Vector load(const float* p) { return *(const Vector*)p; }
INLINE void store(float* p, Vector v) { *(Vector*)p = v; }
INLINE IntVector loadInts(const int32_t* p) { return *(const IntVector*)p; }
INLINE void storeInts(int32_t* p, IntVector v) { *(IntVector*)p = v; }
INLINE IntVector splatInt(int32_t x) { return x - IntVector{}; }
INLINE Doubles splatDouble(double x) { return x - Doubles{}; }

#if defined(__wasm__)
INLINE Vector broadcast(const float* p) { return (Vector)wasm_v128_load32_splat(p); }
// A NaN in the second operand comes through, as it does below: a diverged network must show it.
INLINE Vector smaller(Vector bound, Vector x) { return (Vector)wasm_f32x4_pmin((v128_t)x, (v128_t)bound); }
INLINE Vector larger(Vector bound, Vector x) { return (Vector)wasm_f32x4_pmax((v128_t)x, (v128_t)bound); }
INLINE Vector squareRoot(Vector x) { return (Vector)wasm_f32x4_sqrt((v128_t)x); }
INLINE Doubles squareRoot(Doubles x) { return (Doubles)wasm_f64x2_sqrt((v128_t)x); }
// Before the innermost loop of a tile. V8 hoists the loads of an unrolled one and spills the accumulators: 41 against
// 24 GFLOP/s.
#define TILE_LOOP _Pragma("clang loop unroll(disable)")
#else
// Rolled, the loop's own instructions take 5 to 8 % of an AVX2 tile's time, and -O3 alone unrolls nothing in GCC.
#if defined(__clang__)
#define TILE_LOOP _Pragma("clang loop unroll_count(4)")
#else
#define TILE_LOOP _Pragma("GCC unroll 4")
#endif
INLINE Vector broadcast(const float* p) { return splat(*p); }
// Neither GCC nor Clang 14 makes one instruction of a comparison and a choice.
INLINE Vector smaller(Vector bound, Vector x) {
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_min_ps((__m512)bound, (__m512)x);
#elif VECTOR_WIDTH == 8 && defined(__AVX__)
  return (Vector)_mm256_min_ps((__m256)bound, (__m256)x);
#elif VECTOR_WIDTH == 4 && defined(__SSE2__)
  return (Vector)_mm_min_ps((__m128)bound, (__m128)x);
#else
  return bound < x ? bound : x;
#endif
}
INLINE Vector larger(Vector bound, Vector x) {
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_max_ps((__m512)bound, (__m512)x);
#elif VECTOR_WIDTH == 8 && defined(__AVX__)
  return (Vector)_mm256_max_ps((__m256)bound, (__m256)x);
#elif VECTOR_WIDTH == 4 && defined(__SSE2__)
  return (Vector)_mm_max_ps((__m128)bound, (__m128)x);
#else
  return bound > x ? bound : x;
#endif
}
INLINE Vector squareRoot(Vector x) {
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_sqrt_ps((__m512)x);
#elif VECTOR_WIDTH == 8 && defined(__AVX__)
  return (Vector)_mm256_sqrt_ps((__m256)x);
#elif VECTOR_WIDTH == 4 && defined(__SSE2__)
  return (Vector)_mm_sqrt_ps((__m128)x);
#elif VECTOR_WIDTH == 4 && defined(__ARM_NEON) && defined(__aarch64__)
  return (Vector)vsqrtq_f32((float32x4_t)x);
#else
  for (int lane = 0; lane < WIDTH; lane++) x[lane] = __builtin_sqrtf(x[lane]);
  return x;
#endif
}
INLINE Doubles squareRoot(Doubles x) {
  for (int lane = 0; lane < LANES; lane++) x[lane] = __builtin_sqrt(x[lane]);
  return x;
}
#endif

// sum + a * b. Rounded once where the target has one instruction for that, which is half of the speed of a tile.
INLINE Vector addProduct(Vector sum, Vector a, Vector b) {
#if defined(__wasm_relaxed_simd__)
  return (Vector)__builtin_wasm_relaxed_madd_f32x4((v128_t)a, (v128_t)b, (v128_t)sum);
#else
  return sum + a * b;
#endif
}

INLINE IntVector isAtLeast(Vector x, float positive) {
  return ((IntVector)x & splatInt(0x7fffffff)) >= (IntVector)splat(positive);
}
// Smaller numbers become zero; NaN stays.
INLINE Vector flushedBelow(float positive, Vector x) { return (Vector)((IntVector)x & isAtLeast(x, positive)); }
INLINE bool anyOf(IntVector mask) {
#if defined(__wasm__)
  return wasm_v128_any_true((v128_t)mask);
#else
  bool any = false;
  for (int lane = 0; lane < WIDTH; lane++) any |= mask[lane] != 0;
  return any;
#endif
}

INLINE bool anyOf(Words mask) { return anyOf((IntVector)mask); }

INLINE float sumOfLanes(Vector v) {
  float sum = 0;
  for (int lane = 0; lane < WIDTH; lane++) sum += v[lane];
  return sum;
}

// Floats in a cache line.
constexpr Index LINE = 16;
// Asks for the cache line at p, which is read some thousand cycles later (in the second-level cache: there is more to
// come before that). WebAssembly has no such word.
#if defined(__wasm__)
constexpr bool CAN_PREFETCH = false;
INLINE void prefetch(const float*) {}
INLINE void prefetchSoon(const float*) {}
#else
constexpr bool CAN_PREFETCH = true;
INLINE void prefetch(const float* p) { __builtin_prefetch(p, 0, 2); }
// The same for what is read some hundred cycles later, in the first-level cache.
INLINE void prefetchSoon(const float* p) { __builtin_prefetch(p, 0, 3); }
#endif

INLINE void fillZero(float* p, Index count) { __builtin_memset(p, 0, (size_t)count * sizeof(float)); }
INLINE void copy(float* to, const float* from, Index count) {
  __builtin_memcpy(to, from, (size_t)count * sizeof(float));
}

// The mask of the first `count` lanes.
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
INLINE __mmask16 firstLanes(int count) { return (__mmask16)((1u << count) - 1); }
#elif VECTOR_WIDTH == 8 && defined(__AVX2__)
INLINE __m256i firstLanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif

// The first `count` (0 to WIDTH) floats at p, zeros behind them; nothing past them is touched.
INLINE Vector loadPart(const float* p, int count) {
  if (count >= WIDTH) return load(p);
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_loadu_ps(firstLanes(count), p);
#elif VECTOR_WIDTH == 8 && defined(__AVX2__)
  return (Vector)_mm256_maskload_ps(p, firstLanes(count));
#else
  Vector v = {};
  for (int lane = 0; lane < count; lane++) v[lane] = p[lane];
  return v;
#endif
}
INLINE void storePart(float* p, Vector v, int count) {
  if (count >= WIDTH) {
    store(p, v);
    return;
  }
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, firstLanes(count), (__m512)v);
#elif VECTOR_WIDTH == 8 && defined(__AVX2__)
  _mm256_maskstore_ps(p, firstLanes(count), (__m256)v);
#else
  for (int lane = 0; lane < count; lane++) p[lane] = v[lane];
#endif
}

// The first `count` lanes of v, and those of `rest` behind them.
INLINE Vector firstOr(int count, Vector v, Vector rest) {
  IntVector lanes;
  for (int lane = 0; lane < WIDTH; lane++) lanes[lane] = lane;
  return lanes < splatInt(count) ? v : rest;
}

// Calls body(offset, lanes) for runs of WIDTH elements, and once more for the rest.
template <class Body>
INLINE void overVectors(Index count, Body body) {
  Index i = 0;
  for (; i + WIDTH <= count; i += WIDTH) body(i, WIDTH);
  if (i < count) body(i, (int)(count - i));
}

INLINE Index roundUp(Index n, Index multiple) { return (n + multiple - 1) / multiple * multiple; }
INLINE Index least(Index a, Index b) { return a < b ? a : b; }
INLINE Index most(Index a, Index b) { return a > b ? a : b; }

}  // namespace VARIANT
}  // namespace sweepline
