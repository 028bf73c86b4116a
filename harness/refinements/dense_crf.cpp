// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/param_specs.h"
#include "harness/refinements/permutohedral.h"
#include "harness/refinements/refinement.h"

namespace segbench::refinements {
namespace {

/// A Gaussian kernel over all pairs of pixels, each pixel's sum brought to 1 from both sides:
/// k(i, j) / sqrt(sum_k k(i, k) sum_k k(j, k)).
class Kernel {
 public:
  Kernel(std::vector<float> features, int dimensions, float weight)
      : lattice_(features, dimensions), weight_(weight), scale_(lattice_.points(), 1.0F) {
    lattice_.filter(scale_, 1);
    for (float& sum : scale_) sum = 1.0F / std::sqrt(sum + 1e-20F);
  }

  /// Adds the messages of `beliefs` [pixels, classes] to `energies`.
  void add_messages(const std::vector<float>& beliefs, std::vector<float>& energies) const {
    const std::size_t classes = beliefs.size() / scale_.size();
    std::vector<float> sums = beliefs;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] *= scale_[i / classes];
    lattice_.filter(sums, static_cast<int>(classes));
    for (std::size_t i = 0; i < sums.size(); ++i) energies[i] += weight_ * scale_[i / classes] * sums[i];
  }

 private:
  Permutohedral lattice_;
  float weight_;
  std::vector<float> scale_;
};

/// Row, column and, with `colour_deviation`, the levels of each pixel, in standard deviations.
std::vector<float> features_of(const Scene& scene, float deviation, float colour_deviation = 0) {
  std::vector<float> features;
  const auto channels = static_cast<std::size_t>(scene.channels);
  for (std::int64_t y = 0, pixel = 0; y < scene.height; ++y) {
    for (std::int64_t x = 0; x < scene.width; ++x, ++pixel) {
      features.push_back(static_cast<float>(y) / deviation);
      features.push_back(static_cast<float>(x) / deviation);
      if (colour_deviation == 0) continue;
      for (std::size_t c = 0; c < channels; ++c)
        features.push_back(scene.levels[static_cast<std::size_t>(pixel) * channels + c] / colour_deviation);
    }
  }
  return features;
}

/// Softmax of each pixel's row.
void normalise(std::vector<float>& rows, std::size_t classes) {
  for (auto row = rows.begin(); row != rows.end(); row += static_cast<std::ptrdiff_t>(classes)) {
    const auto end = row + static_cast<std::ptrdiff_t>(classes);
    const float largest = *std::max_element(row, end);
    float sum = 0;
    for (auto value = row; value != end; ++value) sum += * value = std::exp(*value - largest);
    for (auto value = row; value != end; ++value) *value /= sum;
  }
}

/// Mean field inference in a fully connected CRF with Potts compatibility.
class DenseCrf final : public Refinement {
 public:
  explicit DenseCrf(const core::Json& params)
      : iterations_(params.at("iterations")),
        appearance_(params.at("appearance_weight")),
        position_(params.at("appearance_position")),
        colour_(params.at("appearance_colour")),
        smoothness_(params.at("smoothness_weight")),
        smoothness_position_(params.at("smoothness_position")) {}

  void apply(std::span<float> probabilities, const Scene& scene) const override {
    const auto pixels = static_cast<std::size_t>(scene.height * scene.width);
    const std::size_t classes = probabilities.size() / pixels;
    const Kernel appearance(features_of(scene, position_, colour_), 2 + static_cast<int>(scene.channels),
                            appearance_);
    const Kernel smoothness(features_of(scene, smoothness_position_), 2, smoothness_);
    std::vector<float> unary(probabilities.size()), beliefs(probabilities.begin(), probabilities.end());
    for (std::size_t i = 0; i < unary.size(); ++i)
      unary[i] = std::log(std::max(probabilities[i], std::numeric_limits<float>::min()));
    for (int i = 0; i < iterations_; ++i) {
      std::vector<float> energies = unary;
      appearance.add_messages(beliefs, energies);
      smoothness.add_messages(beliefs, energies);
      normalise(energies, classes);
      beliefs = std::move(energies);
    }
    std::copy(beliefs.begin(), beliefs.end(), probabilities.begin());
  }

 private:
  int iterations_;
  float appearance_, position_, colour_, smoothness_, smoothness_position_;
};

core::ParamSpec positive(const char* name, double value, const char* help) {
  core::ParamSpec spec = core::specs::number(name, value, 0, 1e6, help);
  spec.exclusive_minimum = true;
  return spec;
}

const Registration registered{
    {.kind = core::PartKind::kRefinement,
     .name = "dense_crf",
     .summary =
         "lets pixels that are near each other and of like colour agree: mean field in a fully connected "
         "CRF, filtered on the permutohedral lattice",
     .source = "Krähenbühl and Koltun, Efficient Inference in Fully Connected CRFs with Gaussian Edge "
               "Potentials, NIPS 2011; kernels normalised symmetrically, as in their program",
     .params = {core::specs::integer("iterations", 5, 1, 100, "rounds of mean field"),
                core::specs::number("appearance_weight", 10.0, 0, 1e6,
                                    "weight of the kernel over position and colour"),
                positive("appearance_position", 80.0, "its standard deviation of position, in pixels"),
                positive("appearance_colour", 13.0,
                         "its standard deviation of colour, in levels of 0 to 255"),
                core::specs::number("smoothness_weight", 3.0, 0, 1e6,
                                    "weight of the kernel over position alone"),
                positive("smoothness_position", 3.0, "its standard deviation, in pixels")}},
    [](const core::Json& params) { return std::make_unique<DenseCrf>(params); }};

}  // namespace
}  // namespace segbench::refinements
