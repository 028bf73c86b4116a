// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/text.h"
#include "reports/format.h"
#include "reports/model_parts.h"
#include "reports/summarise.h"

namespace segbench::reports {
namespace {

using core::Json;

/// The value that a variant has for a dotted key: of its axes, else of its resolved configuration.
Json setting(const StudyInputs& inputs, const Entry& entry, const std::string& key) {
  if (entry.axes.contains(key)) return entry.axes.at(key);
  for (const Json& variant : inputs.study.study.value("variants", Json::array())) {
    if (variant.at("id") != entry.id) continue;
    Json value = variant.value("config", Json::object());
    for (const std::string& part : core::split(key, '.')) value = value.is_object() ? value.value(part, Json()) : Json();
    return value;
  }
  return {};
}

/// A part may be chosen by its name alone: "adam" fits {"name": "adam", …}.
bool fits(const Json& wanted, const Json& found) {
  if (wanted == found) return true;
  if (found.is_object() && wanted.is_string()) return found.value("name", Json()) == wanted;
  if (!found.is_object() || !wanted.is_object()) return false;
  return std::all_of(wanted.items().begin(), wanted.items().end(),
                     [&](const auto& item) { return found.value(item.key(), Json()) == item.value(); });
}

std::vector<const Entry*> select(const StudyInputs& inputs, const ReportModel& model, const Json& selector) {
  std::vector<const Entry*> found;
  for (const Entry& entry : model.leaderboard) {
    bool all = true;
    for (const auto& [key, wanted] : selector.items()) all = all && fits(wanted, setting(inputs, entry, key));
    if (all) found.push_back(&entry);
  }
  return found;
}

/// Two variants make a pair when they agree in every axis that neither selector names.
bool is_pair(const Entry& candidate, const Entry& reference, const Json& claim) {
  if (candidate.id == reference.id) return false;
  for (const auto& [axis, value] : candidate.axes.items()) {
    if (claim.at("candidate").contains(axis) || claim.at("reference").contains(axis)) continue;
    if (reference.axes.value(axis, Json()) != value) return false;
  }
  return true;
}

/// What each used trial of a variant says of a metric, of the training time or of the peak memory.
std::vector<TrialValue> values_of(const ReportModel& model, const Entry& entry, const std::string& metric) {
  const Summary* summary = nullptr;
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

std::string describe(const Json& selector) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : selector.items()) {
    parts.push_back(fmt::format("{} = {}", key, value.is_string() ? value.get<std::string>() : value.dump()));
  }
  return parts.empty() ? "every variant" : fmt::format("{}", fmt::join(parts, ", "));
}

struct Rule {
  double margin = 0;
  bool better = false;  ///< better_by: the candidate must win by the margin; else it may lose by at most the margin
};

std::optional<Rule> rule_of(const Json& claim) {
  if (claim.contains("not_worse_by")) return Rule{claim.at("not_worse_by").get<double>(), false};
  if (claim.contains("better_by")) return Rule{claim.at("better_by").get<double>(), true};
  return std::nullopt;
}

void decide(ClaimResult& result, const Rule& rule) {
  const bool higher = higher_is_better(result.metric);
  const PairedDifference& pairs = *result.difference;
  if (pairs.seeds.size() < kSeedsForVerdict || !pairs.difference.interval) {
    result.outcome = "not decided";
    result.why = fmt::format("{} in common; at least {} are needed", plural(pairs.seeds.size(), "complete seed"),
                             kSeedsForVerdict);
    return;
  }
  const Interval& raw = *pairs.difference.interval;
  const Interval gain = higher ? raw : Interval{-raw.high, -raw.low};
  const double bound = rule.better ? rule.margin : -rule.margin;
  const int digits = digits_for({&pairs.difference});
  const std::string margin = metric_value(result.metric, rule.margin, std::max(digits, 2));
  const auto loss_or_lead = rule.better ? fmt::format("a lead of {}", margin) : fmt::format("a loss of {}", margin);
  if (gain.low > bound) {
    result.outcome = "held";
    result.why = fmt::format("the whole 95 % interval lies above {}", loss_or_lead);
  } else if (gain.high < bound) {
    result.outcome = "refuted";
    result.why = fmt::format("the whole 95 % interval lies below {}", loss_or_lead);
  } else {
    result.outcome = "inconclusive";
    result.why = fmt::format("the 95 % interval includes {}", loss_or_lead);
  }
}

ClaimResult judge_pair(const ReportModel& model, const Json& claim, const Entry& candidate, const Entry& reference) {
  ClaimResult result;
  result.metric = claim.value("metric", model.metric);
  result.candidate = candidate.id;
  result.reference = reference.id;
  const std::vector<TrialValue> ours = values_of(model, candidate, result.metric);
  const std::vector<TrialValue> theirs = values_of(model, reference, result.metric);
  const bool higher = higher_is_better(result.metric);
  result.candidate_score = summarise(ours, higher);
  result.reference_score = summarise(theirs, higher);
  result.difference = paired_difference(candidate.id, ours, reference.id, theirs);
  const std::optional<Rule> rule = rule_of(claim);
  if (!rule) {
    result.text = fmt::format("{} against {}, {}", clean(candidate.label), clean(reference.label),
                              metric_title(result.metric));
    result.outcome = "not decided";
    result.why = "the claim names no margin";
    return result;
  }
  result.margin = rule->margin;
  result.text = fmt::format("{} is {} {} by more than {} ({})", clean(candidate.label),
                            rule->better ? "better than" : "not worse than", clean(reference.label),
                            metric_value(result.metric, rule->margin, 3), metric_title(result.metric));
  decide(result, *rule);
  return result;
}

}  // namespace

