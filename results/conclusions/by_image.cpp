// SPDX-License-Identifier: MIT
#include "results/conclusions/by_image.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/core/measures.h"
#include "harness/metrics/scores.h"
#include "harness/text/metrics.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/summarise.h"
#include "results/conclusions/values.h"

namespace segbench::conclusions {
namespace {

/// Sum over trials of an image's score.
struct Sum {
  std::string id;
  double score = 0;
  std::size_t trials = 0, undefined = 0;
};

/// Adds the scores of a trial's images to `sums`.
void add_trial(std::map<std::int64_t, Sum>& sums, const StudyInputs& inputs, const Conclusions& model,
               const std::string& trial, const std::string& metric) {
  for (const store::ImageRecord& image : inputs.images(trial, model.split)) {
    Sum& sum = sums[image.index];
    sum.id = image.id;
    const std::optional<double> score = metrics::score(metric, image.counts, std::nullopt, image.background);
    if (score)
      sum.score += *score, ++sum.trials;
    else
      ++sum.undefined;
  }
}

std::map<std::int64_t, Sum> sums_of(const StudyInputs& inputs, const Conclusions& model,
                                    const std::vector<std::string>& trials, const std::string& metric) {
  std::map<std::int64_t, Sum> sums;
  for (const std::string& trial : trials) add_trial(sums, inputs, model, trial, metric);
  return sums;
}

ImageComparison compare_pair(const StudyInputs& inputs, const Conclusions& model,
                             const PairedDifference& pair, double sign) {
  const std::string metric = image_metric(model);
  ImageComparison found{.candidate = pair.candidate,
                        .reference = pair.reference,
                        .trials = pair.candidate_trials,
                        .better = 0,
                        .worse = 0,
                        .undefined = 0,
                        .lines = {}};
  found.trials.insert(found.trials.end(), pair.reference_trials.begin(), pair.reference_trials.end());
  const auto ours = sums_of(inputs, model, pair.candidate_trials, metric);
  const auto theirs = sums_of(inputs, model, pair.reference_trials, metric);
  for (const auto& [index, sum] : ours) {
    const auto other = theirs.find(index);
    const std::size_t seeds = pair.candidate_trials.size();
    if (other == theirs.end() || sum.trials != seeds || other->second.trials != seeds) {
      ++found.undefined;
      continue;
    }
    const auto n = static_cast<double>(seeds);
    const double candidate = sum.score / n, reference = other->second.score / n;
    found.lines.push_back({index, sum.id, candidate, reference, candidate - reference});
    found.better += sign * (candidate - reference) > 0;
    found.worse += sign * (candidate - reference) < 0;
  }
  std::stable_sort(found.lines.begin(), found.lines.end(),
                   [&](const auto& a, const auto& b) { return sign * a.difference > sign * b.difference; });
  return found;
}

/// A variant with a published number and each other one that may explain it.
void add_published_pairs(std::vector<PairedDifference>& pairs, const StudyInputs& inputs,
                         const Conclusions& model) {
  const std::string metric = image_metric(model);
  for (const PublishedNumber& number : model.published) {
    const Entry* ours = find_entry(model, number.variant);
    for (const Replication& cause : number.replications) {
      const Entry* other = find_entry(model, cause.variant);
      if (other == ours || !comparable(inputs, model, ours->id, other->id)) continue;
      pairs.push_back(paired_difference(ours->id, values_of(model, *ours, metric), other->id,
                                        values_of(model, *other, metric)));
    }
  }
}

}  // namespace

std::string image_metric(const Conclusions& model) {
  const core::Measure* metric = core::find_metric(model.metric);
  const bool of_counts =
      metric != nullptr && metric->origin == core::Origin::kCounts && model.metric != "loss";
  return of_counts ? model.metric : std::string(core::default_metric(model.background));
}

std::vector<ImageComparison> compare_images(const StudyInputs& inputs, const Conclusions& model) {
  if (!inputs.images) return {};
  std::vector<PairedDifference> pairs;
  if (model.verdict.to_runner_up) pairs.push_back(*model.verdict.to_runner_up);
  for (const ClaimResult& claim : model.claims) {
    if (claim.difference && claim.outcome != "not comparable" && !claim.is_share)
      pairs.push_back(*claim.difference);
  }
  add_published_pairs(pairs, inputs, model);
  std::vector<ImageComparison> all;
  std::set<std::set<std::string>> done;
  const double sign = text::higher_is_better(image_metric(model)) ? 1 : -1;
  for (const PairedDifference& pair : pairs) {
    if (all.size() == kMostComparisons || !done.insert({pair.candidate, pair.reference}).second) continue;
    ImageComparison found = compare_pair(inputs, model, pair, sign);
    if (!found.lines.empty()) all.push_back(std::move(found));
  }
  return all;
}

HardImages hard_images(const StudyInputs& inputs, const Conclusions& model) {
  HardImages hard;
  if (!inputs.images || !model.not_comparable.empty()) return hard;
  const std::string metric = image_metric(model);
  std::map<std::int64_t, HardImage> images;
  std::map<std::int64_t, std::size_t> scored;
  for (const Entry& entry : model.leaderboard) {
    if (entry.shown_trial.empty() || hard.trials.size() == kMostAsked) continue;
    const auto sums = sums_of(inputs, model, {entry.shown_trial}, metric);
    if (sums.empty()) continue;
    hard.trials.push_back(entry.shown_trial);
    for (const auto& [index, sum] : sums) {
      if (sum.trials == 0) continue;
      HardImage& image = images[index];
      const bool first = ++scored[index] == 1;
      image.index = index, image.id = sum.id, image.mean += sum.score;
      if (first || sum.score > image.best) image.best = sum.score, image.best_variant = entry.id;
    }
  }
  for (auto& [index, image] : images) {
    if (scored[index] < hard.trials.size()) continue;  // one variant has no score of it
    ++hard.images;
    image.mean /= static_cast<double>(hard.trials.size());
    hard.lines.push_back(image);
  }
  std::stable_sort(hard.lines.begin(), hard.lines.end(), [](const HardImage& a, const HardImage& b) {
    return std::pair(a.best, a.mean) < std::pair(b.best, b.mean);
  });
  // Of few images the last ones are not hard: a quarter of them, three at least.
  const std::size_t most = std::min(kMostHard, std::max<std::size_t>(3, hard.images / 4));
  if (hard.lines.size() > most) hard.lines.resize(most);
  return hard;
}

}  // namespace segbench::conclusions
