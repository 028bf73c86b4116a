// SPDX-License-Identifier: MIT
#include "results/conclusions/confusions.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/text/numbers.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

constexpr std::size_t kShownPairs = 20;

}  // namespace

std::vector<ClassConfusion> sum_confusions(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ClassConfusion> all;
  for (const Entry& entry : model.leaderboard) {
    ClassConfusion sum{.variant = entry.id, .trials = {}, .classes = {}, .pixels = core::Confusion()};
    for (const std::size_t i : used_trials(model, entry.id)) {
      const TrialInputs& trial = inputs.trials[i];
      const store::EvaluationRecord* evaluation = final_evaluation(trial, model.split);
      if (evaluation == nullptr || !evaluation->confusion) continue;
      const bool is_first = sum.trials.empty();
      if (!is_first && trial.record.class_names != sum.classes) continue;
      sum.trials.push_back(trial.record.trial_id);
      if (is_first) {
        sum.classes = trial.record.class_names;
        sum.pixels = *evaluation->confusion;
      } else {
        sum.pixels += *evaluation->confusion;
      }
    }
    if (!sum.trials.empty()) all.push_back(std::move(sum));
  }
  return all;
}

double ConfusedPair::share() const {
  const std::int64_t wrong = first_as_second + second_as_first, right = first_right + second_right;
  return static_cast<double>(wrong) / static_cast<double>(wrong + right);
}

bool ConfusedPair::may_be_one() const {
  return share() >= kMayBeOne;
}

std::vector<ConfusedPair> confused_pairs(const core::Confusion& confusion) {
  std::vector<ConfusedPair> pairs;
  for (int a = 0; a < confusion.num_classes(); ++a) {
    for (int b = a + 1; b < confusion.num_classes(); ++b) {
      const ConfusedPair pair{
          a, b, confusion.at(a, b), confusion.at(b, a), confusion.at(a, a), confusion.at(b, b)};
      if (pair.first_as_second + pair.second_as_first > 0) pairs.push_back(pair);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const ConfusedPair& x, const ConfusedPair& y) { return x.share() > y.share(); });
  return pairs;
}

std::vector<ConfusedPair> most_confused(const core::Confusion& confusion) {
  std::vector<ConfusedPair> pairs = confused_pairs(confusion);
  if (pairs.size() > kShownPairs) pairs.erase(pairs.begin() + kShownPairs, pairs.end());
  return pairs;
}

std::vector<std::size_t> shown_classes(const core::Confusion& confusion) {
  std::vector<std::size_t> classes(static_cast<std::size_t>(confusion.num_classes()));
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() <= kShownClasses) return classes;
  const std::vector<core::ClassCounts> counts = confusion.class_counts();
  std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
    return counts[a].fp + counts[a].fn > counts[b].fp + counts[b].fn;
  });
  classes.resize(kShownClasses);
  std::sort(classes.begin(), classes.end());
  return classes;
}

std::string say_shown_classes(const ClassConfusion& confusion) {
  if (confusion.classes.size() <= kShownClasses) return "";
  return fmt::format("; the {} of {} classes that are confused the most", kShownClasses,
                     confusion.classes.size());
}

std::vector<std::string> hints_of(const ClassConfusion& confusion) {
  std::vector<std::string> hints;
  std::size_t more = 0;
  const auto name = [&](int index) { return confusion.classes.at(static_cast<std::size_t>(index)); };
  for (const ConfusedPair& pair : most_confused(confusion.pixels)) {
    if (!pair.may_be_one()) continue;
    if (hints.size() == kMostHints)
      ++more;
    else
      hints.push_back(fmt::format(
          "{:.0f} % of the pixels of {} and {} are taken for the other; they may be one class (data.merge)",
          100 * pair.share(), name(pair.first), name(pair.second)));
  }
  if (more > 0)
    hints.push_back(fmt::format("likewise {}: a network that has learnt little confuses most of them",
                                text::plural(more, "more pair")));
  return hints;
}

}  // namespace segbench::conclusions
