// SPDX-License-Identifier: MIT
#include "results/conclusions/sequential.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "harness/core/looks.h"
#include "harness/text/metrics.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/decision.h"
#include "results/statistics/sequential.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// A trial of a variant by its seed; nullptr where it is not known.
using TrialsBySeed = std::map<std::uint64_t, const TrialInputs*>;

/// All that the looks share.
struct Track {
  StudyInputs images;  ///< that trials were scored on, each read once
  std::string metric;
  std::vector<std::string> variants;  ///< ids
  std::vector<std::uint64_t> seeds;
  std::map<std::string, TrialsBySeed> trials;
  std::optional<double> margin;
};

/// The images of `inputs`, read once a trial.
StudyInputs read_once(const StudyInputs& inputs) {
  StudyInputs images;
  if (!inputs.images) return images;
  images.images = [&inputs, known = std::map<std::string, std::vector<store::ImageRecord>>()](
                      const std::string& trial, const std::string& split) mutable {
    const auto found = known.find(trial);
    return found != known.end() ? found->second
                                : known.emplace(trial, inputs.images(trial, split)).first->second;
  };
  return images;
}

Track track_of(const StudyInputs& inputs) {
  Track track{.images = read_once(inputs),
              .metric = default_metric(inputs),
              .variants = {},
              .seeds = {},
              .trials = {},
              .margin = {}};
  const Json& study = inputs.study.study;
  for (const Json& variant : study.value("variants", Json::array()))
    track.variants.push_back(variant.at("id"));
  track.seeds = study.value("seeds", std::vector<std::uint64_t>());
  for (std::size_t i = 0; i < inputs.trials.size(); ++i)
    track.trials[inputs.trials[i].record.variant_id][inputs.trials[i].record.seed] = &inputs.trials[i];
  if (const Json margin = study.value("margin", Json()); margin.is_number())
    track.margin = margin.get<double>();
  return track;
}

bool has_ended(const TrialInputs* trial) {
  return trial != nullptr && (trial->record.status == core::TrialStatus::kComplete ||
                              trial->record.status == core::TrialStatus::kFailed);
}

const TrialInputs* trial_of(const Track& track, const std::string& variant, std::uint64_t seed) {
  const auto of_variant = track.trials.find(variant);
  if (of_variant == track.trials.end()) return nullptr;
  const auto found = of_variant->second.find(seed);
  return found == of_variant->second.end() ? nullptr : found->second;
}

/// Whether nothing of the first `seeds` is still to come.
bool is_ready(const Track& track, const std::vector<std::string>& remaining, std::size_t seeds) {
  return std::all_of(remaining.begin(), remaining.end(), [&](const std::string& variant) {
    return std::all_of(track.seeds.begin(), track.seeds.begin() + static_cast<std::ptrdiff_t>(seeds),
                       [&](std::uint64_t seed) { return has_ended(trial_of(track, variant, seed)); });
  });
}

/// The scores of a variant's complete trials among the first seeds, those of `only` where it is not empty.
std::vector<TrialValue> scores_at(const Track& track, const std::string& variant, std::size_t seeds,
                                  const std::set<std::string>& only) {
  std::vector<TrialValue> values;
  for (std::size_t s = 0; s < seeds; ++s) {
    const TrialInputs* trial = trial_of(track, variant, track.seeds[s]);
    if (trial == nullptr || trial->record.status != core::TrialStatus::kComplete) continue;
    if (!only.empty() && !only.contains(trial->record.trial_id)) continue;
    const store::EvaluationRecord* evaluation = final_evaluation(*trial, "test");
    if (evaluation == nullptr) continue;
    const std::optional<double> score = score_of(*evaluation, track.metric);
    if (score) values.push_back({trial->record.trial_id, trial->record.seed, score});
  }
  return values;
}

/// The widened interval; where seeds alone decide nothing, images, which only widen it, are not looked at.
std::optional<Interval> difference_at(const Track& track, const std::string& one,
                                      const std::vector<TrialValue>& ours, const std::string& other,
                                      const std::vector<TrialValue>& theirs, double level) {
  PairedDifference pair = paired_difference(one, ours, other, theirs);
  if (pair.seeds.size() < kSeedsForVerdict) return std::nullopt;
  const std::optional<Interval> by_seeds = statistics::t_interval(pair.difference.values, level);
  if (!by_seeds || statistics::decide(*by_seeds, track.margin) == statistics::Decision::kInconclusive)
    return by_seeds;
  Conclusions of_test;
  of_test.split = "test";
  weigh(pair, track.images, of_test, track.metric, -1, level);
  widen(pair);
  return pair.evidence.interval;
}

