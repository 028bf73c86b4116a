// SPDX-License-Identifier: MIT
#include "harness/metrics/formulas.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::metrics {
namespace {

std::optional<double> divide(double numerator, double denominator) {
  if (denominator == 0) return std::nullopt;
  return numerator / denominator;
}

/// Of the classes that `counted` admits.
template <typename Counted>
std::optional<double> mean_where(const ClassRatio& ratio, std::span<const core::ClassCounts> counts,
                                 Counted counted) {
  double sum = 0;
  std::int64_t defined = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const std::optional<double> value = counted(c) ? ratio_of(ratio, counts[c]) : std::nullopt;
    sum += value.value_or(0.0);
    defined += value ? 1 : 0;
  }
  return divide(sum, static_cast<double>(defined));
}

std::optional<double> weighted_by_truth(const ClassRatio& ratio, std::span<const core::ClassCounts> counts) {
  double sum = 0;
  std::int64_t pixels = 0;
  for (const core::ClassCounts& c : counts) {
    sum += ratio_of(ratio, c).value_or(0.0) * static_cast<double>(pixels_of(kTruth, c));
    pixels += pixels_of(kTruth, c);
  }
  return divide(sum, static_cast<double>(pixels));
}

std::optional<double> ratio_of_sums(const ClassRatio& ratio, std::span<const core::ClassCounts> counts) {
  std::int64_t part = 0, whole = 0;
  for (const core::ClassCounts& c : counts)
    part += pixels_of(ratio.part, c), whole += pixels_of(ratio.whole, c);
  return divide(static_cast<double>(part), static_cast<double>(whole));
}

}  // namespace

const ScoreFormula* find_formula(std::string_view key) {
  const auto found = std::find_if(kScoreFormulas.begin(), kScoreFormulas.end(),
                                  [&](const ScoreFormula& formula) { return formula.key == key; });
  return found == kScoreFormulas.end() ? nullptr : &*found;
}

std::int64_t pixels_of(const Pixels& pixels, const core::ClassCounts& counts) {
  return pixels.tp * counts.tp + pixels.fp * counts.fp + pixels.fn * counts.fn;
}

std::optional<double> ratio_of(const ClassRatio& ratio, const core::ClassCounts& counts) {
  return divide(static_cast<double>(pixels_of(ratio.part, counts)),
                static_cast<double>(pixels_of(ratio.whole, counts)));
}

std::optional<double> score_of(const ClassRatio& ratio, Over over, std::span<const core::ClassCounts> counts,
                               const core::Background& background) {
  switch (over) {
    case Over::kClasses:
      return mean_where(ratio, counts, [](std::size_t) { return true; });
    case Over::kClassesInTruth:
      return mean_where(ratio, counts, [&](std::size_t c) { return pixels_of(kTruth, counts[c]) > 0; });
    case Over::kClassesButBackground:
      if (!background || static_cast<std::size_t>(*background) >= counts.size()) return std::nullopt;
      return mean_where(ratio, counts,
                        [&](std::size_t c) { return c != static_cast<std::size_t>(*background); });
    case Over::kFrequency:
      return weighted_by_truth(ratio, counts);
    case Over::kSums:
      return ratio_of_sums(ratio, counts);
  }
  throw core::InternalError("no such way to average scores");
}

}  // namespace segbench::metrics
