// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "architectures/graph/ops.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// A convolution, or a transposed one, with what belongs to it.
struct Convolution {
  std::int64_t count = 0;
  architectures::Shape from, to;
  int kernel = 1, stride = 1, dilation = 1;
  std::int64_t groups = 1;
  architectures::Pads rows,
      columns;                      ///< zeros around the input, or what is cut off a transposed one's output
  std::vector<float> weight, bias;  ///< as the graph's tensors lie; no bias: empty
  std::optional<Map> added;         ///< added to the sums; may be overwritten
  std::optional<architectures::Function> activation;
  std::optional<Map> target;  ///< where the result is wanted, in blocks of channels
};

/// How many of the convolutions that Winograd's algorithm is for use it.
struct WinogradUse {
  bool allowed = false;
  int used = 0, possible = 0;
};

/// The result lies in blocks of channels. With Winograd's minimal filtering (Lavin & Gray 2016) where that is
/// allowed, oneDNN has it, and it is faster when tried. Throws dnnl::error for what oneDNN does not do.
Map convolved(Program& program, const Convolution& convolution, const Map& x, WinogradUse& winograd);

/// Windows that lie side by side (kernel = stride) are a convolution of single pixels whose outputs are then
/// spread.
Map transposed_convolved(Program& program, const Convolution& convolution, const Map& x);

}  // namespace segbench::engines::onednn
