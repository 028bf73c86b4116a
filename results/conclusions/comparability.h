// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/conclusions/conclusions.h"
#include "results/conclusions/inputs.h"

// The one rule by which `segbench compare`, `segbench report` and every claim decide whether scores may be
// held against each other: same data (fingerprint) and same images of the scored split, the same classes and
// background, the same device, driver and precision.

namespace segbench::conclusions {

/// What a trial's scores refer to: "data 3f2a…, test images 9c1b…".
std::string basis_of(const store::TrialRecord& record, const std::string& split);

/// Something in which trials may differ so that they are not comparable. `segbench check --allow KEY` waives
/// it.
struct Facet {
  std::string_view key;
  std::string_view title;  ///< for people
  bool of_costs = false;   ///< makes only times and memory incomparable
  std::string (*read)(const store::TrialRecord& record, const std::string& split) = nullptr;
};
/// data, convention, device, driver, precision and machine. What a trial does not tell differs from nothing.
std::span<const Facet> facets();

/// The facets in which the complete trials of two variants differ, of scores or of costs.
std::vector<const Facet*> differing_facets(const StudyInputs& inputs, const Conclusions& model,
                                           const std::string& variant, const std::string& other,
                                           bool of_costs);

/// Whether nothing that is not allowed forbids to hold the scores of two variants against each other.
bool comparable(const StudyInputs& inputs, const Conclusions& model, const std::string& variant,
                const std::string& other);

/// In what the complete trials of the study differ, so that their scores are not comparable; without what is
/// allowed.
std::vector<const Facet*> forbidding_facets(const StudyInputs& inputs, const Conclusions& model);

/// One line a group of variants that are comparable, "data …, test images …: small, medium"; empty when there
/// is but one group.
std::vector<std::string> incomparable_groups(const StudyInputs& inputs, const Conclusions& model);

/// Keeps the variants with these labels, in the plan and among the trials.
void keep_variants(StudyInputs& inputs, const std::vector<std::string>& labels);

}  // namespace segbench::conclusions
