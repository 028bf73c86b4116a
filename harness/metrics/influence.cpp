// SPDX-License-Identifier: MIT
#include "harness/metrics/influence.h"

#include "harness/metrics/formulas.h"

namespace segbench::metrics {
namespace {

/// The change of part / whole of the pooled counts of a class with the weight of an image, times the number
/// of images: (part_i whole - whole_i part) / whole^2.
double ratio_change(const ClassRatio& ratio, const core::ClassCounts& image,
                    const core::ClassCounts& pooled) {
  const auto part = static_cast<double>(pixels_of(ratio.part, pooled)),
             whole = static_cast<double>(pixels_of(ratio.whole, pooled));
  return (static_cast<double>(pixels_of(ratio.part, image)) * whole -
          static_cast<double>(pixels_of(ratio.whole, image)) * part) /
         (whole * whole);
}

bool counts_class(Over over, const ClassRatio& ratio, std::size_t c, const core::ClassCounts& pooled,
                  const core::Background& background) {
  if (pixels_of(ratio.whole, pooled) == 0) return false;
  if (over == Over::kClassesInTruth) return pixels_of(kTruth, pooled) > 0;
  return over != Over::kClassesButBackground || c != static_cast<std::size_t>(*background);
}

/// The weighted mean of the ratios changes with the ratios and, where the weights are pixels, with them.
double change(const ScoreFormula& formula, const ImageCounts& image, const ImageCounts& pooled, double score,
              const core::Background& background) {
  double sum = 0, weights = 0;
  for (std::size_t c = 0; c < pooled.size(); ++c) {
    if (!counts_class(formula.over, formula.ratio, c, pooled[c], background)) continue;
    double weight = 1, own_weight = 0;
    if (formula.over == Over::kSums) {
      weight = static_cast<double>(pixels_of(formula.ratio.whole, pooled[c]));
      own_weight = static_cast<double>(pixels_of(formula.ratio.whole, image[c]));
    } else if (formula.over == Over::kFrequency) {
      weight = static_cast<double>(pixels_of(kTruth, pooled[c]));
      own_weight = static_cast<double>(pixels_of(kTruth, image[c]));
    }
    sum += weight * ratio_change(formula.ratio, image[c], pooled[c]) +
           own_weight * (*ratio_of(formula.ratio, pooled[c]) - score);
    weights += weight;
  }
  return sum / weights;
}

}  // namespace

std::vector<double> image_contributions(std::string_view metric_key, std::span<const ImageCounts> images,
                                        const core::Background& background) {
  const ScoreFormula* formula = find_formula(metric_key);
  if (formula == nullptr || images.empty()) return {};
  ImageCounts pooled(images[0].size());
  for (const ImageCounts& image : images) {
    for (std::size_t c = 0; c < pooled.size(); ++c) pooled[c] += image.at(c);
  }
  const std::optional<double> score = score_of(formula->ratio, formula->over, pooled, background);
  if (!score) return {};
  std::vector<double> contributions;
  for (const ImageCounts& image : images)
    contributions.push_back(*score + static_cast<double>(images.size()) *
                                         change(*formula, image, pooled, *score, background));
  return contributions;
}

}  // namespace segbench::metrics
