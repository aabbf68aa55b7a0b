// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11), the same streams as src/random/stream.ts: word n of a stream is
// word n mod 4 of the block with counter (n / 4, n / 2^34, index, 0) under the stream's key.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

struct Stream {
  uint32_t key0, key1, index;
};

// Two vectors of blocks side by side hide the latency of the multiplication.
constexpr int SETS = 2;
constexpr int BLOCKS = SETS * LANES;

// Words of the counter or block lie in the low half of each 64-bit lane; the high halves hold anything.

// The 64-bit products of the low halves.
INLINE Words multiplyLow(Words a, uint32_t factor) {
#if VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Words)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(factor));
#elif VECTOR_WIDTH == 8 && defined(__AVX2__)
  return (Words)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(factor));
#elif VECTOR_WIDTH == 4 && defined(__SSE2__)
  return (Words)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(factor));
#elif VECTOR_WIDTH == 4 && defined(__ARM_NEON) && defined(__aarch64__)
  return (Words)vmull_n_u32(vmovn_u64((uint64x2_t)a), factor);
#else
  return (a & 0xffffffffULL) * (uint64_t)factor;
#endif
}

INLINE void philoxRounds(uint32_t k0, uint32_t k1, Words c[4][SETS]) {
  for (int round = 0; round < 10; round++, k0 += 0x9e3779b9u, k1 += 0xbb67ae85u)
    for (int set = 0; set < SETS; set++) {
      const Words product0 = multiplyLow(c[0][set], 0xd2511f53u), product1 = multiplyLow(c[2][set], 0xcd9e8d57u);
      c[0][set] = (product1 >> 32) ^ c[1][set] ^ (uint64_t)k0;
      c[1][set] = product1;
      c[2][set] = (product0 >> 32) ^ c[3][set] ^ (uint64_t)k1;
      c[3][set] = product0;
    }
}

// One block, for the published known answers.
static void philoxBlock(const uint32_t counter[4], const uint32_t key[2], uint32_t* block) {
  Words state[4][SETS] = {};
  for (int word = 0; word < 4; word++) state[word][0][0] = counter[word];
  philoxRounds(key[0], key[1], state);
  for (int word = 0; word < 4; word++) block[word] = (uint32_t)state[word][0][0];
}

// Blocks `block` to `block` + BLOCKS - 1 of the stream: word w of the one at set * LANES + lane in state[w][set][lane].
INLINE void philoxBlocks(const Stream& stream, uint64_t block, Words state[4][SETS]) {
  for (int set = 0; set < SETS; set++) {
    Words counter;
    for (int lane = 0; lane < LANES; lane++) counter[lane] = block + (uint64_t)(set * LANES + lane);
    state[0][set] = counter;
    state[1][set] = counter >> 32;
    state[2][set] = (Words){} + stream.index;
    state[3][set] = (Words){};
  }
  philoxRounds(stream.key0, stream.key1, state);
}

// Words 4 * block .. 4 * (block + BLOCKS) - 1 of the stream, in order.
INLINE void philoxWords(const Stream& stream, uint64_t block, uint32_t* words) {
  Words state[4][SETS];
  philoxBlocks(stream, block, state);
  for (int set = 0; set < SETS; set++)
    for (int lane = 0; lane < LANES; lane++)
      for (int word = 0; word < 4; word++) *words++ = (uint32_t)state[word][set][lane];
}

template <class Use>
INLINE void overWords(const Stream& stream, Index count, Use use) {
  uint32_t words[4 * BLOCKS];
  for (Index first = 0; first < count; first += 4 * BLOCKS) {
    philoxWords(stream, (uint64_t)first / 4, words);
    const Index present = least(4 * BLOCKS, count - first);
    for (Index i = 0; i < present; i++) use(first + i, words[i]);
  }
}

// uniform < keep, in whole numbers: uniform is the upper 24 bits of the word over 2^24.
static void dropoutMask(const Stream& stream, Index count, double keep, float* out) {
  const double bound = keep * 16777216.0;
  uint32_t limit = bound <= 0 ? 0 : bound >= 16777216.0 ? 16777216u : (uint32_t)bound;
  if ((double)limit < bound && limit < 16777216u) limit++;
  const float kept = (float)(1 / keep);
  overWords(stream, count, [&](Index i, uint32_t word) { out[i] = (word >> 8) < limit ? kept : 0.f; });
}

static void fillUniform(const Stream& stream, Index count, float* out) {
  overWords(stream, count, [&](Index i, uint32_t word) { out[i] = (float)(int32_t)(word >> 8) * (1.f / 16777216.f); });
}

static void fillWords(const Stream& stream, Index count, uint32_t* out) {
  overWords(stream, count, [&](Index i, uint32_t word) { out[i] = word; });
}

}  // namespace VARIANT
}  // namespace sweepline
