// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/table.h"
#include "results/statistics/summary.h"
#include "results/store/records.h"

namespace segbench::cli {

/// What `segbench compare` shows of one variant.
struct VariantRow {
  std::string label;
  std::map<std::uint64_t, double> scores;  ///< by seed
  std::int64_t trials = 0, failed = 0, unfinished = 0;
  statistics::Summary summary;
  std::optional<double> expected_best;  ///< E[max of n] with replacement, n = number of scores
  std::int64_t pairs = 0;               ///< seeds shared with the best variant
  std::optional<double>
      difference;  ///< mean of (this - best) over the shared seeds; empty for the best itself
  std::optional<statistics::Interval> difference_ci95;
  std::optional<double> train_seconds;  ///< mean over its complete trials
  std::optional<std::int64_t> parameters;
};

struct Comparison {
  std::string metric, split;
  std::vector<VariantRow> variants;  ///< best mean first; variants without a score last
  std::vector<std::string> notes;    ///< what a reader must know, one sentence each
};

/// Compares the variants of a study by one metric (core::kMetricNames) on one split. Throws core::UserError
/// with exit code kNotComparable when the scores are of different data or of different images.
Comparison compare_variants(const std::vector<store::TrialRecord>& trials,
                            const std::vector<store::EvaluationRecord>& evaluations, std::string_view metric,
                            std::string_view split);

/// The comparison as a table. For people (`table`, `md`) an interval is one cell, otherwise two columns.
Table comparison_table(const Comparison& comparison, std::string_view format);

}  // namespace segbench::cli
