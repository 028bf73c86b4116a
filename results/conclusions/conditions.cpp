// SPDX-License-Identifier: MIT
#include "results/conclusions/conditions.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/core/measures.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"

namespace segbench::conclusions {
namespace {

using core::Json;

std::string text_in(const Json& claim, const char* key, const char* otherwise) {
  const Json value = claim.value(key, Json());
  return value.is_string() ? value.get<std::string>() : otherwise;
}

/// What is gained or lost, as a noun before its amount.
const char* noun_of(Condition::Kind kind) {
  switch (kind) {
    case Condition::kNotWorse:
      return "a loss";
    case Condition::kBetter:
      return "a lead";
    case Condition::kEquivalent:
      return "a difference";
    default:
      return "a saving";
  }
}

}  // namespace

std::vector<Condition> conditions_of(const Json& claim) {
  std::vector<Condition> conditions;
  const std::string class_name = text_in(claim, "class", "");
  const std::string metric = class_name.empty() ? text_in(claim, "metric", "") : "iou";
  const auto add = [&](const char* key, Condition::Kind kind, const std::string& measure,
                       const std::string& of_class) {
    const Json value = claim.value(key, Json());
    if (value.is_number()) conditions.push_back({kind, value.get<double>(), measure, of_class});
  };
  add("not_worse_by", Condition::kNotWorse, metric, class_name);
  add("better_by", Condition::kBetter, metric, class_name);
  add("equivalent_within", Condition::kEquivalent, metric, class_name);
  add("faster_by", Condition::kFaster, text_in(claim, "measure", "train_seconds"), "");
  add("smaller_by", Condition::kSmaller, text_in(claim, "size", "parameters"), "");
  return conditions;
}

bool higher_is_better(const Condition& condition) {
  if (condition.is_share() || !condition.class_name.empty()) return true;
  const core::Measure* measure = core::find_measure(condition.measure);
  return measure == nullptr || measure->higher_is_better;
}

std::string title_of(const Condition& condition) {
  if (!condition.class_name.empty()) return "IoU of " + text::clean(condition.class_name);
  return text::metric_title(condition.measure);
}

std::string amount_of(const Condition& condition, double value, int digits) {
  if (condition.is_share()) return text::fixed(100 * value, 1) + "%";
  return condition.class_name.empty() ? text::metric_value(condition.measure, value, digits)
                                      : text::fixed(value, digits);
}

std::string sentence_of(const Condition& condition, const std::string& candidate,
                        const std::string& reference) {
  const std::string margin = amount_of(condition, condition.margin, 3);
  switch (condition.kind) {
    case Condition::kFaster:
      return fmt::format("{} {} at least {} faster than {}", candidate,
                         condition.measure == "train_seconds" ? "trains" : "predicts", margin, reference);
    case Condition::kSmaller:
      return fmt::format("{} needs at least {} less than {} ({})", candidate, margin, reference,
                         title_of(condition));
    case Condition::kEquivalent:
      return fmt::format("{} is equivalent to {} within {} ({})", candidate, reference, margin,
                         title_of(condition));
    default:
      return fmt::format("{} is {} {} by more than {} ({})", candidate,
                         condition.kind == Condition::kBetter ? "better than" : "not worse than", reference,
                         margin, title_of(condition));
  }
}

std::string percent_text(double level) {
  const double value = 100 * level;
  return text::fixed(value, std::abs(value - std::round(value)) < 0.005 ? 0 : value < 99.5 ? 1 : 2) + "%";
}

std::string outcome_of(const Condition& condition, const Interval& gain) {
  if (condition.kind == Condition::kEquivalent) {
    if (gain.low > -condition.margin && gain.high < condition.margin) return "held";
    return gain.low > condition.margin || gain.high < -condition.margin ? "refuted" : "inconclusive";
  }
  if (condition.kind == Condition::kNotWorse)
    return gain.low >= -condition.margin   ? "held"
           : gain.high < -condition.margin ? "refuted"
                                           : "inconclusive";
  const bool is_held = condition.is_share() ? gain.low >= condition.margin : gain.low > condition.margin;
  return is_held ? "held" : gain.high < condition.margin ? "refuted" : "inconclusive";
}

std::string reason_of(const Condition& condition, const std::string& outcome, int digits, double level) {
  const std::string interval = percent_text(level) + " interval";
  const std::string what =
      fmt::format("{} of {}", noun_of(condition.kind), amount_of(condition, condition.margin, digits));
  if (outcome == "inconclusive") return fmt::format("the {} includes {}", interval, what);
  if (condition.kind == Condition::kEquivalent)
    return fmt::format("the whole {} lies {} {} in either direction", interval,
                       outcome == "held" ? "within" : "beyond", what);
  const bool held = outcome == "held";
  const char* verb = condition.kind == Condition::kNotWorse ? (held ? "stays within" : "lies beyond")
                     : !held                                ? "falls short of"
                     : condition.is_share()                 ? "reaches"
                                                            : "lies beyond";
  return fmt::format("the whole {} {} {}", interval, verb, what);
}

}  // namespace segbench::conclusions
