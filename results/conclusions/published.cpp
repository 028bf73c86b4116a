// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/core/measures.h"
#include "harness/text/utf8.h"
#include "results/conclusions/replication.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/values.h"
#include "results/statistics/prediction.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// What a published number was made of: the mean or the best of so many runs.
struct Statistic {
  bool is_best = false;
  std::int64_t runs = 1;
};

Statistic statistic_of(const Json& given) {
  for (const char* key : {"best_of", "mean_of"}) {
    if (const Json runs = given.value(key, Json()); runs.is_number())
      return {std::string_view(key) == "best_of", runs.get<std::int64_t>()};
  }
  return {};
}

/// Where such a number of further trials lies; of the best of costs, the smallest one.
std::optional<Interval> expected_of(const Quantity& ours, const Statistic& statistic, bool higher) {
  if (ours.values.size() < kSeedsForVerdict) return std::nullopt;
  std::vector<double> values = ours.values;
  const bool mirrored = statistic.is_best && !higher;
  if (mirrored) std::transform(values.begin(), values.end(), values.begin(), std::negate<>());
  const auto future = statistic.is_best ? statistics::Future::kLargest : statistics::Future::kMean;
  const auto found = statistics::prediction_interval(values, future, statistic.runs);
  return mirrored ? Interval{-found->high, -found->low} : *found;
}

/// Half a unit of the last decimal that was published; of scores at least two are taken to be.
double rounding_of(double value, bool is_score) {
  return 0.5 * std::pow(10.0, -std::max(decimals_of(value), is_score ? 2 : 0));
}

/// Ours by one variant and one way of scoring it, against the published number.
Replication replicate(const StudyInputs& inputs, const Conclusions& model, const Entry& entry,
                      const std::string& by, const Statistic& statistic, std::optional<double> published) {
  Replication ours{.variant = entry.id, .by = by, .ours = {}, .expected = {}, .outcome = "not decided"};
  const core::Measure* measure = core::find_measure(by);
  const bool higher = measure == nullptr || measure->higher_is_better;
  ours.ours = summarise(
      measure != nullptr ? values_of(model, entry, by) : values_by_convention(inputs, model, entry, by),
      higher);
  ours.expected = expected_of(ours.ours, statistic, higher);
  if (measure != nullptr) {
    keep_within(ours.ours, measure->least, measure->most);
    if (ours.expected)
      ours.expected = Interval{std::clamp(ours.expected->low, measure->least, measure->most),
                               std::clamp(ours.expected->high, measure->least, measure->most)};
  }
  if (!ours.ours.mean && entry.complete > 0) ours.outcome = "not measured";
  if (!ours.expected || !published) return ours;
  const double rounding = rounding_of(*published, measure == nullptr || measure->unit.empty());
  const bool agrees =
      *published + rounding >= ours.expected->low && *published - rounding <= ours.expected->high;
  ours.outcome = agrees ? "agrees" : "differs";
  return ours;
}

/// Ours, then by what the experiment file names as causes of a difference.
std::vector<Replication> replications_of(const StudyInputs& inputs, const Conclusions& model,
                                         const Json& given, const Entry& entry,
                                         const PublishedNumber& number) {
  std::vector<std::string> ways = {number.metric};
  if (const std::string convention = text_of(given, "convention"); !convention.empty())
    ways.push_back(convention);
  std::vector<const Entry*> variants = {&entry};
  for (const Json& cause : given.value("explained_by", Json::array())) {
    if (const Entry* other = find_entry(model, text_of(cause, "variant_id"))) variants.push_back(other);
  }
  std::vector<Replication> replications;
  for (const Entry* variant : variants) {
    for (const std::string& way : ways)
      replications.push_back(replicate(inputs, model, *variant, way, statistic_of(given), number.value));
  }
  return replications;
}

}  // namespace

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
      number.replications = replications_of(inputs, model, given, *entry, number);
      number.ours = number.replications.front().ours;
    } else {
      number.ours.why_undefined = "the study has no such variant";
    }
    number.outcome = outcome_of(number);
    number.sentence = sentence_of(number, model);
    numbers.push_back(std::move(number));
  }
  return numbers;
}

}  // namespace segbench::conclusions
