// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"
#include "results/conclusions/conclusions.h"
#include "results/conclusions/summarise.h"

// What one condition of a claim asks, and how an interval answers it. A claim of the experiment file holds
// its conditions under the keys of study::claim_settings().

namespace segbench::conclusions {

/// One condition, as a range for the gain: held when the whole interval lies inside, refuted when it lies
/// outside.
struct Condition {
  enum Kind { kNotWorse, kBetter, kEquivalent, kFaster, kSmaller } kind = kBetter;
  double margin = 0;
  std::string measure;     ///< key of the measure; "iou" of the class
  std::string class_name;  ///< "": the score of all classes

  /// Fractions of the reference's value are compared, not values.
  bool is_share() const { return kind == kFaster || kind == kSmaller; }
};
std::vector<Condition> conditions_of(const core::Json& claim);

bool higher_is_better(const Condition& condition);
/// "mIoU", "IoU of road", "parameters".
std::string title_of(const Condition& condition);
/// "small is not worse than full by more than 0.010 (mIoU)".
std::string sentence_of(const Condition& condition, const std::string& candidate,
                        const std::string& reference);
/// A difference or a margin in the condition's unit.
std::string amount_of(const Condition& condition, double value, int digits);

/// "95%", "99.2%".
std::string percent_text(double level);
/// held | refuted | inconclusive, by the interval of the gain.
std::string outcome_of(const Condition& condition, const Interval& gain);
/// "the whole 95% interval lies on the good side of a loss of 0.010".
std::string reason_of(const Condition& condition, const std::string& outcome, int digits, double level);

}  // namespace segbench::conclusions
