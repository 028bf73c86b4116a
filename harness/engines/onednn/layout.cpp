// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/layout.h"

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

std::optional<Layout> layout_of(const memory::desc& map) {
  const memory::dims dims = map.dims();
  struct Choice {
    Tag tag;
    std::int64_t block;
  };
  for (const Choice& choice : {Choice{Tag::nChw16c, 16}, Choice{Tag::nChw8c, 8}, Choice{Tag::nchw, 1}}) {
    if (map != memory::desc(dims, memory::data_type::f32, choice.tag)) continue;
    return Layout{.count = dims[0],
                  .blocks = (dims[1] + choice.block - 1) / choice.block,
                  .height = dims[2],
                  .width = dims[3],
                  .block = choice.block};
  }
  return std::nullopt;
}

}  // namespace segbench::engines::onednn
