// SPDX-License-Identifier: MIT
#include "results/conclusions/by_class.h"

#include <algorithm>

#include "results/conclusions/summarise.h"
#include "results/statistics/corrections.h"
#include "results/statistics/paired.h"

namespace segbench::conclusions {
namespace {

/// What each used trial says of a class.
std::vector<TrialValue> values_of_class(const Conclusions& model, const Entry& entry,
                                        const ClassScore& score) {
  std::vector<TrialValue> values;
  for (const std::size_t place : used_trials(model, entry.id)) {
    const TrialLine& line = model.trials[place];
    const auto at = std::find(score.iou.trials.begin(), score.iou.trials.end(), line.id);
    if (at == score.iou.trials.end()) continue;
    values.push_back(
        {line.id, line.seed, score.iou.values[static_cast<std::size_t>(at - score.iou.trials.begin())]});
  }
  return values;
}

void correct(std::vector<ClassDifference>& classes) {
  std::vector<double> p;
  for (const ClassDifference& difference : classes) {
    if (difference.p_t) p.push_back(*difference.p_t);
  }
  const std::vector<double> corrected = statistics::holm(p);
  std::size_t next = 0;
  for (ClassDifference& difference : classes) {
    if (difference.p_t) difference.p_holm = corrected[next++];
  }
}

}  // namespace

std::vector<ClassDifference> compare_classes(const Conclusions& model) {
  std::vector<ClassDifference> classes;
  if (!model.verdict.to_runner_up) return classes;
  const Entry* leader = find_entry(model, model.verdict.to_runner_up->candidate);
  const Entry* other = find_entry(model, model.verdict.to_runner_up->reference);
  if (leader == nullptr || other == nullptr) return classes;
  for (const ClassScore& ours : leader->classes) {
    const auto theirs = std::find_if(other->classes.begin(), other->classes.end(),
                                     [&](const ClassScore& score) { return score.name == ours.name; });
    if (theirs == other->classes.end()) continue;
    ClassDifference difference{.class_name = ours.name,
                               .pair = paired_difference(leader->id, values_of_class(model, *leader, ours),
                                                         other->id, values_of_class(model, *other, *theirs)),
                               .p_t = std::nullopt,
                               .p_holm = std::nullopt};
    if (const auto test = statistics::paired_t(difference.pair.difference.values))
      difference.p_t = test->p_two_sided;
    classes.push_back(std::move(difference));
  }
  correct(classes);
  return classes;
}

}  // namespace segbench::conclusions
