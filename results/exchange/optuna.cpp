// SPDX-License-Identifier: MIT
#include "results/exchange/optuna.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/core/measures.h"
#include "harness/core/optional_json.h"
#include "harness/text/utf8.h"
#include "results/conclusions/conclusions.h"

namespace segbench::exchange {
namespace {

using core::Json;

enum Operation { kCreateStudy = 0, kStudyAttribute = 2, kCreateTrial = 4 };
constexpr int kMinimize = 1, kMaximize = 2;                          // StudyDirection
constexpr int kRunning = 0, kComplete = 1, kFail = 3, kWaiting = 4;  // TrialState
constexpr const char* kWorker = "segbench";

std::string line_of(Operation operation, Json fields) {
  fields["op_code"] = static_cast<int>(operation);
  fields["worker_id"] = kWorker;
  return fields.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// A value that Optuna's categories may be: anything else as text.
Json category_of(const Json& value) {
  return value.is_structured() ? Json(value.dump()) : value;
}

/// The values of every axis over the study.
std::map<std::string, Json> categories_of(const std::vector<TrialSeries>& trials) {
  std::map<std::string, Json> categories;
  for (const TrialSeries& trial : trials) {
    for (const auto& [axis, value] : trial.trial->record.axes.items()) {
      Json& known = categories.try_emplace(axis, Json::array()).first->second;
      const Json category = category_of(value);
      if (std::find(known.begin(), known.end(), category) == known.end()) known.push_back(category);
    }
  }
  return categories;
}

Json distribution(const char* name, const Json& attributes) {
  return Json({{"name", name}, {"attributes", attributes}}).dump();
}

int state_of(core::TrialStatus status, bool has_value) {
  switch (status) {
    case core::TrialStatus::kComplete:
      return has_value ? kComplete : kFail;
    case core::TrialStatus::kFailed:
      return kFail;
    case core::TrialStatus::kPending:
      return kWaiting;
    default:
      return kRunning;
  }
}

const Series* find(const TrialSeries& trial, const std::string& name) {
  const auto found = std::find_if(trial.series.begin(), trial.series.end(),
                                  [&](const Series& series) { return series.name == name; });
  return found == trial.series.end() ? nullptr : &*found;
}

Json trial_line(const TrialSeries& trial, const std::string& metric,
                const std::map<std::string, Json>& categories, std::uint64_t most_seed) {
  const store::TrialRecord& record = trial.trial->record;
  Json distributions = {
      {"seed",
       distribution("IntDistribution", {{"log", false}, {"step", 1}, {"low", 0}, {"high", most_seed}})}};
  Json params = {{"seed", record.seed}};
  for (const auto& [axis, value] : record.axes.items()) {
    const Json& choices = categories.at(axis);
    distributions[axis] = distribution("CategoricalDistribution", {{"choices", choices}});
    params[axis] = std::find(choices.begin(), choices.end(), category_of(value)) - choices.begin();
  }
  const Series* final = find(trial, "final/selection/" + metric);
  const Series* by_epoch = find(trial, "selection/" + metric);
  Json intermediate = Json::object();
  for (const Point& point : by_epoch != nullptr ? by_epoch->points : std::vector<Point>())
    intermediate[std::to_string(point.step)] = point.value;
  Json attributes = {{"trial", record.trial_id},
                     {"variant", text::clean(record.variant_label)},
                     {"variant_id", record.variant_id},
                     {"status", core::to_string(record.status)}};
  for (const Series& series : trial.series) {
    if (series.name.starts_with("final/test/"))
      attributes[series.name.substr(6)] = series.points.back().value;
  }
  // Optuna's own rules: a value is of a complete trial alone, and an end of one that has ended.
  const int state = state_of(record.status, final != nullptr);
  Json line = {
      {"study_id", 0},
      {"datetime_start", record.started.empty() ? Json() : Json(record.started.substr(0, 19) + "+00:00")},
      {"state", state},
      {"value", state == kComplete && final != nullptr ? Json(final->points.back().value) : Json()},
      {"values", nullptr},
      {"distributions", distributions},
      {"params", params},
      {"user_attrs", attributes},
      {"system_attrs", Json::object()},
      {"intermediate_values", intermediate}};
  if (!record.ended.empty() && (state == kComplete || state == kFail))
    line["datetime_complete"] = record.ended.substr(0, 19) + "+00:00";
  return line;
}

}  // namespace

std::string optuna_journal(const conclusions::StudyInputs& inputs, const std::vector<TrialSeries>& trials) {
  const std::string metric = conclusions::default_metric(inputs);
  const bool is_better_high = core::find_metric(metric)->higher_is_better;
  std::string journal = line_of(kCreateStudy, {{"study_name", inputs.study.name},
                                               {"directions", {is_better_high ? kMaximize : kMinimize}}});
  journal += line_of(kStudyAttribute, {{"study_id", 0}, {"user_attr", {{"metric", metric}}}});
  const std::map<std::string, Json> categories = categories_of(trials);
  std::uint64_t most_seed = 1;
  for (const TrialSeries& trial : trials) most_seed = std::max(most_seed, trial.trial->record.seed);
  for (const TrialSeries& trial : trials)
    journal += line_of(kCreateTrial, trial_line(trial, metric, categories, most_seed));
  return journal;
}

}  // namespace segbench::exchange
