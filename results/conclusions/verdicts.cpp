// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <cmath>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/conditions.h"
#include "results/conclusions/sequential.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/decision.h"

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

/// A difference as a gain: more is better.
Interval gain_of(const Interval& interval, const Conclusions& model) {
  return text::higher_is_better(model.metric) ? interval : Interval{-interval.high, -interval.low};
}

/// "0.031 ahead of fcn (95% interval of the difference, paired by seed and image: 0.012 to 0.050; 3 seeds,
/// 101 images)".
std::string distance(const PairedDifference& difference, const Conclusions& model, const Entry& runner_up) {
  const Quantity& d = difference.difference;
  const Evidence& evidence = difference.evidence;
  const double lead = text::higher_is_better(model.metric) ? *d.mean : -*d.mean;
  const int digits = digits_for({&d});
  const Interval gain = gain_of(*evidence.interval, model);
  return fmt::format("{} {} {} ({} interval of the difference, paired by seed{}: {} to {}; {}{})",
                     text::fixed(std::abs(lead), digits), lead < 0 ? "behind" : "ahead of",
                     label_of(runner_up), percent_text(evidence.level),
                     evidence.images > 0 ? " and image" : "", text::fixed(gain.low, digits),
                     text::fixed(gain.high, digits), text::plural(difference.seeds.size(), "seed"),
                     evidence.images > 0 ? ", " + text::plural(evidence.images, "image") : "");
}

/// What tests say, in one sentence.
std::string tests_sentence(const PairedDifference& pair) {
  const Evidence& evidence = pair.evidence;
  std::vector<std::string> parts;
  if (evidence.p_t) parts.push_back("paired t test " + text::p_text(*evidence.p_t));
  if (evidence.p_sign_flip) {
    const double least = std::pow(2.0, 1 - static_cast<double>(pair.difference.values.size()));
    parts.push_back(
        fmt::format("exact sign-flip test {}{}", text::p_text(*evidence.p_sign_flip),
                    *evidence.p_sign_flip <= least * 1.000001
                        ? fmt::format(" (the least that {} allow)", text::plural(pair.seeds.size(), "seed"))
                        : ""));
  }
  if (evidence.effect) parts.push_back(fmt::format("d_z = {}", text::fixed(*evidence.effect, 2)));
  if (parts.empty()) return "";
  return fmt::format("Over seeds alone: {}.", fmt::join(parts, ", "));
}

/// Where the uncertainty comes from.
std::string variance_sentence(const Evidence& evidence) {
  if (!evidence.from_seeds) return "";
  const auto share = [](double part) { return text::fixed(100 * part, 0) + "%"; };
  const bool seeds = *evidence.from_seeds + *evidence.from_both >= *evidence.from_images;
  return fmt::format(
      "Of the uncertainty of this difference {} comes from seeds, {} from images and {} from both together: "
      "more {} would narrow it most.",
      share(*evidence.from_seeds), share(*evidence.from_images), share(*evidence.from_both),
      seeds ? "seeds" : "test images");
}

std::string settling_sentence(const PairedDifference& pair) {
  const std::optional<std::int64_t>& needed = pair.evidence.seeds_to_decide;
  if (!needed)
    return "Differences like these would not be settled by 1,000 seeds: for this purpose the two are alike.";
  const auto more = *needed - static_cast<std::int64_t>(pair.difference.values.size());
  if (more <= 0) return "";
  return fmt::format("With differences like these, about {} in all would settle it: {} more.",
                     text::plural(static_cast<std::size_t>(*needed), "seed"), more);
}

bool is_judged(const Verdict& verdict) {
  return verdict.standing == Standing::kBetter || verdict.standing == Standing::kEquivalent ||
         verdict.standing == Standing::kInconclusive;
}

