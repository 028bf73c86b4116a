// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/conditions.h"
#include "results/conclusions/sequential.h"

namespace segbench::conclusions {
namespace {

std::string name_of(const Conclusions& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry != nullptr ? text::clean(entry->label) : text::short_id(variant);
}

std::string names_of(const Conclusions& model, const std::vector<std::string>& variants) {
  std::vector<std::string> names;
  for (const std::string& variant : variants) names.push_back(name_of(model, variant));
  return text::few_of(names);
}

std::string say_drop(const Conclusions& model, const LookTaken& look, const Drop& drop) {
  if (!drop.deficit)
    return fmt::format("{} was dropped: fewer than {} of its trials are complete",
                       name_of(model, drop.variant), kSeedsForVerdict);
  return fmt::format(
      "{} can no longer win: {} behind {} ({} interval {} to {})", name_of(model, drop.variant),
      text::fixed((drop.deficit->low + drop.deficit->high) / 2, 3), name_of(model, drop.by),
      percent_text(look.pair_level), text::fixed(drop.deficit->low, 3), text::fixed(drop.deficit->high, 3));
}

/// One look, or several in a row after which all went on, after `seeds`.
std::string say_look(const Conclusions& model, const LookTaken& look, const std::vector<std::size_t>& seeds) {
  std::vector<std::string> said;
  for (const Drop& drop : look.dropped) said.push_back(say_drop(model, look, drop));
  if (said.empty()) said.emplace_back("nothing was dropped");
  std::string text = fmt::format("After {} seeds: {}", fmt::join(seeds, ", "), fmt::join(said, "; "));
  if (look.remaining.size() > 1)
    text += fmt::format("; {} remain{}", names_of(model, look.remaining),
                        look.decided ? ", equivalent within the margin" : "");
  return text + ".";
}

/// The looks from number `first` on; those in a row that dropped nothing in one sentence.
std::vector<std::string> say_looks(const Conclusions& model, std::size_t first) {
  const std::vector<LookTaken>& looks = model.sequential->looks;
  std::vector<std::string> sentences;
  std::vector<std::size_t> seeds;
  for (std::size_t i = first; i < looks.size(); ++i) {
    seeds.push_back(looks[i].seeds);
    const bool goes_on = looks[i].dropped.empty() && !looks[i].decided && i + 1 < looks.size();
    if (goes_on && looks[i + 1].dropped.empty() && !looks[i + 1].decided) continue;
    sentences.push_back(say_look(model, looks[i], seeds));
    seeds.clear();
  }
  return sentences;
}

/// How it ended, and what that saved.
std::string say_end(const Conclusions& model) {
  const Sequential& sequential = *model.sequential;
  const std::size_t most = sequential.planned.back();
  double spent = 0;
  for (const LookTaken& look : sequential.looks) spent += look.alpha;
  const std::string of_error =
      fmt::format("{} spent {} of the 5 percent of error that are allowed",
                  text::plural(sequential.looks.size(), "look"), text::fixed(100 * spent, 1));
  if (sequential.looks.empty())
    return fmt::format("It is first looked at when every variant has {}.",
                       text::plural(sequential.planned.front(), "seed"));
  const LookTaken& last = sequential.looks.back();
  if (!sequential.is_over)
    return fmt::format("It is not decided yet and goes on to {}; {}.",
                       text::plural(sequential.planned.at(sequential.looks.size()), "seed"), of_error);
  const std::size_t all = model.leaderboard.size() * most;
  const std::string cost = fmt::format("{} of at most {} were trained", model.planned, all);
  if (!last.decided) return fmt::format("All {} seeds did not decide it; {}; {}.", most, cost, of_error);
  return fmt::format("{} after {} of at most {}; {}; {}.",
                     last.leader.empty() ? "It ended" : "It was decided", last.seeds,
                     text::plural(most, "seed"), cost, of_error);
}

}  // namespace

std::vector<std::string> say_sequential(const Conclusions& model) {
  if (!model.sequential) return {};
  const Sequential& sequential = *model.sequential;
  std::vector<std::string> sentences = {
      fmt::format("Seeds are added until it is decided which variant is best ({}, test split): looks after "
                  "{} seeds share "
                  "an error of 5% over all pairs and looks.",
                  text::metric_title(sequential.metric), fmt::join(sequential.planned, ", "))};
  for (std::string& sentence : say_looks(model, 0)) sentences.push_back(std::move(sentence));
  sentences.push_back(say_end(model));
  if (!sequential.contradicted.empty())
    sentences.push_back(fmt::format(
        "What was recorded after {} seeds does not follow from the trials that it stands on: the record or a "
        "trial was changed.",
        fmt::join(sequential.contradicted, ", ")));
  return sentences;
}

std::vector<std::string> say_new_looks(const Conclusions& model) {
  const std::vector<LookTaken>& looks = model.sequential->looks;
  const auto first =
      std::find_if(looks.begin(), looks.end(), [](const LookTaken& look) { return look.recorded.empty(); });
  std::vector<std::string> sentences = say_looks(model, static_cast<std::size_t>(first - looks.begin()));
  sentences.push_back(say_end(model));
  return sentences;
}

}  // namespace segbench::conclusions
