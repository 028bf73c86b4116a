// SPDX-License-Identifier: MIT
#include "harness/metrics/scores.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <string>

#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/metrics/formulas.h"

namespace segbench::metrics {
namespace {

using Optionals = std::vector<std::optional<double>>;
__extension__ using Wide = __int128;  // products of two pixel counts reach 1e25

std::optional<double> by_formula(std::string_view key, std::span<const core::ClassCounts> counts,
                                 const core::Background& background) {
  const ScoreFormula& formula = *find_formula(key);
  return score_of(formula.ratio, formula.over, counts, background);
}

std::int64_t row(const core::ClassCounts& counts) {
  return counts.tp + counts.fn;
}
std::int64_t column(const core::ClassCounts& counts) {
  return counts.tp + counts.fp;
}

/// The sums of products that kappa and Matthews' coefficient share: exact integers.
struct Products {
  Wide rows_columns = 0, rows_rows = 0, columns_columns = 0;
};

Products products_of(std::span<const core::ClassCounts> counts) {
  Products sums;
  for (const core::ClassCounts& c : counts) {
    sums.rows_columns += Wide{row(c)} * column(c);
    sums.rows_rows += Wide{row(c)} * row(c);
    sums.columns_columns += Wide{column(c)} * column(c);
  }
  return sums;
}

void add_agreement(PooledScores& scores, std::span<const core::ClassCounts> counts, std::int64_t right) {
  const Products sums = products_of(counts);
  const Wide n = scores.num_valid_pixels;
  const Wide excess = n * right - sums.rows_columns;
  if (const Wide room = n * n - sums.rows_columns; room != 0) {
    scores.cohen_kappa =
        static_cast<double>(static_cast<long double>(excess) / static_cast<long double>(room));
  }
  const Wide rows = n * n - sums.rows_rows, columns = n * n - sums.columns_columns;
  if (rows != 0 && columns != 0) {
    const long double spread =
        std::sqrt(static_cast<long double>(rows)) * std::sqrt(static_cast<long double>(columns));
    scores.mcc = static_cast<double>(static_cast<long double>(excess) / spread);
  }
}

void add_mean_ious(PooledScores& scores, std::span<const core::ClassCounts> counts) {
  double sum = 0, absent = 0;
  for (const std::optional<double>& iou : scores.iou) {
    sum += iou.value_or(0.0);
    absent += iou ? 0 : 1;
  }
  const auto classes = static_cast<double>(counts.size());
  scores.miou_gt_present = score_of(kIou, Over::kClassesInTruth, counts);
  scores.miou_absent_as_zero = sum / classes;
  scores.miou_absent_as_one = (sum + absent) / classes;
}

}  // namespace

std::optional<double> iou(const core::ClassCounts& counts) {
  return ratio_of(kIou, counts);
}
std::optional<double> dice(const core::ClassCounts& counts) {
  return ratio_of(kDice, counts);
}

std::int64_t valid_pixels(std::span<const core::ClassCounts> counts) {
  std::int64_t sum = 0;
  for (const core::ClassCounts& c : counts) sum += row(c);
  return sum;
}

std::optional<double> mean_of_defined(std::span<const std::optional<double>> values) {
  double sum = 0;
  std::int64_t defined = 0;
  for (const std::optional<double>& value : values) {
    if (!value) continue;
    sum += *value;
    ++defined;
  }
  if (defined == 0) return std::nullopt;
  return sum / static_cast<double>(defined);
}

PooledScores pooled_scores(std::span<const core::ClassCounts> counts, core::Background background) {
  PooledScores scores;
  scores.num_valid_pixels = valid_pixels(counts);
  std::int64_t right = 0;
  for (const core::ClassCounts& c : counts) {
    right += c.tp;
    scores.class_accuracy.push_back(ratio_of(kClassAccuracy, c));
    scores.class_precision.push_back(ratio_of(kClassPrecision, c));
    scores.iou.push_back(iou(c));
    scores.dice.push_back(dice(c));
  }
  if (scores.num_valid_pixels == 0) return scores;
  scores.pixel_accuracy = by_formula("pixel_accuracy", counts, background);
  scores.mean_class_accuracy = by_formula("mean_class_accuracy", counts, background);
  scores.miou_union_present = by_formula("miou", counts, background);
  scores.miou_no_background = by_formula("miou_no_background", counts, background);
  scores.fwiou = by_formula("fwiou", counts, background);
  scores.mean_dice_union_present = by_formula("mean_dice", counts, background);
  scores.mean_dice_no_background = by_formula("mean_dice_no_background", counts, background);
  add_mean_ious(scores, counts);
  add_agreement(scores, counts, right);
  return scores;
}

PooledScores pooled_scores(const core::Confusion& confusion, core::Background background) {
  const std::vector<core::ClassCounts> counts = confusion.class_counts();
  PooledScores scores = pooled_scores(counts, background);
  Optionals penalty_free;
  for (int c = 0; background && c < confusion.num_classes(); ++c) {
    if (c == *background) continue;
    core::ClassCounts kept = counts[static_cast<std::size_t>(c)];
    kept.fp -= confusion.at(*background, c);
    penalty_free.push_back(iou(kept));
  }
  scores.miou_background_pixels_ignored = mean_of_defined(penalty_free);
  return scores;
}

std::optional<double> score(std::string_view metric_key, std::span<const core::ClassCounts> counts,
                            std::optional<double> loss, core::Background background) {
  if (metric_key == "loss") return loss;
  if (find_formula(metric_key) != nullptr) return by_formula(metric_key, counts, background);
  std::vector<std::string> keys;
  for (const core::Measure& metric : core::kPooledScores) keys.emplace_back(metric.key);
  throw core::UserError(fmt::format("unknown metric \"{}\"; known metrics: {}{}", metric_key,
                                    fmt::join(keys, ", "), core::did_you_mean(metric_key, keys)));
}

}  // namespace segbench::metrics
