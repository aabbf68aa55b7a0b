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

// Words 4 * block .. 4 * (block + BLOCKS) - 1 of the stream, in order.
static void philoxWords(const Stream& stream, uint64_t block, uint32_t* words) {
  uint32_t c0[BLOCKS], c1[BLOCKS], c2[BLOCKS], c3[BLOCKS];
  for (int i = 0; i < BLOCKS; i++) {
    const uint64_t counter = block + (uint64_t)i;
    c0[i] = (uint32_t)counter;
    c1[i] = (uint32_t)(counter >> 32);
    c2[i] = stream.index;
    c3[i] = 0;
  }
  uint32_t k0 = stream.key0, k1 = stream.key1;
  for (int round = 0; round < 10; round++, k0 += 0x9e3779b9u, k1 += 0xbb67ae85u)
    for (int i = 0; i < BLOCKS; i++) {
      const uint64_t product0 = (uint64_t)0xd2511f53u * c0[i], product1 = (uint64_t)0xcd9e8d57u * c2[i];
      c0[i] = (uint32_t)(product1 >> 32) ^ c1[i] ^ k0;
      c1[i] = (uint32_t)product1;
      c2[i] = (uint32_t)(product0 >> 32) ^ c3[i] ^ k1;
      c3[i] = (uint32_t)product0;
    }
  for (int i = 0; i < BLOCKS; i++) {
    words[4 * i] = c0[i];
    words[4 * i + 1] = c1[i];
    words[4 * i + 2] = c2[i];
    words[4 * i + 3] = c3[i];
  }
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
