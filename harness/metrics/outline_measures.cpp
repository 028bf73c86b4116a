// SPDX-License-Identifier: MIT
#include "harness/metrics/outline_measures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/metrics/boundary.h"
#include "harness/metrics/scores.h"

namespace segbench::metrics {
namespace {

constexpr std::array<std::string_view, 7> kKeys = {"boundary_f1",
                                                   "boundary_iou",
                                                   "surface_dice",
                                                   "hausdorff",
                                                   "hausdorff_95",
                                                   "hausdorff_95_directed",
                                                   "average_surface_distance"};

/// One class of an image; surfaces are measured once, when they are first asked for.
class Outline {
 public:
  Outline(Mask truth, Mask prediction, const OutlineRule& rule)
      : truth_(std::move(truth)), prediction_(std::move(prediction)), rule_(rule) {}

  std::optional<double> measure(std::string_view key) {
    if (truth_.is_empty() && prediction_.is_empty()) return std::nullopt;
    if (key == "boundary_f1") return boundary_f(truth_, prediction_, tolerance()).f;
    if (key == "boundary_iou")
      return boundary_iou(truth_, prediction_, band_depth(truth_.height, truth_.width, rule_.band));
    const auto& distances = surfaces();
    if (key == "surface_dice") return distances ? distances->dice(tolerance()) : 0;
    if (!distances) return std::nullopt;
    if (key == "hausdorff") return distances->hausdorff();
    if (key == "hausdorff_95") return distances->hausdorff_95();
    if (key == "hausdorff_95_directed") return distances->hausdorff_95_directed();
    return distances->average();
  }

 private:
  double tolerance() const {
    return rule_.tolerance.value_or(
        std::ceil(0.008 * std::hypot(static_cast<double>(truth_.height), static_cast<double>(truth_.width))));
  }

  const std::optional<SurfaceDistances>& surfaces() {
    if (!are_measured_) surfaces_ = surface_distances(truth_, prediction_);
    are_measured_ = true;
    return surfaces_;
  }

  Mask truth_, prediction_;
  const OutlineRule& rule_;
  std::optional<SurfaceDistances> surfaces_;
  bool are_measured_ = false;
};

}  // namespace

std::span<const std::string_view> outline_keys() {
  return kKeys;
}

std::map<std::string, ClassValues> outline_measures(std::span<const std::string> keys, const LabelPair& image,
                                                    int num_classes, const OutlineRule& rule) {
  std::map<std::string, ClassValues> values;
  for (int c = 0; c < num_classes; ++c) {
    const auto mask = [&](std::span<const std::uint8_t> labels) {
      return class_mask(labels, image.truth, image.height, image.width, static_cast<std::uint8_t>(c));
    };
    Outline outline(mask(image.truth), mask(image.prediction), rule);
    for (const std::string& key : keys) {
      if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end())
        values[key].push_back(outline.measure(key));
    }
  }
  return values;
}

MeasureMeans means_of(std::span<const ClassValues> images, const core::Background& background) {
  MeasureMeans means;
  const std::size_t classes = images.empty() ? 0 : images.front().size();
  for (ClassValues values : images) {
    if (background) values.at(static_cast<std::size_t>(*background)) = std::nullopt;
    means.images.push_back(mean_of_defined(values));
  }
  for (std::size_t c = 0; c < classes; ++c) {
    ClassValues of_class;
    for (const ClassValues& values : images) of_class.push_back(values[c]);
    means.classes.push_back(mean_of_defined(of_class));
  }
  means.all = mean_of_defined(means.images);
  return means;
}

}  // namespace segbench::metrics
