// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/summary.h"

namespace segbench::conclusions {
namespace {

using ByEpoch = std::map<std::int64_t, double>;

/// One curve a variant, over its used trials; `read` gives a trial's values by epoch.
std::vector<Curve> curves(const StudyInputs& inputs, const Conclusions& model,
                          const std::function<ByEpoch(const TrialInputs&)>& read) {
  std::vector<Curve> all;
  for (const Entry& entry : model.leaderboard) {
    Curve curve{.variant = entry.id, .trials = {}, .points = {}};
    std::map<std::int64_t, std::vector<double>> values;
    for (const std::size_t i : used_trials(model, entry.id)) {
      curve.trials.push_back(model.trials[i].id);
      for (const auto& [epoch, value] : read(inputs.trials[i])) values[epoch].push_back(value);
    }
    for (const auto& [epoch, at_epoch] : values) {
      double sum = 0;
      for (const double value : at_epoch) sum += value;
      const auto [low, high] = std::minmax_element(at_epoch.begin(), at_epoch.end());
      curve.points.push_back({.epoch = epoch,
                              .n = at_epoch.size(),
                              .mean = sum / static_cast<double>(at_epoch.size()),
                              .low = *low,
                              .high = *high});
    }
    if (!curve.points.empty()) all.push_back(std::move(curve));
  }
  return all;
}

}  // namespace

std::vector<Curve> loss_curves(const StudyInputs& inputs, const Conclusions& model) {
  return curves(inputs, model, [](const TrialInputs& trial) {
    ByEpoch values;
    for (const store::EpochRecord& epoch : trial.epochs) {
      if (epoch.loss && std::isfinite(*epoch.loss)) values[epoch.epoch] = *epoch.loss;
    }
    return values;
  });
}

std::vector<Curve> score_curves(const StudyInputs& inputs, const Conclusions& model) {
  return curves(inputs, model, [&](const TrialInputs& trial) {
    ByEpoch values;
    for (const store::EvaluationRecord& evaluation : trial.evaluations) {
      if (evaluation.split != "selection" || evaluation.weights != "current") continue;
      const std::optional<double> score = score_of(evaluation, model.metric);
      if (score && std::isfinite(*score)) values[evaluation.epoch] = *score;
    }
    return values;
  });
}

std::vector<ThresholdCurve> threshold_curves(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ThresholdCurve> all;
  for (const Entry& entry : model.leaderboard) {
    ThresholdCurve curve{.variant = entry.id, .metric = {}, .trials = {}, .points = {}};
    std::map<double, std::pair<std::vector<double>, std::size_t>> values;
    for (const std::size_t i : used_trials(model, entry.id)) {
      if (inputs.trials[i].thresholds.empty()) continue;
      curve.trials.push_back(model.trials[i].id);
      for (const store::ThresholdRecord& tried : inputs.trials[i].thresholds) {
        auto& [scores, chosen] = values[tried.threshold];
        if (tried.score) scores.push_back(*tried.score);
        chosen += tried.is_chosen ? 1 : 0;
        curve.metric = tried.metric;
      }
    }
    for (const auto& [threshold, found] : values)
      curve.points.push_back({threshold, statistics::mean(found.first), found.second});
    if (!curve.points.empty()) all.push_back(std::move(curve));
  }
  return all;
}

}  // namespace segbench::conclusions