void add_remarks(Verdict& verdict, const Conclusions& model, std::size_t scored) {
  if (model.complete < model.planned) {
    verdict.remarks.push_back(fmt::format("{} of {} planned trials are complete; this may still change.",
                                          model.complete, model.planned));
  }
  for (const std::string& sentence : say_sequential(model)) verdict.remarks.push_back(sentence);
  if (!is_judged(verdict)) return;
  if (scored > 2 && !model.sequential) {
    verdict.remarks.push_back(fmt::format(
        "The leader was picked from {} variants after seeing their scores; the interval is widened for that "
        "({} instead of {}).",
        scored, percent_text(verdict.to_runner_up->evidence.level), percent_text(kConfidence)));
  }
  if (model.margin)
    verdict.remarks.push_back(
        fmt::format("Declared beforehand: differences below {} count as none.",
                    text::metric_value(model.metric, *model.margin,
                                       std::max(3, digits_for({&verdict.to_runner_up->difference})))));
  for (const std::string& sentence :
       {tests_sentence(*verdict.to_runner_up), variance_sentence(verdict.to_runner_up->evidence)}) {
    if (!sentence.empty()) verdict.remarks.push_back(sentence);
  }
}

}  // namespace

const char* to_string(Standing standing) {
  switch (standing) {
    case Standing::kNotComparable:
      return "not comparable";
    case Standing::kTooFewSeeds:
      return "too few seeds";
    case Standing::kBetter:
      return "better";
    case Standing::kEquivalent:
      return "equivalent within margin";
    case Standing::kInconclusive:
      return "inconclusive";
    case Standing::kNothingToCompare:
      break;
  }
  return "nothing to compare";
}

