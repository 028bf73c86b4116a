// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>

#include "harness/augmentations/augmentation.h"
#include "harness/core/part.h"

namespace segbench::augmentations {
namespace {

/// Mirrors each of `rows` rows of `width` pixels with `channels` bytes.
void mirror_rows(std::span<std::uint8_t> bytes, std::int64_t rows, std::int64_t width,
                 std::int64_t channels) {
  for (std::int64_t row = 0; row < rows; ++row) {
    std::uint8_t* left = bytes.data() + row * width * channels;
    std::uint8_t* right = left + (width - 1) * channels;
    for (; left < right; left += channels, right -= channels) std::swap_ranges(left, left + channels, right);
  }
}

/// Reverses the order of `rows` rows of `row_bytes` bytes.
void reverse_rows(std::span<std::uint8_t> bytes, std::int64_t rows, std::int64_t row_bytes) {
  std::uint8_t* top = bytes.data();
  std::uint8_t* bottom = top + (rows - 1) * row_bytes;
  for (; top < bottom; top += row_bytes, bottom -= row_bytes) std::swap_ranges(top, top + row_bytes, bottom);
}

class HorizontalFlip final : public Augmentation {
 public:
  explicit HorizontalFlip(const core::Json& params) : probability_(params.at("probability")) {}

  void apply(const Sample& sample, core::Stream& stream) const override {
    if (!stream.coin(probability_)) return;
    mirror_rows(sample.image, sample.height, sample.width, sample.channels);
    mirror_rows(sample.labels, sample.height, sample.width, 1);
  }

 private:
  double probability_;
};

class VerticalFlip final : public Augmentation {
 public:
  explicit VerticalFlip(const core::Json& params) : probability_(params.at("probability")) {}

  void apply(const Sample& sample, core::Stream& stream) const override {
    if (!stream.coin(probability_)) return;
    reverse_rows(sample.image, sample.height, sample.width * sample.channels);
    reverse_rows(sample.labels, sample.height, sample.width);
  }

 private:
  double probability_;
};

core::PartSpec flip_spec(const char* name, const char* summary) {
  return {.kind = core::PartKind::kAugmentation,
          .name = name,
          .summary = summary,
          .source = "",
          .params = {{.name = "probability",
                      .types = core::kNumber,
                      .default_value = 0.5,
                      .help = "probability that a sample is flipped",
                      .minimum = 0.0,
                      .maximum = 1.0}}};
}

const core::PartRegistration horizontal_spec{flip_spec("horizontal_flip", "flips the image left to right")};
const core::PartRegistration vertical_spec{flip_spec("vertical_flip", "flips the image upside down")};
const AugmentationFactory::Registration horizontal{
    "horizontal_flip", [](const core::Json& params) { return std::make_unique<HorizontalFlip>(params); }};
const AugmentationFactory::Registration vertical{
    "vertical_flip", [](const core::Json& params) { return std::make_unique<VerticalFlip>(params); }};

}  // namespace
}  // namespace segbench::augmentations
