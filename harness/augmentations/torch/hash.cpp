// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/hash.h"

#include <cstdint>

namespace segbench::augmentations {
namespace {

using torch::Tensor;

/// x times a constant modulo 2^32, of numbers below 2^32 in int64, without an overflow.
Tensor times(const Tensor& x, std::int64_t constant) {
  const Tensor low = x.bitwise_and(0xFFFF).mul_(constant);
  const Tensor high = x.bitwise_right_shift(16).mul_(constant).bitwise_and_(0xFFFF);
  return low.add_(high.mul_(0x10000)).bitwise_and_(std::int64_t{0xFFFFFFFF});
}

}  // namespace

Tensor mixed(const Tensor& numbers) {
  Tensor x = numbers.bitwise_xor(numbers.bitwise_right_shift(16));
  x = times(x, 0x7feb352d);
  x = x.bitwise_xor(x.bitwise_right_shift(15));
  x = times(x, 0x846ca68b);
  return x.bitwise_xor(x.bitwise_right_shift(16));
}

}  // namespace segbench::augmentations
