// Standard normal numbers of a random stream.
#pragma once
#include "philox.h"

namespace sweepline {
namespace VARIANT {

// out[i] = deviation * (normal i of the stream), with the bits of src/random/stream.ts.
void fillNormal(const Stream& stream, Index count, double deviation, float* out);

}  // namespace VARIANT
}  // namespace sweepline
