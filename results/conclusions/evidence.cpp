// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "harness/core/random.h"
#include "harness/metrics/influence.h"
#include "harness/metrics/scores.h"
#include "harness/text/metrics.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/corrections.h"
#include "results/statistics/decision.h"
#include "results/statistics/paired.h"
#include "results/statistics/ranks.h"
#include "results/statistics/two_level.h"

namespace segbench::conclusions {
namespace {

/// More variants than this are corrected by their number of pairs (Bonferroni), not step by step (Holm).
constexpr std::size_t kMostHolm = 100;
/// Resamples draw from this stream, so that a report is made the same twice.
constexpr std::uint64_t kEvidenceSeed = 1;

std::map<std::uint64_t, double> by_seed(const Conclusions& model, const std::string& variant) {
  std::map<std::uint64_t, double> scores;
  for (const TrialValue& value : scores_of_variant(model, variant)) {
    if (value.value) scores[value.seed] = *value.value;
  }
  return scores;
}

std::vector<double> values_of_map(const std::map<std::uint64_t, double>& scores) {
  std::vector<double> values;
  for (const auto& [seed, score] : scores) values.push_back(score);
  return values;
}

std::optional<double> p_of(const std::map<std::uint64_t, double>& a,
                           const std::map<std::uint64_t, double>& b) {
  const auto test = statistics::paired_t(statistics::differences_by_seed(a, b));
  if (!test) return std::nullopt;
  return test->p_two_sided;
}

/// p values of the pairs with the leader, corrected for all pairs.
std::vector<std::optional<double>> corrected(const std::vector<std::map<std::uint64_t, double>>& scores) {
  std::vector<double> all;
  std::vector<std::optional<std::size_t>> of_leader(scores.size());
  const std::size_t last = scores.size() <= kMostHolm ? scores.size() : 1;
  for (std::size_t a = 0; a < last; ++a) {
    for (std::size_t b = a + 1; b < scores.size(); ++b) {
      const std::optional<double> p = p_of(scores[a], scores[b]);
      if (!p) continue;
      if (a == 0) of_leader[b] = all.size();
      all.push_back(*p);
    }
  }
  const auto pairs = static_cast<double>(scores.size() * (scores.size() - 1)) / 2;
  const std::vector<double> adjusted = statistics::holm(all);
  std::vector<std::optional<double>> found(scores.size());
  for (std::size_t b = 1; b < scores.size(); ++b) {
    if (!of_leader[b]) continue;
    found[b] =
        scores.size() <= kMostHolm ? adjusted[*of_leader[b]] : std::min(1.0, pairs * all[*of_leader[b]]);
  }
  return found;
}

void add_tests(PairedDifference& pair) {
  Evidence& evidence = pair.evidence;
  const std::vector<double>& differences = pair.difference.values;
  if (const auto t = statistics::paired_t(differences)) evidence.p_t = t->p_two_sided;
  if (const auto flip = statistics::sign_flip(differences)) evidence.p_sign_flip = flip->p_two_sided;
  if (const auto ranks = statistics::wilcoxon(differences)) evidence.p_wilcoxon = ranks->p_two_sided;
  if (const auto effect = statistics::effect_size(differences)) evidence.effect = effect->dz;
}

/// What each image contributes to a trial's score; empty where it is not known.
std::vector<double> contributions_of(const std::vector<store::ImageRecord>& records,
                                     const std::string& metric, int class_index) {
  std::vector<metrics::ImageCounts> images;
  core::Background background;
  for (const store::ImageRecord& image : records) {
    background = image.background;
    images.push_back(image.counts);
  }
  if (class_index < 0) return metrics::image_contributions(metric, images, background);
  for (metrics::ImageCounts& image : images) {
    if (static_cast<std::size_t>(class_index) >= image.size()) return {};
    image = {image[static_cast<std::size_t>(class_index)]};
  }
  return metrics::image_contributions("miou", images, std::nullopt);
}

bool are_of_the_same(const std::vector<store::ImageRecord>& some,
                     const std::vector<store::ImageRecord>& others) {
  return std::equal(some.begin(), some.end(), others.begin(), others.end(),
                    [](const auto& a, const auto& b) { return a.id == b.id; });
}

/// Differences [seed][image]; empty where the images of one trial are not known or others, as they may be of
/// trials that are compared although their data differ.
statistics::SeedsByImages differences_by_image(const PairedDifference& pair, const StudyInputs& inputs,
                                               const Conclusions& model, const std::string& metric,
                                               int class_index) {
  statistics::SeedsByImages differences;
  std::vector<store::ImageRecord> first;
  for (std::size_t s = 0; inputs.images && s < pair.candidate_trials.size(); ++s) {
    const std::vector<store::ImageRecord> ours = inputs.images(pair.candidate_trials[s], model.split),
                                          theirs = inputs.images(pair.reference_trials[s], model.split);
    if (s == 0) first = ours;
    if (!are_of_the_same(ours, first) || !are_of_the_same(ours, theirs)) return {};
    std::vector<double> row = contributions_of(ours, metric, class_index);
    const std::vector<double> other = contributions_of(theirs, metric, class_index);
    if (row.empty() || row.size() != other.size()) return {};
    for (std::size_t i = 0; i < row.size(); ++i) row[i] -= other[i];
    differences.push_back(std::move(row));
  }
  return differences;
}

}  // namespace

void test_pairs(Conclusions& model) {
  std::vector<std::map<std::uint64_t, double>> scores;
  std::vector<PairedDifference*> pairs;
  for (PairedDifference& pair : model.to_best) {
    if (scores.empty()) scores.push_back(by_seed(model, pair.reference));
    scores.push_back(by_seed(model, pair.candidate));
    pairs.push_back(&pair);
  }
  if (pairs.empty()) return;
  const std::vector<std::optional<double>> p = corrected(scores);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    add_tests(*pairs[i]);
    pairs[i]->evidence.p_holm = p[i + 1];
    pairs[i]->evidence.improvement =
        statistics::vargha_delaney_a12(values_of_map(scores[i + 1]), values_of_map(scores[0]));
  }
}

void weigh(PairedDifference& pair, const StudyInputs& inputs, const Conclusions& model,
           const std::string& metric, int class_index, double level) {
  add_tests(pair);
  Evidence& evidence = pair.evidence;
  evidence.level = level;
  evidence.interval = statistics::t_interval(pair.difference.values, level);
  const statistics::SeedsByImages by_image = differences_by_image(pair, inputs, model, metric, class_index);
  core::Stream stream(kEvidenceSeed, core::Purpose::kBootstrap);
  const auto found = by_image.empty() ? std::nullopt : statistics::two_level(by_image, stream, level);
  if (!found) return;
  evidence.interval = found->interval;
  evidence.images = by_image[0].size();
  const auto s = static_cast<double>(by_image.size()), i = static_cast<double>(by_image[0].size());
  const statistics::VarianceSplit& v = found->variance;
  const double of_mean = v.seed / s + v.image / i + v.residual / (s * i);
  evidence.from_seeds = v.seed / s / of_mean;
  evidence.from_images = v.image / i / of_mean;
  evidence.from_both = v.residual / (s * i) / of_mean;
}

}  // namespace segbench::conclusions
