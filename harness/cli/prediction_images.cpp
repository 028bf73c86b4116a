// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_images.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/error.h"

namespace segbench::cli {

data::Image index_image(const data::LabelMap& labels) {
  return {.height = labels.height, .width = labels.width, .channels = 1, .pixels = labels.labels};
}

data::Image colour_labels(const data::LabelMap& labels, const std::vector<core::ClassInfo>& classes) {
  data::Image image{.height = labels.height, .width = labels.width, .channels = 3, .pixels = {}};
  image.pixels.reserve(labels.labels.size() * 3);
  for (const std::uint8_t label : labels.labels) {
    SEGBENCH_CHECK(label < classes.size(), "class {} of {}", label, classes.size());
    const auto& colour = classes[label].colour;
    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  }
  return image;
}

data::Image overlay(const data::Image& image, const data::Image& colours) {
  SEGBENCH_CHECK(image.pixels.size() == colours.pixels.size(), "{} and {} bytes", image.pixels.size(),
                 colours.pixels.size());
  data::Image mixed = image;
  for (std::size_t i = 0; i < mixed.pixels.size(); ++i) {
    mixed.pixels[i] = static_cast<std::uint8_t>((image.pixels[i] + colours.pixels[i] + 1) / 2);
  }
  return mixed;
}

std::string describe_shares(const data::LabelMap& labels, const std::vector<core::ClassInfo>& classes) {
  const auto pixels = core::count_labels(labels.labels, static_cast<int>(classes.size()));
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (pixels[c] > 0) order.push_back(c);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return pixels[a] > pixels[b]; });
  std::vector<std::string> fractions;
  for (const std::size_t c : order) {
    fractions.push_back(
        fmt::format("{} {:.1f} %", classes[c].name,
                    100.0 * static_cast<double>(pixels[c]) / static_cast<double>(labels.labels.size())));
  }
  return fmt::format("{}", fmt::join(fractions, ", "));
}

}  // namespace segbench::cli
