// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

std::string label_of(const Entry& entry) {
  return text::clean(entry.label);
}

std::string mean_of(const Entry& entry, const Conclusions& model) {
  return text::metric_value(model.metric, *entry.score.mean, digits_for({&entry.score}));
}

std::vector<const Entry*> scored_entries(const Conclusions& model) {
  std::vector<const Entry*> scored;
  for (const Entry& entry : model.leaderboard) {
    if (entry.score.mean) scored.push_back(&entry);
  }
  return scored;
}

/// "0.031 ahead of fcn (95% interval of the paired difference 0.012 to 0.050, 3 seeds)".
std::string distance(const PairedDifference& difference, const Conclusions& model, const Entry& runner_up) {
  const Quantity& d = difference.difference;
  const double sign = text::higher_is_better(model.metric) ? 1 : -1;
  const int digits = digits_for({&d});
  const double low = sign > 0 ? d.interval->low : -d.interval->high;
  const double high = sign > 0 ? d.interval->high : -d.interval->low;
  return fmt::format("{} ahead of {} (95% interval of the difference, paired by seed: {} to {}; {})",
                     text::fixed(sign * *d.mean, digits), label_of(runner_up), text::fixed(low, digits),
                     text::fixed(high, digits), text::plural(difference.seeds.size(), "seed"));
}

void add_remarks(Verdict& verdict, const Conclusions& model, std::size_t scored) {
  if (model.complete < model.planned) {
    verdict.remarks.push_back(fmt::format("{} of {} planned trials are complete; this may still change.",
                                          model.complete, model.planned));
  }
  const bool has_interval =
      verdict.standing == Standing::kAhead || verdict.standing == Standing::kNotSeparated;
  if (scored > 2 && has_interval) {
    verdict.remarks.push_back(fmt::format(
        "The leader was picked from {} variants after seeing their scores; the interval is not widened "
        "for that.",
        scored));
  }
}

}  // namespace

const char* to_string(Standing standing) {
  switch (standing) {
    case Standing::kNotComparable:
      return "not comparable";
    case Standing::kTooFewSeeds:
      return "too few seeds";
    case Standing::kAhead:
      return "ahead";
    case Standing::kNotSeparated:
      return "not separated";
    case Standing::kNothingToCompare:
      break;
  }
  return "nothing to compare";
}

std::vector<PairedDifference> differences_to_best(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<PairedDifference> differences;
  const std::vector<const Entry*> scored = scored_entries(model);
  for (std::size_t i = 1; i < scored.size(); ++i) {
    if (!comparable(inputs, model, scored[0]->id, scored[i]->id)) continue;
    differences.push_back(paired_difference(scored[i]->id, scores_of_variant(model, scored[i]->id),
                                            scored[0]->id, scores_of_variant(model, scored[0]->id)));
  }
  return differences;
}

namespace {

/// Says in the verdict itself that warnings weaken it.
void weaken(Verdict& verdict, const Conclusions& model) {
  const std::size_t warnings = warnings_about(model, {});
  if (warnings == 0 || verdict.standing == Standing::kNotComparable || verdict.leader.empty()) return;
  const bool is_verdict = verdict.standing == Standing::kAhead || verdict.standing == Standing::kNotSeparated;
  if (is_verdict) {
    verdict.headline =
        fmt::format("With reservations ({}): {}", text::plural(warnings, "warning"), verdict.headline);
  }
  verdict.remarks.insert(
      verdict.remarks.begin(),
      fmt::format("{} below may change who is ahead; settle {} before relying on this ranking.",
                  warnings == 1 ? "The warning" : "The warnings", warnings == 1 ? "it" : "them"));
}

Verdict judge_scores(const Conclusions& model) {
  Verdict verdict;
  const std::vector<const Entry*> scored = scored_entries(model);
  if (scored.empty()) {
    verdict.headline = "No trial is complete yet, so there is nothing to compare.";
    return verdict;
  }
  if (!model.not_comparable.empty()) {
    verdict.standing = Standing::kNotComparable;
    verdict.headline = fmt::format(
        "No verdict: the variants are scored on {} different sets of {} images, so their scores cannot be "
        "compared.",
        model.not_comparable.size(), model.split);
    for (const std::string& group : model.not_comparable) verdict.remarks.push_back(group);
    add_remarks(verdict, model, scored.size());
    return verdict;
  }
  const Entry& leader = *scored[0];
  const std::string title = text::metric_title(model.metric);
  verdict.leader = leader.id;
  const std::string extreme = text::higher_is_better(model.metric) ? "highest" : "lowest";
  if (scored.size() == 1) {
    verdict.headline =
        fmt::format("{} is the only variant with a score so far: mean {} {} over {}.", label_of(leader),
                    title, mean_of(leader, model), text::plural(leader.score.values.size(), "trial"));
    add_remarks(verdict, model, scored.size());
    return verdict;
  }
  const Entry& runner_up = *scored[1];
  verdict.to_runner_up = paired_difference(leader.id, scores_of_variant(model, leader.id), runner_up.id,
                                           scores_of_variant(model, runner_up.id));
  const Quantity& difference = verdict.to_runner_up->difference;
  const std::string has =
      fmt::format("{} has the {} mean {}: {}", label_of(leader), extreme, title, mean_of(leader, model));
  if (verdict.to_runner_up->seeds.size() < kSeedsForVerdict) {
    verdict.standing = Standing::kTooFewSeeds;
    verdict.headline =
        fmt::format("No verdict: {} and {} share {}, and at least {} are needed. {} so far.",
                    label_of(leader), label_of(runner_up),
                    text::plural(verdict.to_runner_up->seeds.size(), "complete seed"), kSeedsForVerdict, has);
  } else {
    const bool above = difference.interval->low > 0, below = difference.interval->high < 0;
    const bool ahead = text::higher_is_better(model.metric) ? above : below;
    verdict.standing = ahead ? Standing::kAhead : Standing::kNotSeparated;
    verdict.headline = fmt::format("{}, {}.", has, distance(*verdict.to_runner_up, model, runner_up));
    if (!ahead) {
      verdict.remarks.push_back(
          fmt::format("The interval includes 0: these trials do not tell {} and {} apart.", label_of(leader),
                      label_of(runner_up)));
    }
  }
  add_remarks(verdict, model, scored.size());
  return verdict;
}

}  // namespace

Verdict judge(const Conclusions& model) {
  Verdict verdict = judge_scores(model);
  weaken(verdict, model);
  return verdict;
}

}  // namespace segbench::conclusions
