// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// What each used trial of a variant says of a metric, of the training time or of the peak memory.
std::vector<TrialValue> values_of(const Conclusions& model, const Entry& entry, const std::string& metric) {
  const Quantity* summary = nullptr;
  if (metric == "train_seconds") summary = &entry.train_seconds;
  if (metric == "peak_memory_bytes") summary = &entry.peak_memory_bytes;
  for (const MetricScore& score : entry.metrics) {
    if (score.key == metric) summary = &score.summary;
  }
  std::vector<TrialValue> values;
  for (const TrialLine& line : model.trials) {
    if (!line.used || line.variant != entry.id) continue;
    TrialValue value{line.id, line.seed, std::nullopt};
    for (std::size_t i = 0; summary != nullptr && i < summary->trials.size(); ++i) {
      if (summary->trials[i] == line.id) value.value = summary->values[i];
    }
    values.push_back(value);
  }
  return values;
}

/// A string of a claim; "" where it is null or absent.
std::string text_of(const Json& json, const char* key) {
  const Json value = json.value(key, Json());
  return value.is_string() ? value.get<std::string>() : "";
}

/// One condition of a claim, as a least gain: held when the whole interval of the gain lies above it.
struct Condition {
  enum Kind { kNotWorse, kBetter, kFaster } kind;
  double margin;
  double least_gain() const { return kind == kNotWorse ? -margin : margin; }
};

std::vector<Condition> conditions_of(const Json& claim) {
  std::vector<Condition> conditions;
  const auto add = [&](const char* key, Condition::Kind kind) {
    const Json value = claim.value(key, Json());
    if (value.is_number()) conditions.push_back({kind, value.get<double>()});
  };
  add("not_worse_by", Condition::kNotWorse);
  add("better_by", Condition::kBetter);
  add("faster_by", Condition::kFaster);
  return conditions;
}

std::string amount(const ClaimResult& result, double value, int digits) {
  return result.is_share ? text::fixed(100 * value, 1) + "%"
                         : text::metric_value(result.metric, value, digits);
}

std::string sentence(const ClaimResult& result, const Condition& condition, const std::string& candidate,
                     const std::string& reference) {
  const std::string margin = amount(result, condition.margin, 3);
  if (condition.kind == Condition::kFaster)
    return fmt::format("{} trains at least {} faster than {}", candidate, margin, reference);
  return fmt::format("{} is {} {} by more than {} ({})", candidate,
                     condition.kind == Condition::kBetter ? "better than" : "not worse than", reference,
                     margin, text::metric_title(result.metric));
}

void decide(ClaimResult& result, const Condition& condition) {
  const PairedDifference& pairs = *result.difference;
  if (pairs.seeds.size() < kSeedsForVerdict || !pairs.difference.interval) {
    result.outcome = "not decided";
    result.why = fmt::format("{} in common; at least {} are needed",
                             text::plural(pairs.seeds.size(), "complete seed"), kSeedsForVerdict);
    return;
  }
  const Interval& raw = *pairs.difference.interval;
  const bool gains = result.is_share || text::higher_is_better(result.metric);
  const Interval gain = gains ? raw : Interval{-raw.high, -raw.low};
  const std::string margin = amount(result, condition.margin, std::max(3, digits_for({&pairs.difference})));
  const char* what = condition.kind == Condition::kNotWorse ? "a loss of"
                     : condition.kind == Condition::kBetter ? "a lead of"
                                                            : "a saving of";
  result.outcome = gain.low > condition.least_gain()    ? "held"
                   : gain.high < condition.least_gain() ? "refuted"
                                                        : "inconclusive";
  result.why = result.outcome == "inconclusive"
                   ? fmt::format("the 95% interval includes {} {}", what, margin)
                   : fmt::format("the whole 95% interval lies on the {} side of {} {}",
                                 result.outcome == "held" ? "good" : "bad", what, margin);
}

/// Share of the reference's time that the candidate saves, seed by seed: 1 - candidate / reference.
PairedDifference share_saved(const PairedDifference& seconds, const std::vector<TrialValue>& reference) {
  PairedDifference shares = seconds;
  std::vector<TrialValue> values;
  for (std::size_t i = 0; i < seconds.seeds.size(); ++i) {
    const auto theirs = std::find_if(reference.begin(), reference.end(),
                                     [&](const TrialValue& value) { return value.seed == seconds.seeds[i]; });
    std::optional<double> saved;
    if (*theirs->value > 0) saved = -seconds.difference.values[i] / *theirs->value;
    values.push_back({seconds.candidate_trials[i], seconds.seeds[i], saved});
  }
  shares.difference = summarise(values);
  return shares;
}

ClaimResult judge_condition(const StudyInputs& inputs, const Conclusions& model, const Json& claim,
                            const Condition& condition) {
  ClaimResult result;
  result.is_share = condition.kind == Condition::kFaster;
  result.metric = result.is_share ? "train_seconds" : text_of(claim, "metric");
  result.margin = condition.margin;
  const Entry* candidate = find_entry(model, text_of(claim, "candidate_id"));
  const Entry* reference = find_entry(model, text_of(claim, "reference_id"));
  result.text = sentence(result, condition, text::clean(text_of(claim, "candidate_label")),
                         text::clean(text_of(claim, "reference_label")));
  if (candidate == nullptr || reference == nullptr) {
    result.outcome = "not decided";
    result.why = "the study has no such variants";
    return result;
  }
  result.candidate = candidate->id, result.reference = reference->id;
  const std::vector<TrialValue> ours = values_of(model, *candidate, result.metric);
  const std::vector<TrialValue> theirs = values_of(model, *reference, result.metric);
  result.candidate_score = summarise(ours, text::higher_is_better(result.metric));
  result.reference_score = summarise(theirs, text::higher_is_better(result.metric));
  result.difference = paired_difference(candidate->id, ours, reference->id, theirs);
  if (result.is_share) result.difference = share_saved(*result.difference, theirs);
  if (comparable(inputs, model, candidate->id, reference->id)) {
    decide(result, condition);
    const std::size_t warnings =
        warnings_about(model, {candidate->id, reference->id}, /*about_scores=*/!result.is_share);
    if (warnings > 0)
      result.why += fmt::format("; with reservations: {} above", text::plural(warnings, "warning"));
  } else {
    result.outcome = "not decided";
    result.why = "the two are scored on different images";
  }
  return result;
}

}  // namespace

std::vector<ClaimResult> judge_claims(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ClaimResult> results;
  for (const Json& claim : inputs.study.study.value("claims", Json::array())) {
    for (const Condition& condition : conditions_of(claim))
      results.push_back(judge_condition(inputs, model, claim, condition));
  }
  return results;
}

std::vector<PublishedNumber> published_numbers(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<PublishedNumber> numbers;
  for (const Json& given : inputs.study.study.value("published", Json::array())) {
    PublishedNumber number;
    number.what = text::clean(text_of(given, "variant_label"));
    number.metric = text_of(given, "metric");
    number.source = text_of(given, "source");
    number.note = text_of(given, "statistic");
    const Json value = given.value("value", Json());
    if (value.is_number()) number.value = value.get<double>();
    if (const Entry* entry = find_entry(model, text_of(given, "variant_id"))) {
      number.variant = entry->id;
      number.ours = summarise(values_of(model, *entry, number.metric), text::higher_is_better(number.metric));
    } else {
      number.ours.why_undefined = "the study has no such variant";
    }
    numbers.push_back(std::move(number));
  }
  return numbers;
}

}  // namespace segbench::conclusions
