// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <dnnl.hpp>

#include "architectures/graph/ops.h"

namespace segbench::engines::onednn {

/// How the values of maps lie in memory: [count, blocks, height, width, block], where channel c stands in
/// block c / block at c % block. The last block is filled up with zeros.
struct Layout {
  std::int64_t count = 0, blocks = 0, height = 0, width = 0;
  std::int64_t block = 0;  ///< channels_at_once()
  std::int64_t pixels() const { return height * width; }
  std::int64_t planes() const { return count * blocks; }
};

/// Channels in a vector of this CPU, 8 or 16: what oneDNN's operations take at once.
int channels_at_once();

/// A float32 map with its channels in blocks of channels_at_once(), or channels first.
dnnl::memory::desc blocked(std::int64_t count, const architectures::Shape& shape);
dnnl::memory::desc channels_first(std::int64_t count, const architectures::Shape& shape);

/// Of a map in such blocks.
Layout layout_of(const dnnl::memory::desc& map);

}  // namespace segbench::engines::onednn
