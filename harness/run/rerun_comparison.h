// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/json.h"
#include "harness/trial/event_log.h"

namespace segbench::run {

/// How far two trials of the same specification agree.
enum class DeterminismGrade {
  kBitwise,    ///< weights and all events are equal, apart from times
  kTolerance,  ///< the same course, scores within kScoreTolerance
  kSeeded,     ///< only the random draws are the same
};
/// "bitwise", "tolerance", "seeded".
std::string_view to_string(DeterminismGrade grade);

/// Largest difference in any class's IoU of any evaluation that still counts as the same result.
inline constexpr double kScoreTolerance = 1e-3;

struct RerunComparison {
  DeterminismGrade grade = DeterminismGrade::kSeeded;
  /// Largest absolute difference of IoU = TP / (TP + FP + FN) over all evaluations and classes; empty when
  /// the evaluations cannot be paired.
  std::optional<double> largest_iou_difference;
  std::string
      first_difference;  ///< "" when bitwise: what differed first, e.g. "epoch 3: loss 0.512 and 0.513"
};

/// Compares two complete event logs of one trial specification.
RerunComparison compare_with_rerun(const trial::EventLog& trial, const trial::EventLog& rerun);

/// The first evaluation of two logs of one trial whose counts differ, in words: "evaluation 3 (test): tp of
/// class 1 is 512 and 498"; "" when all that both have are equal. Counts that differ are another result,
/// other losses in the last bits are not.
std::string first_different_counts(const trial::EventLog& a, const trial::EventLog& b);

/// Content of core::kDeterminismFile.
core::Json to_json(const RerunComparison& comparison, const std::string& device, int threads);

}  // namespace segbench::run
