// SPDX-License-Identifier: MIT
#include "harness/core/sample_normaliser.h"

namespace segbench::core {

SampleNormaliser::SampleNormaliser(const Normalisation& by, std::int64_t channels, const PixelRange& range)
    : channels_(channels), bits_(range.bits), source_(by.source) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    std::vector<float>& table = tables_.emplace_back();
    for (int sample = 0; sample < 1 << bits_; ++sample) {
      const double level = range.level(static_cast<std::size_t>(source_[c]), sample);
      table.push_back(static_cast<float>(by.scale[c] * level + by.shift[c]));
    }
  }
}

void SampleNormaliser::write(const std::uint8_t* bytes, std::int64_t count, bool interleaved,
                             float* values) const {
  if (bits_ == 16)  // the cache's samples begin at even addresses
    write_samples(reinterpret_cast<const std::uint16_t*>(bytes), count, interleaved, values);
  else
    write_samples(bytes, count, interleaved, values);
}

template <typename Sample>
void SampleNormaliser::write_samples(const Sample* samples, std::int64_t count, bool interleaved,
                                     float* values) const {
  if (channels_ == 1 || !interleaved) {
    for (std::int64_t c = 0; c < channels_; ++c) {
      const float* table = tables_[static_cast<std::size_t>(c)].data();
      const Sample* from = samples + source_[static_cast<std::size_t>(c)];
      float* to = values + c * count;
      for (std::int64_t i = 0; i < count; ++i) to[i] = table[from[i * channels_]];
    }
    return;
  }
  if (channels_ == 3) {
    const int first = source_[0], second = source_[1], third = source_[2];
    const float *red = tables_[0].data(), *green = tables_[1].data(), *blue = tables_[2].data();
    for (std::int64_t i = 0; i < 3 * count; i += 3) {
      values[i] = red[samples[i + first]];
      values[i + 1] = green[samples[i + second]];
      values[i + 2] = blue[samples[i + third]];
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const Sample* from = samples + i * channels_;
    for (std::int64_t c = 0; c < channels_; ++c) {
      const auto channel = static_cast<std::size_t>(c);
      *values++ = tables_[channel][from[source_[channel]]];
    }
  }
}

}  // namespace segbench::core
