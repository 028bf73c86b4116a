// SPDX-License-Identifier: MIT
#include "harness/losses/boundary_distances.h"

#include <ATen/Parallel.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/distance_transform.h"
#include "harness/losses/boundary_on_device.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

struct ImageLabels {
  std::span<const std::uint8_t> labels;
  std::int64_t height, width;

  std::array<bool, 256> present() const {
    std::array<bool, 256> found{};
    for (const std::uint8_t label : labels) found[label] = true;
    found[core::kVoidLabel] = false;
    return found;
  }
  /// To the nearest pixel of the class, or of any other class.
  std::vector<double> distances(std::uint8_t label_class, bool to_others) const {
    std::vector<std::uint8_t> set(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
      set[i] = labels[i] != core::kVoidLabel && (labels[i] == label_class) != to_others ? 1 : 0;
    std::vector<double> distances;
    for (const std::int64_t square : core::squared_distances(set, height, width))
      distances.push_back(square < core::kInfinitelyFar ? std::sqrt(static_cast<double>(square))
                                                        : std::numeric_limits<double>::infinity());
    return distances;
  }
};

/// Calls visit(image, its number) for every image, in parallel.
template <typename Visit>
void for_each_image(const Tensor& labels, const Visit& visit) {
  const std::int64_t pixels = labels.size(1) * labels.size(2);
  at::parallel_for(0, labels.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      visit(ImageLabels{.labels = {labels.data_ptr<std::uint8_t>() + n * pixels,
                                   static_cast<std::size_t>(pixels)},
                        .height = labels.size(1),
                        .width = labels.size(2)},
            n);
    }
  });
}

}  // namespace

Tensor distances_to_other_classes(const Tensor& labels, std::int64_t classes) {
  if (!labels.device().is_cpu()) return other_distances_on_device(labels, classes);
  const Tensor here = labels.contiguous();
  Tensor distances = torch::full(here.sizes(), std::numeric_limits<double>::infinity(),
                                 torch::TensorOptions(torch::kDouble));
  for_each_image(here, [&](const ImageLabels& image, std::int64_t n) {
    double* out = distances.data_ptr<double>() + n * image.height * image.width;
    const std::array<bool, 256> present = image.present();
    for (std::size_t c = 0; c < core::kVoidLabel; ++c) {
      if (!present[c]) continue;
      const std::vector<double> to_others = image.distances(static_cast<std::uint8_t>(c), true);
      for (std::size_t i = 0; i < to_others.size(); ++i) {
        if (image.labels[i] == c) out[i] = to_others[i];
      }
    }
  });
  return distances;
}

Tensor signed_distances(const Tensor& labels, std::int64_t classes) {
  if (!labels.device().is_cpu()) return signed_distances_on_device(labels, classes);
  const Tensor here = labels.contiguous();
  Tensor distances =
      torch::zeros({here.size(0), classes, here.size(1), here.size(2)}, torch::TensorOptions(torch::kDouble));
  for_each_image(here, [&](const ImageLabels& image, std::int64_t n) {
    const std::array<bool, 256> present = image.present();
    for (std::int64_t c = 0; c < classes; ++c) {
      if (!present[static_cast<std::size_t>(c)]) continue;
      const auto label_class = static_cast<std::uint8_t>(c);
      const std::vector<double> inside = image.distances(label_class, true);
      if (inside[0] == std::numeric_limits<double>::infinity()) continue;  // no other class
      const std::vector<double> outside = image.distances(label_class, false);
      double* out = distances.data_ptr<double>() + (n * classes + c) * image.height * image.width;
      for (std::size_t i = 0; i < inside.size(); ++i) {
        if (image.labels[i] != core::kVoidLabel)
          out[i] = image.labels[i] == label_class ? 1 - inside[i] : outside[i];
      }
    }
  });
  return distances;
}

}  // namespace segbench::losses
