// SPDX-License-Identifier: MIT
#include "harness/data/audit/splits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace segbench::data {
namespace {

/// The rule with "auto" replaced by what there is: the first of `names` that is an official split, else the
/// fraction.
core::SplitRule resolve(const core::SplitRule& rule, const Catalogue& catalogue,
                        const std::vector<std::string>& names) {
  if (rule.fraction || rule.official != std::vector<std::string>{kAutoSplit}) return rule;
  for (const std::string& name : names) {
    if (catalogue.official_splits.contains(name)) return {.official = {name}, .fraction = std::nullopt};
  }
  return {.official = {}, .fraction = kAutoFraction};
}

std::vector<std::int64_t> take_official(const core::SplitRule& rule, const Catalogue& catalogue) {
  std::set<std::int64_t> taken;
  for (const std::string& name : rule.official) {
    const auto found = catalogue.official_splits.find(name);  // a missing one is a finding of the catalogue
    if (found != catalogue.official_splits.end()) taken.insert(found->second.begin(), found->second.end());
  }
  return {taken.begin(), taken.end()};
}

/// The parts of a stratified draw: of wanted[0], wanted[1], … samples, and the rest last.
std::vector<std::vector<SplitUnit>> stratified(const std::vector<SplitUnit>& units,
                                               std::vector<std::int64_t> wanted, const SplitFacts& facts) {
  auto rest = static_cast<std::int64_t>(samples_of(units).size());
  for (const std::int64_t part : wanted) rest -= part;
  wanted.push_back(std::max<std::int64_t>(rest, 0));
  return stratify_units(units, wanted, facts.shows);
}

/// All folds of a pool; each has as many samples as the others, or one more.
std::vector<std::vector<SplitUnit>> fold_units(const std::vector<SplitUnit>& units, std::int64_t folds,
                                               bool stratify, const SplitFacts& facts) {
  if (!stratify) return deal_units(units, static_cast<std::size_t>(folds));
  const auto all = static_cast<std::int64_t>(samples_of(units).size());
  std::vector<std::int64_t> wanted;
  for (std::int64_t fold = 0; fold < folds; ++fold)
    wanted.push_back(all / folds + (fold < all % folds ? 1 : 0));
  return stratify_units(units, wanted, facts.shows);
}

std::vector<SplitUnit> without_part(const std::vector<std::vector<SplitUnit>>& parts, std::size_t left_out) {
  std::vector<SplitUnit> units;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (p != left_out) units.insert(units.end(), parts[p].begin(), parts[p].end());
  }
  std::sort(units.begin(), units.end(), [](const SplitUnit& a, const SplitUnit& b) {
    return std::pair(a.place, a.samples.front()) < std::pair(b.place, b.samples.front());
  });
  return units;
}

/// Draws what is drawn out of `pool`; official splits are taken.
void draw_from(const std::vector<std::int64_t>& pool, const core::SplitRule& selection,
               const core::SplitRule& test, const Catalogue& catalogue, const core::DataConfig& config,
               const SplitFacts& facts, SplitDraw& drawn) {
  std::vector<SplitUnit> units = split_units(pool, catalogue, facts, config.split_seed);
  const bool stratify = config.stratify && !facts.shows.empty();
  const auto wanted = [&](const core::SplitRule& rule) {
    return std::llround(*rule.fraction * static_cast<double>(pool.size()));
  };
  if (!test.fraction) drawn.splits.test = take_official(test, catalogue);
  if (!selection.fraction) drawn.splits.selection = take_official(selection, catalogue);
  struct Drawn {
    const core::SplitRule* rule;
    std::vector<std::int64_t>* into;
  };
  std::vector<Drawn> draws;  // test first
  if (test.fraction) draws.push_back({&test, &drawn.splits.test});
  if (selection.fraction) draws.push_back({&selection, &drawn.splits.selection});
  if (config.folds > 0) {
    if (draws.empty()) {
      drawn.findings.push_back(
          {true, "",
           fmt::format("folds = {} has no effect: neither selection nor test is drawn", config.folds),
           "split_rule", "set splits.test to a fraction, whose place the fold takes"});
      return;
    }
    const std::vector<std::vector<SplitUnit>> folds = fold_units(units, config.folds, stratify, facts);
    const auto fold = static_cast<std::size_t>(config.fold.value_or(0));
    *draws.front().into = samples_of(folds.at(fold));
    units = without_part(folds, fold);
    draws.erase(draws.begin());
  }
  if (stratify) {
    std::vector<std::int64_t> sizes;
    for (const Drawn& draw : draws) sizes.push_back(wanted(*draw.rule));
    const std::vector<std::vector<SplitUnit>> parts = stratified(units, sizes, facts);
    for (std::size_t d = 0; d < draws.size(); ++d) *draws[d].into = samples_of(parts[d]);
    units = parts.back();
  } else {
    for (const Drawn& draw : draws) *draw.into = take_units(units, wanted(*draw.rule));
  }
  drawn.splits.train = samples_of(units);
}

}  // namespace

SplitDraw draw_splits(const Catalogue& catalogue, const core::DataConfig& config, const SplitFacts& facts) {
  core::SplitRule train = resolve(config.train, catalogue, {"train", "all"});
  const core::SplitRule selection =
      resolve(config.selection, catalogue, {"selection", "val", "valid", "validation"});
  const core::SplitRule test = resolve(config.test, catalogue, {"test"});
  SplitDraw drawn;
  const bool chosen_here =
      !config.train.fraction && config.train.official == std::vector<std::string>{kAutoSplit};
  if (chosen_here && train.fraction) {
    std::vector<std::string> names;
    for (const auto& [name, samples] : catalogue.official_splits) names.push_back(name);
    drawn.findings.push_back(
        {true, "", fmt::format("there is no split to train on; the data have: {}", fmt::join(names, ", ")),
         "split_rule", "name one: splits = { train = \"…\" }"});
    return drawn;
  }
  if (train.fraction) {
    drawn.findings.push_back(
        {true, "",
         fmt::format("train = {} is a fraction, but must name an official split, out of which the "
                     "fractions of the other splits are drawn",
                     *train.fraction),
         "split_rule"});
    return drawn;
  }
  std::vector<std::int64_t> pool = take_official(train, catalogue);
  if (chosen_here && train.official == std::vector<std::string>{"all"}) {
    // The whole folder less what official splits take for testing and selection.
    for (const core::SplitRule* rule : {&selection, &test}) {
      if (rule->official == std::vector<std::string>{"all"}) continue;
      const std::vector<std::int64_t> taken = take_official(*rule, catalogue);
      std::erase_if(
          pool, [&](std::int64_t sample) { return std::binary_search(taken.begin(), taken.end(), sample); });
    }
  }
  draw_from(pool, selection, test, catalogue, config, facts, drawn);
  return drawn;
}

}  // namespace segbench::data
