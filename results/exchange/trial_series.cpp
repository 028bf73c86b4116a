// SPDX-License-Identifier: MIT
#include "results/exchange/trial_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>

#include "harness/core/measures.h"
#include "harness/text/utf8.h"
#include "results/conclusions/summarise.h"

namespace segbench::exchange {
namespace {

using conclusions::TrialInputs;
using core::Json;

/// At most four bytes a column: what is appended fits into the 255 bytes of a file's name, too.
constexpr std::size_t kWidestName = 48;

void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& settings) {
  if (json.is_object() && !json.empty()) {
    for (const auto& [key, value] : json.items())
      flatten(value, path.empty() ? key : path + "." + key, settings);
  } else {
    settings[path] = json.is_string() ? json.get<std::string>()
                                      : json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

/// When each epoch ended.
std::map<std::int64_t, double> ends_of_epochs(const TrialInputs& trial, double started) {
  std::map<std::int64_t, double> ends;
  double seconds = started;
  for (const store::EpochRecord& epoch : trial.epochs) {
    seconds += epoch.train_seconds.value_or(0);
    ends[epoch.epoch] = seconds;
  }
  return ends;
}

class SeriesMaker {
 public:
  explicit SeriesMaker(TrialSeries& into) : into_(into), ends_(ends_of_epochs(*into.trial, into.started)) {}

  void add(const std::string& name, std::int64_t epoch, const std::optional<double>& value) {
    if (!value) return;
    const auto end = ends_.find(epoch);
    auto found = std::find_if(into_.series.begin(), into_.series.end(),
                              [&](const Series& series) { return series.name == name; });
    if (found == into_.series.end()) found = into_.series.insert(found, Series{.name = name, .points = {}});
    found->points.push_back({epoch, end != ends_.end() ? end->second : into_.ended, *value});
  }

 private:
  TrialSeries& into_;
  std::map<std::int64_t, double> ends_;
};

void add_series(TrialSeries& into) {
  SeriesMaker make(into);
  for (const store::EpochRecord& epoch : into.trial->epochs) {
    make.add("train/loss", epoch.epoch, epoch.loss);
    make.add("train/learning_rate", epoch.epoch, epoch.learning_rate);
  }
  for (const store::EvaluationRecord& evaluation : into.trial->evaluations) {
    const bool is_final = evaluation.weights == "selected";
    for (const core::Measure& metric : core::kMetrics)
      make.add(fmt::format("{}{}/{}", is_final ? "final/" : "", evaluation.split, metric.key),
               evaluation.epoch, conclusions::score_of(evaluation, metric.key));
  }
}

}  // namespace

double seconds_of(const std::string& timestamp) {
  std::tm parts{};
  if (std::sscanf(timestamp.c_str(), "%d-%d-%dT%d:%d:%d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6)
    return 0;
  parts.tm_year -= 1900, parts.tm_mon -= 1;
  return static_cast<double>(::timegm(&parts));
}

std::string safe_name(const std::string& name) {
  std::string safe;
  for (const unsigned char c : text::shortened(name, kWidestName)) {
    const bool plain = c >= 0x80 || std::isalnum(c) != 0 || c == '-' || c == '.' || c == ',' || c == ' ';
    safe += plain ? static_cast<char>(c) : '_';
  }
  const std::size_t first = safe.find_first_not_of(". ");
  return first == std::string::npos ? "_" : safe.substr(first);
}

std::vector<TrialSeries> series_of(const conclusions::StudyInputs& inputs) {
  std::vector<TrialSeries> all;
  std::map<std::string, int> folders;
  for (const TrialInputs& trial : inputs.trials) {
    if (trial.record.started.empty() && trial.evaluations.empty()) continue;
    TrialSeries one{.trial = &trial, .name = {}, .folder = {}, .settings = {}, .series = {}};
    one.name = fmt::format("{}, seed {}", text::clean(trial.record.variant_label), trial.record.seed);
    one.folder = fmt::format("{}, seed {}", safe_name(trial.record.variant_label), trial.record.seed);
    if (++folders[one.folder] > 1)
      one.name += ", " + trial.record.trial_id, one.folder += ", " + trial.record.trial_id;
    one.started = seconds_of(trial.record.started);
    one.ended = std::max(one.started, seconds_of(trial.record.ended));
    flatten(trial.record.variant, "", one.settings);
    add_series(one);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace segbench::exchange