/// The look on what is complete; `only` as in scores_at().
LookTaken look_at(const Track& track, const std::vector<std::string>& remaining, const statistics::Look& look,
                  const std::set<std::string>& only) {
  LookTaken taken{.seeds = look.seeds, .alpha = look.alpha, .pair_level = look.pair_level};
  std::vector<std::vector<TrialValue>> values;
  std::vector<double> scores;
  std::vector<std::size_t> judged;
  const bool higher = text::higher_is_better(track.metric);
  for (const std::string& variant : remaining) {
    values.push_back(scores_at(track, variant, look.seeds, only));
    for (const TrialValue& value : values.back()) taken.trials.push_back(value.trial);
    const std::optional<double> mean = summarise(values.back()).mean;
    scores.push_back(mean ? (higher ? *mean : -*mean) : 0);
    if (values.back().size() >= kSeedsForVerdict)
      judged.push_back(values.size() - 1);
    else
      taken.dropped.push_back({.variant = variant, .by = "", .deficit = {}});
  }
  if (judged.empty()) {
    taken.decided = true;
    return taken;
  }
  const auto gain = [&](std::size_t a, std::size_t b) -> std::optional<Interval> {
    const auto interval =
        difference_at(track, remaining[a], values[a], remaining[b], values[b], look.pair_level);
    if (!interval || higher) return interval;
    return Interval{-interval->high, -interval->low};
  };
  const statistics::LookResult result = statistics::take_look(judged, scores, gain, track.margin);
  for (const statistics::Elimination& out : result.eliminated)
    taken.dropped.push_back(
        {.variant = remaining[out.variant], .by = remaining[out.by], .deficit = out.deficit});
  for (const std::size_t variant : result.remaining) taken.remaining.push_back(remaining[variant]);
  taken.leader = remaining[result.leader];
  taken.decided = result.decided;
  return taken;
}

LookTaken recorded_look(const Json& json, const statistics::Look& look) {
  LookTaken taken{.seeds = look.seeds, .alpha = look.alpha, .pair_level = look.pair_level};
  taken.recorded = json.value("time", "");
  taken.remaining = json.value("remaining", std::vector<std::string>());
  taken.leader = json.value("leader", "");
  taken.decided = json.value("decided", false);
  taken.trials = json.value("trials", std::vector<std::string>());
  for (const Json& out : json.value("dropped", Json::array())) {
    Drop drop{.variant = out.value("variant", ""), .by = out.value("by", ""), .deficit = {}};
    const Json low = out.value("low", Json()), high = out.value("high", Json());
    if (low.is_number() && high.is_number()) drop.deficit = Interval{low.get<double>(), high.get<double>()};
    taken.dropped.push_back(std::move(drop));
  }
  return taken;
}

/// The first look that such a number of seeds is part of.
std::size_t look_of(const Conclusions& model, std::size_t seeds) {
  const std::vector<std::size_t>& planned = model.sequential->planned;
  return static_cast<std::size_t>(std::lower_bound(planned.begin(), planned.end() - 1, seeds) -
                                  planned.begin());
}

bool decides_alike(const LookTaken& a, const LookTaken& b) {
  return a.remaining == b.remaining && a.leader == b.leader && a.decided == b.decided;
}

}  // namespace

std::optional<Sequential> follow_rule(const StudyInputs& inputs, const Conclusions& model) {
  const Json& study = inputs.study.study;
  if (!core::is_sequential(study)) return std::nullopt;
  const Track track = track_of(inputs);
  const std::vector<std::size_t> planned = core::planned_looks(study);
  const std::vector<statistics::Look> looks = statistics::plan_looks(planned, track.variants.size());
  Sequential sequential{.metric = track.metric, .variants = track.variants.size(), .planned = planned};
  const std::string rule = core::rule_sha256(study);
  const Json recorded = study.value("looks", Json::array());
  std::vector<std::string> remaining = track.variants;
  for (std::size_t i = 0; i < looks.size() && !sequential.is_over; ++i) {
    const Json known = i < recorded.size() && recorded[i].value("rule", "") == rule ? recorded[i] : Json();
    if (known.is_null() && (!is_ready(track, remaining, looks[i].seeds) || !model.not_comparable.empty()))
      break;
    std::set<std::string> only;
    if (!known.is_null())
      for (const std::string id : known.value("trials", Json::array())) only.insert(id);
    LookTaken taken = look_at(track, remaining, looks[i], only);
    if (!known.is_null()) {
      LookTaken as_recorded = recorded_look(known, looks[i]);
      if (!decides_alike(taken, as_recorded)) sequential.contradicted.push_back(as_recorded.seeds);
      taken = std::move(as_recorded);
    }
    remaining = taken.remaining;
    sequential.is_over = taken.decided || i + 1 == looks.size();
    sequential.looks.push_back(std::move(taken));
  }
  return sequential;
}

Json look_json(const StudyInputs& inputs, const LookTaken& look) {
  Json dropped = Json::array();
  for (const Drop& drop : look.dropped) {
    dropped.push_back({{"variant", drop.variant}, {"by", drop.by}});
    if (drop.deficit) dropped.back().update({{"low", drop.deficit->low}, {"high", drop.deficit->high}});
  }
  return {{"rule", core::rule_sha256(inputs.study.study)},
          {"seeds", look.seeds},
          {"level", look.pair_level},
          {"remaining", look.remaining},
          {"leader", look.leader},
          {"decided", look.decided},
          {"dropped", dropped},
          {"trials", look.trials}};
}

double pair_level_of(const Conclusions& model, std::size_t seeds, double otherwise) {
  if (!model.sequential) return otherwise;
  const std::size_t variants = model.sequential->variants;
  return statistics::plan_looks(model.sequential->planned, variants).at(look_of(model, seeds)).pair_level;
}

double claim_level_of(const Conclusions& model, std::size_t seeds) {
  if (!model.sequential) return kConfidence;
  const std::size_t variants = model.sequential->variants;
  return 1 - statistics::plan_looks(model.sequential->planned, variants).at(look_of(model, seeds)).alpha;
}

void widen(PairedDifference& pair) {
  std::optional<Interval>& interval = pair.evidence.interval;
  const auto by_seeds = statistics::t_interval(pair.difference.values, pair.evidence.level);
  if (!interval || !by_seeds) return;
  interval = Interval{std::min(interval->low, by_seeds->low), std::max(interval->high, by_seeds->high)};
}

}  // namespace segbench::conclusions