std::vector<PairedDifference> differences_to_best(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<PairedDifference> differences;
  const std::vector<const Entry*> scored = scored_entries(model);
  const bool all_alike = model.not_comparable_in.empty();
  for (std::size_t i = 1; i < scored.size(); ++i) {
    if (!all_alike && !comparable(inputs, model, scored[0]->id, scored[i]->id)) continue;
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
  if (is_judged(verdict)) {
    verdict.headline =
        fmt::format("With reservations ({}): {}", text::plural(warnings, "warning"), verdict.headline);
  }
  verdict.remarks.insert(
      verdict.remarks.begin(),
      fmt::format("{} below may change who is ahead; settle {} before relying on this ranking.",
                  warnings == 1 ? "The warning" : "The warnings", warnings == 1 ? "it" : "them"));
}

Standing standing_of(statistics::Decision decision) {
  switch (decision) {
    case statistics::Decision::kBetter:
      return Standing::kBetter;
    case statistics::Decision::kEquivalent:
      return Standing::kEquivalent;
    default:  // worse on common seeds than one whose mean over more of them is lower: not settled
      return Standing::kInconclusive;
  }
}

/// The verdict's word, as the beginning of a sentence.
std::string opening(Standing standing) {
  std::string word = to_string(standing);
  word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

/// Of a study whose rule has come to an end: what it decided, where `verdict` is about the pair that it
/// decided by.
std::optional<Standing> decided_by_rule(const Conclusions& model) {
  if (!model.sequential || model.sequential->looks.empty() || model.sequential->metric != model.metric ||
      model.split != "test")
    return std::nullopt;
  const LookTaken& last = model.sequential->looks.back();
  if (last.leader.empty()) return std::nullopt;
  if (!last.decided) return Standing::kInconclusive;
  return last.remaining.size() == 1 ? Standing::kBetter : Standing::kEquivalent;
}

/// Those that may still win first, in the order of their means.
std::vector<const Entry*> leaders_first(std::vector<const Entry*> scored, const Conclusions& model) {
  if (!decided_by_rule(model)) return scored;
  const std::vector<std::string>& remaining = model.sequential->looks.back().remaining;
  std::stable_partition(scored.begin(), scored.end(), [&](const Entry* entry) {
    return std::find(remaining.begin(), remaining.end(), entry->id) != remaining.end();
  });
  return scored;
}

/// That scores may not be held against each other, and why.
void refuse_to_compare(Verdict& verdict, const Conclusions& model) {
  verdict.standing = Standing::kNotComparable;
  const bool is_data = model.not_comparable_in == std::vector<std::string>{"data"};
  verdict.headline =
      is_data
          ? fmt::format(
                "No verdict: the variants are scored on {} different sets of {} images, so their "
                "scores cannot be compared.",
                model.not_comparable.size(), model.split)
          : fmt::format(
                "No verdict: the trials differ in {}, so their scores cannot be compared "
                "(`--allow {}` compares them nonetheless).",
                fmt::join(model.not_comparable_in, ", "), fmt::join(model.not_comparable_in, " --allow "));
  for (const std::string& group : model.not_comparable) verdict.remarks.push_back(group);
}

/// Why it is undecided, and what would settle it.
void say_what_is_missing(Verdict& verdict, const Conclusions& model, const Interval& gain, double level,
                         const Entry& leader, const Entry& runner_up) {
  if (gain.high < 0) {
    verdict.remarks.push_back(fmt::format(
        "Over the seeds that both have {} is ahead of {}, whose mean is of other seeds, too: complete the "
        "missing trials.",
        label_of(runner_up), label_of(leader)));
    return;
  }
  verdict.remarks.push_back(fmt::format("The interval {}: these trials do not tell {} and {} apart.",
                                        gain.low <= 0 ? "includes 0" : "reaches beyond the margin",
                                        label_of(leader), label_of(runner_up)));
  verdict.to_runner_up->evidence.seeds_to_decide =
      statistics::pairs_to_decide(verdict.to_runner_up->difference.values, model.margin, level);
  const std::string settling = settling_sentence(*verdict.to_runner_up);
  if (!settling.empty()) verdict.remarks.push_back(settling);
}

/// The leader against the next one, over the seeds that both have.
void judge_pair(Verdict& verdict, const StudyInputs& inputs, const Conclusions& model, const Entry& leader,
                const Entry& runner_up, std::size_t scored) {
  verdict.to_runner_up = paired_difference(leader.id, scores_of_variant(model, leader.id), runner_up.id,
                                           scores_of_variant(model, runner_up.id));
  PairedDifference& pair = *verdict.to_runner_up;
  const std::string extreme = text::higher_is_better(model.metric) ? "highest" : "lowest";
  const std::string has = fmt::format("{} has the {} mean {}: {}", label_of(leader), extreme,
                                      text::metric_title(model.metric), mean_of(leader, model));
  if (pair.seeds.size() < kSeedsForVerdict) {
    verdict.standing = Standing::kTooFewSeeds;
    verdict.headline = fmt::format("No verdict: {} and {} share {}, and at least {} are needed. {} so far.",
                                   label_of(leader), label_of(runner_up),
                                   text::plural(pair.seeds.size(), "complete seed"), kSeedsForVerdict, has);
    return;
  }
  const double level = pair_level_of(model, pair.seeds.size(), statistics::leader_level(scored, kConfidence));
  weigh(pair, inputs, model, model.metric, -1, level);
  if (model.sequential) widen(pair);
  const Interval gain = gain_of(*pair.evidence.interval, model);
  verdict.standing = decided_by_rule(model).value_or(standing_of(statistics::decide(gain, model.margin)));
  verdict.headline =
      fmt::format("{}: {}, {}.", opening(verdict.standing), has, distance(pair, model, runner_up));
  if (verdict.standing == Standing::kInconclusive)
    say_what_is_missing(verdict, model, gain, level, leader, runner_up);
}

Verdict judge_scores(const StudyInputs& inputs, const Conclusions& model) {
  Verdict verdict;
  const std::vector<const Entry*> scored = leaders_first(scored_entries(model), model);
  if (scored.empty()) {
    verdict.headline = "No trial is complete yet, so there is nothing to compare.";
    return verdict;
  }
  if (!model.not_comparable.empty()) {
    refuse_to_compare(verdict, model);
  } else if (scored.size() == 1) {
    const Entry& only = *scored[0];
    verdict.leader = only.id;
    verdict.headline = fmt::format("{} is the only variant with a score so far: mean {} {} over {}.",
                                   label_of(only), text::metric_title(model.metric), mean_of(only, model),
                                   text::plural(only.score.values.size(), "trial"));
  } else {
    verdict.leader = scored[0]->id;
    judge_pair(verdict, inputs, model, *scored[0], *scored[1], scored.size());
  }
  add_remarks(verdict, model, scored.size());
  return verdict;
}

}  // namespace

Verdict judge(const StudyInputs& inputs, const Conclusions& model) {
  Verdict verdict = model.search ? say_choice(model) : judge_scores(inputs, model);
  weaken(verdict, model);
  return verdict;
}

}  // namespace segbench::conclusions
