// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/measures.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/conditions.h"
#include "results/conclusions/image_subset.h"
#include "results/conclusions/latency.h"
#include "results/conclusions/sequential.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/conclusions/values.h"
#include "results/statistics/decision.h"

namespace segbench::conclusions {
namespace {

using core::Json;

int class_index_of(const Entry& entry, const std::string& class_name) {
  for (std::size_t c = 0; c < entry.classes.size(); ++c) {
    if (entry.classes[c].name == class_name) return static_cast<int>(c);
  }
  return -1;
}

/// Numbers of things follow from the configuration: one trial of each tells them.
bool is_exact(const Condition& condition) {
  const core::Measure* measure = core::find_measure(condition.measure);
  return condition.is_share() && measure != nullptr && measure->unit == "count";
}

void decide(ClaimResult& result, const Condition& condition) {
  PairedDifference& pairs = *result.difference;
  std::optional<Interval> raw = pairs.evidence.interval;
  if (is_exact(condition) && pairs.difference.mean)
    raw = Interval{*pairs.difference.minimum, *pairs.difference.maximum};
  if (!raw || (!is_exact(condition) && pairs.seeds.size() < kSeedsForVerdict)) {
    result.outcome = "not decided";
    result.why = fmt::format("{} in common; at least {} are needed",
                             text::plural(pairs.seeds.size(), "complete seed"), kSeedsForVerdict);
    return;
  }
  const Interval gain = higher_is_better(condition) ? *raw : Interval{-raw->high, -raw->low};
  result.outcome = outcome_of(condition, gain);
  result.why = reason_of(condition, result.outcome, std::max(3, digits_for({&pairs.difference})),
                         pairs.evidence.level);
  if (pairs.evidence.images > 0)
    result.why += fmt::format(" (paired by {} and {})", text::plural(pairs.seeds.size(), "seed"),
                              text::plural(pairs.evidence.images, "image"));
  if (result.outcome != "inconclusive" || condition.is_share()) return;
  const double bound = condition.kind == Condition::kEquivalent ? 0
                       : condition.kind == Condition::kNotWorse ? -condition.margin
                                                                : condition.margin;
  std::vector<double> beyond;
  for (const double value : pairs.difference.values)
    beyond.push_back((higher_is_better(condition) ? value : -value) - bound);
  const auto margin =
      condition.kind == Condition::kEquivalent ? std::optional(condition.margin) : std::nullopt;
  const auto needed = pairs.evidence.seeds_to_decide = statistics::pairs_to_decide(beyond, margin);
  if (needed && *needed > static_cast<std::int64_t>(beyond.size()))
    result.why += fmt::format("; with differences like these, about {} in all would settle it",
                              text::plural(static_cast<std::size_t>(*needed), "seed"));
}

/// Share of the reference's cost that the candidate saves, seed by seed: 1 - candidate / reference.
PairedDifference share_saved(const PairedDifference& costs, const std::vector<TrialValue>& reference,
                             double level) {
  PairedDifference shares = costs;
  std::vector<TrialValue> values;
  for (std::size_t i = 0; i < costs.seeds.size(); ++i) {
    const auto theirs = std::find_if(reference.begin(), reference.end(),
                                     [&](const TrialValue& value) { return value.seed == costs.seeds[i]; });
    std::optional<double> saved;
    if (*theirs->value > 0) saved = -costs.difference.values[i] / *theirs->value;
    values.push_back({costs.candidate_trials[i], costs.seeds[i], saved});
  }
  shares.difference = summarise(values);
  shares.evidence.level = level;
  shares.evidence.interval = statistics::t_interval(shares.difference.values, level);
  return shares;
}

/// In what the trials of the two differ, parted by whether that was waived.
struct Differing {
  std::vector<std::string> titles, keys;  ///< that forbid the comparison
  std::vector<std::string> waived;        ///< titles of those that are allowed
};

Differing differing_in(const StudyInputs& inputs, const Conclusions& model, const ClaimResult& result,
                       bool of_costs) {
  Differing differing;
  for (const Facet* facet : differing_facets(inputs, model, result.candidate, result.reference, of_costs)) {
    if (std::find(model.allowed.begin(), model.allowed.end(), facet->key) != model.allowed.end()) {
      differing.waived.emplace_back(facet->title);
      continue;
    }
    differing.titles.emplace_back(facet->title);
    differing.keys.emplace_back(facet->key);
  }
  return differing;
}

ClaimResult judge_condition(const StudyInputs& inputs, const Conclusions& model, const Json& claim,
                            const Condition& condition) {
  ClaimResult result;
  result.is_share = condition.is_share();
  result.metric = condition.measure;
  result.class_name = condition.class_name;
  result.margin = condition.margin;
  const Entry* candidate = find_entry(model, text_of(claim, "candidate_id"));
  const Entry* reference = find_entry(model, text_of(claim, "reference_id"));
  const ImageSubset subset = condition.is_share() ? ImageSubset() : image_subset_of(claim);
  result.text = sentence_of(condition, text::clean(text_of(claim, "candidate_label")),
                            text::clean(text_of(claim, "reference_label"))) +
                describe(subset, model.split);
  if (candidate == nullptr || reference == nullptr) {
    result.outcome = "not decided";
    result.why = "the study has no such variants";
    return result;
  }
  result.candidate = candidate->id, result.reference = reference->id;
  if (condition.measure == kLatency) {
    judge_latency(result, condition, inputs, model);
    return result;
  }
  const auto values = [&](const Entry& entry) {
    return subset.is_all() ? values_of(model, entry, condition.measure, condition.class_name)
                           : scores_on(subset, inputs, model, entry, condition.measure, condition.class_name);
  };
  const std::vector<TrialValue> ours = values(*candidate), theirs = values(*reference);
  const bool higher = condition.is_share() ? false : higher_is_better(condition);
  result.candidate_score = summarise(ours, higher);
  result.reference_score = summarise(theirs, higher);
  result.difference = paired_difference(candidate->id, ours, reference->id, theirs);
  const core::Measure* measure = core::find_measure(condition.measure);
  const bool of_costs = measure != nullptr && measure->scope == core::Scope::kTrial && !is_exact(condition);
  const Differing differing =
      is_exact(condition) ? Differing{} : differing_in(inputs, model, result, of_costs);
  if (!differing.titles.empty()) {
    result.outcome = "not comparable";
    result.why =
        fmt::format("the trials differ in {} (`segbench check --allow {}` compares them nonetheless)",
                    fmt::join(differing.titles, ", "), fmt::join(differing.keys, " --allow "));
    return result;
  }
  if (const std::string problem = subset_problem(subset, inputs, model, *candidate); !problem.empty()) {
    result.outcome = "not decided";
    result.why = problem;
    return result;
  }
  const double level = claim_level_of(model, result.difference->seeds.size());
  const int class_index = class_index_of(*candidate, condition.class_name);
  if (condition.is_share())
    result.difference = share_saved(*result.difference, theirs, level);
  else if (subset.is_all())
    weigh(*result.difference, inputs, model, condition.measure, class_index, level);
  else
    weigh(*result.difference, only_images(inputs, subset), model, condition.measure, class_index, level);
  decide(result, condition);
  if (!differing.waived.empty())
    result.why += fmt::format("; compared although the trials differ in {} (waived)",
                              fmt::join(differing.waived, ", "));
  const std::size_t warnings =
      warnings_about(model, {candidate->id, reference->id}, /*about_scores=*/!condition.is_share());
  if (warnings > 0 && !is_exact(condition))
    result.why += fmt::format("; with reservations: {} above", text::plural(warnings, "warning"));
  return result;
}

}  // namespace

std::vector<ClaimResult> judge_claims(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ClaimResult> results;
  std::size_t number = 0;
  for (const Json& claim : inputs.study.study.value("claims", Json::array())) {
    ++number;
    for (const Condition& condition : conditions_of(claim)) {
      results.push_back(judge_condition(inputs, model, claim, condition));
      results.back().claim = number;
    }
  }
  return results;
}

}  // namespace segbench::conclusions