std::vector<ClaimResult> judge_claims(const StudyInputs& inputs, const ReportModel& model) {
  std::vector<ClaimResult> results;
  for (const Json& claim : inputs.study.study.value("claims", Json::array())) {
    const std::size_t before = results.size();
    for (const Entry* candidate : select(inputs, model, claim.at("candidate"))) {
      for (const Entry* reference : select(inputs, model, claim.at("reference"))) {
        if (is_pair(*candidate, *reference, claim)) results.push_back(judge_pair(model, claim, *candidate, *reference));
      }
    }
    if (results.size() > before) continue;
    ClaimResult nothing;
    nothing.text = fmt::format("{} against {}", describe(claim.at("candidate")), describe(claim.at("reference")));
    nothing.metric = claim.value("metric", model.metric);
    nothing.outcome = "not decided";
    nothing.why = "no two variants of this study fit the claim";
    results.push_back(std::move(nothing));
  }
  return results;
}

std::vector<PublishedNumber> published_numbers(const StudyInputs& inputs, const ReportModel& model) {
  std::vector<PublishedNumber> numbers;
  for (const Json& given : inputs.study.study.value("published", Json::array())) {
    const Json selector = given.value("variant", Json::object());
    PublishedNumber number;
    number.what = describe(selector);
    number.metric = given.value("metric", model.metric);
    number.source = given.value("source", "");
    number.note = given.value("statistic", "");
    if (given.contains("value") && given.at("value").is_number()) number.value = given.at("value").get<double>();
    const std::vector<const Entry*> ours = select(inputs, model, selector);
    for (const Entry* entry : ours) {
      PublishedNumber beside = number;
      beside.variant = entry->id;
      beside.what = clean(entry->label);
      beside.ours = summarise(values_of(model, *entry, number.metric), higher_is_better(number.metric));
      numbers.push_back(std::move(beside));
    }
    if (ours.empty()) {
      number.ours.why_undefined = "no variant of this study fits";
      numbers.push_back(std::move(number));
    }
  }
  return numbers;
}

}  // namespace segbench::reports
