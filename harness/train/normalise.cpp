// SPDX-License-Identifier: MIT
#include "harness/train/normalise.h"

namespace segbench::train {

PixelNormaliser::PixelNormaliser(const core::Normalisation& by, std::int64_t channels)
    : channels_(channels), source_(by.source) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      table_[c][byte] = static_cast<float>(by.scale[c] * static_cast<double>(byte) + by.shift[c]);
    }
  }
}

void PixelNormaliser::write(const std::uint8_t* bytes, std::int64_t count, torch::MemoryFormat format,
                            float* values) const {
  if (channels_ == 1 || format != torch::MemoryFormat::ChannelsLast) {
    for (std::int64_t c = 0; c < channels_; ++c) {
      const auto& table = table_[static_cast<std::size_t>(c)];
      const std::uint8_t* from = bytes + source_[static_cast<std::size_t>(c)];
      float* to = values + c * count;
      for (std::int64_t i = 0; i < count; ++i) to[i] = table[from[i * channels_]];
    }
    return;
  }
  const auto [first, second, third] = source_;
  for (std::int64_t i = 0; i < 3 * count; i += 3) {
    values[i] = table_[0][bytes[i + first]];
    values[i + 1] = table_[1][bytes[i + second]];
    values[i + 2] = table_[2][bytes[i + third]];
  }
}

}  // namespace segbench::train
