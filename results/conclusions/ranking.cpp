// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "harness/text/metrics.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/friedman.h"

namespace segbench::conclusions {
namespace {

constexpr std::size_t kLeastVariants = 3;

}  // namespace

std::optional<Ranking> rank_by_seed(const StudyInputs& inputs, const Conclusions& model) {
  if (!incomparable_groups(inputs, model).empty()) return std::nullopt;
  std::vector<std::string> variants;
  std::map<std::uint64_t, std::vector<double>> by_seed;  // of the seeds that all variants so far have
  const double sign = text::higher_is_better(model.metric) ? 1 : -1;
  for (const Entry& entry : model.leaderboard) {
    if (!entry.score.mean) continue;
    std::map<std::uint64_t, std::vector<double>> longer;
    for (const TrialValue& value : scores_of_variant(model, entry.id)) {
      if (!value.value) continue;
      std::vector<double> scores = variants.empty() ? std::vector<double>() : by_seed[value.seed];
      if (scores.size() != variants.size()) continue;
      scores.push_back(sign * *value.value);
      longer[value.seed] = std::move(scores);
    }
    by_seed = std::move(longer);
    variants.push_back(entry.id);
  }
  if (variants.size() < kLeastVariants || by_seed.size() < kSeedsForVerdict) return std::nullopt;
  statistics::Blocks blocks;
  for (const auto& [seed, scores] : by_seed) blocks.push_back(scores);
  const auto test = statistics::friedman(blocks);
  if (!test) return std::nullopt;
  Ranking ranking{.lines = {},
                  .seeds = blocks.size(),
                  .p = test->p_iman_davenport.value_or(test->p),
                  .critical_difference = statistics::critical_difference(variants.size(), blocks.size())};
  for (std::size_t i = 0; i < variants.size(); ++i)
    ranking.lines.push_back({variants[i], test->average_ranks[i]});
  std::stable_sort(ranking.lines.begin(), ranking.lines.end(),
                   [](const auto& a, const auto& b) { return a.average_rank < b.average_rank; });
  return ranking;
}

}  // namespace segbench::conclusions
