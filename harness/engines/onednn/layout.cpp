// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/layout.h"

#include "harness/core/error.h"

namespace segbench::engines::onednn {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

memory::desc laid_out(std::int64_t count, const architectures::Shape& shape, Tag tag) {
  return {{count, shape.channels, shape.height, shape.width}, memory::data_type::f32, tag};
}

}  // namespace

int channels_at_once() {
  constexpr int kWanted =
      static_cast<int>(dnnl::cpu_isa::avx512_core);  // bits, one for each set of instructions
  return (static_cast<int>(dnnl::get_effective_cpu_isa()) & kWanted) == kWanted ? 16 : 8;
}

memory::desc blocked(std::int64_t count, const architectures::Shape& shape) {
  return laid_out(count, shape, channels_at_once() == 16 ? Tag::nChw16c : Tag::nChw8c);
}

memory::desc channels_first(std::int64_t count, const architectures::Shape& shape) {
  return laid_out(count, shape, Tag::nchw);
}

Layout layout_of(const memory::desc& map) {
  const memory::dims dims = map.dims();
  const architectures::Shape shape{dims[1], dims[2], dims[3]};
  SEGBENCH_CHECK(map == blocked(dims[0], shape), "a map that does not lie in blocks");
  const std::int64_t block = channels_at_once();
  return {.count = dims[0],
          .blocks = (shape.channels + block - 1) / block,
          .height = shape.height,
          .width = shape.width,
          .block = block};
}

}  // namespace segbench::engines::onednn
