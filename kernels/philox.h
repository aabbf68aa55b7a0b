// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11), the same streams as src/random/stream.ts: word n of a stream is
// word n mod 4 of the block with counter (n / 4, n / 2^34, index, 0) under the stream's key.
#pragma once
#include "vector.h"

namespace sweepline {
namespace VARIANT {

struct Stream {
  uint32_t key0, key1, index;
};

constexpr int BLOCKS = 8;  // computed side by side, so that the compiler can use vectors

// Ten rounds on BLOCKS counters: counter[w][i] is word w of counter i, and becomes word w of block i.
INLINE void philoxRounds(uint32_t k0, uint32_t k1, uint32_t counter[4][BLOCKS]) {
  for (int round = 0; round < 10; round++, k0 += 0x9e3779b9u, k1 += 0xbb67ae85u)
    for (int i = 0; i < BLOCKS; i++) {
      const uint64_t product0 = (uint64_t)0xd2511f53u * counter[0][i];
      const uint64_t product1 = (uint64_t)0xcd9e8d57u * counter[2][i];
      counter[0][i] = (uint32_t)(product1 >> 32) ^ counter[1][i] ^ k0;
      counter[1][i] = (uint32_t)product1;
      counter[2][i] = (uint32_t)(product0 >> 32) ^ counter[3][i] ^ k1;
      counter[3][i] = (uint32_t)product0;
    }
}

// One block, for the published known answers.
static void philoxBlock(const uint32_t counter[4], const uint32_t key[2], uint32_t* block) {
  uint32_t state[4][BLOCKS] = {};
  for (int word = 0; word < 4; word++) state[word][0] = counter[word];
  philoxRounds(key[0], key[1], state);
  for (int word = 0; word < 4; word++) block[word] = state[word][0];
}

// Words 4 * block .. 4 * (block + BLOCKS) - 1 of the stream, in order.
INLINE void philoxWords(const Stream& stream, uint64_t block, uint32_t* words) {
  uint32_t state[4][BLOCKS];
  for (int i = 0; i < BLOCKS; i++) {
    const uint64_t counter = block + (uint64_t)i;
    state[0][i] = (uint32_t)counter;
    state[1][i] = (uint32_t)(counter >> 32);
    state[2][i] = stream.index;
    state[3][i] = 0;
  }
  philoxRounds(stream.key0, stream.key1, state);
  for (int i = 0; i < BLOCKS; i++)
    for (int word = 0; word < 4; word++) words[4 * i + word] = state[word][i];
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
