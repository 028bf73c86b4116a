// SPDX-License-Identifier: MIT
#include "results/conclusions/conclusions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/metrics/scores.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/sequential.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {

using core::Json;

/// None as soon as the data of one trial have none.
core::Background common_background(const StudyInputs& inputs) {
  core::Background background = core::kFirstClass;
  for (const TrialInputs& trial : inputs.trials) {
    if (!trial.record.background) return std::nullopt;
    background = trial.record.background;
  }
  return background;
}

std::string default_metric(const StudyInputs& inputs) {
  std::set<std::string> keys;
  for (const TrialInputs& trial : inputs.trials) {
    const Json* training = trial.record.variant.find("training");
    const bool says = training != nullptr && training->contains("select_by");
    keys.insert(says ? training->at("select_by").get<std::string>() : "miou_no_background");
  }
  const core::Background background = common_background(inputs);
  const bool agreed = keys.size() == 1 && core::find_metric(*keys.begin()) != nullptr &&
                      core::metric_problem(*keys.begin(), background).empty();
  return agreed ? *keys.begin() : std::string(core::default_metric(background));
}

const Entry* find_entry(const Conclusions& model, const std::string& variant_id) {
  const auto found = std::find_if(model.leaderboard.begin(), model.leaderboard.end(),
                                  [&](const Entry& entry) { return entry.id == variant_id; });
  return found == model.leaderboard.end() ? nullptr : &*found;
}

const PairedDifference* difference_to_best(const Conclusions& model, const std::string& variant_id) {
  const auto found = std::find_if(model.to_best.begin(), model.to_best.end(),
                                  [&](const PairedDifference& pair) { return pair.candidate == variant_id; });
  return found == model.to_best.end() ? nullptr : &*found;
}

Conclusions conclude(const StudyInputs& inputs, const Options& options) {
  Conclusions model;
  model.study = inputs.study.name;
  model.question = inputs.study.question;
  model.left_out = inputs.study.left_out;
  model.metric = options.metric.empty() ? default_metric(inputs) : options.metric;
  model.split = options.split;
  model.allowed = options.allowed;
  // It was declared for the metric that the variants select by, and says nothing about others.
  if (const Json margin = inputs.study.study.value("margin", Json());
      margin.is_number() && model.metric == default_metric(inputs))
    model.margin = margin.get<double>();
  model.background = common_background(inputs);
  const core::Measure* metric = core::find_metric(model.metric);
  if (metric == nullptr) {
    std::vector<std::string> known;
    for (const core::Measure& name : core::kMetrics) known.emplace_back(name.key);
    throw core::UserError(fmt::format("unknown metric \"{}\"; known metrics: {}{}", model.metric,
                                      fmt::join(known, ", "), core::did_you_mean(model.metric, known)));
  }
  if (const std::string problem = core::metric_problem(model.metric, model.background); !problem.empty()) {
    throw core::UserError("metric " + problem);
  }
  if (model.split != "test" && model.split != "selection") {
    throw core::UserError(fmt::format("unknown split \"{}\"; known splits: test, selection", model.split));
  }
  model.trials = list_trials(inputs, model);
  for (std::size_t i = 0; i < model.trials.size(); ++i) {
    if (model.trials[i].used) model.used[model.trials[i].variant].push_back(i);
  }
  model.search = conclude_search(inputs);
  model.leaderboard = rank_variants(inputs, model);
  model.excluded = list_excluded(inputs, model);
  count_trials(model, inputs);
  if (inputs.reading == Reading::kAll) {
    model.failed_attempts = list_failed_attempts(inputs, model);
    model.loss_curves = loss_curves(inputs, model);
    model.score_curves = score_curves(inputs, model);
    model.threshold_curves = threshold_curves(inputs, model);
    model.confusions = sum_confusions(inputs, model);
  }
  model.not_comparable = incomparable_groups(inputs, model);
  for (const Facet* facet : forbidding_facets(inputs, model))
    model.not_comparable_in.emplace_back(facet->key);
  model.sequential = follow_rule(inputs, model);
  if (!model.search)
    model.to_best = differences_to_best(inputs, model);  // draws are not compared on the test split
  test_pairs(model);
  if (inputs.reading == Reading::kAll) {
    model.ranking = rank_by_seed(inputs, model);
    model.fronts = find_fronts(model);
  }
  model.warnings = list_warnings(inputs, model);
  model.verdict = judge(inputs, model);
  model.claims = judge_claims(inputs, model);
  model.sealing = say_sealing(inputs);
  model.published = published_numbers(inputs, model);
  return model;
}

}  // namespace segbench::conclusions
