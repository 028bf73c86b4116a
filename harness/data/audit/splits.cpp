// SPDX-License-Identifier: MIT
#include "harness/data/audit/splits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/core/random.h"

namespace segbench::data {
namespace {

constexpr double kAutoFraction = 0.15;

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

/// Samples of equal images, and the group's random place in the draw.
struct Group {
  std::uint64_t place = 0;
  std::vector<std::int64_t> samples;
};

std::vector<Group> group_samples(const std::vector<std::int64_t>& pool, const Catalogue& catalogue,
                                 const std::vector<std::string>& image_sha256, std::uint64_t seed) {
  std::map<std::string, Group> by_image;
  for (const std::int64_t sample : pool) {
    const auto i = static_cast<std::size_t>(sample);
    const std::string& id = catalogue.samples[i].id;
    const std::string key = image_sha256[i].empty() ? "id " + id : image_sha256[i];
    Group& group = by_image[key];
    if (group.samples
            .empty()) {  // the pool ascends, and so do ids: the group's place is that of its first id
      group.place = core::Stream(seed, core::Purpose::kSplit, 0, core::stream_index(id)).next_u64();
    }
    group.samples.push_back(sample);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : by_image) groups.push_back(std::move(group));
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::pair(a.place, a.samples.front()) < std::pair(b.place, b.samples.front());
  });
  return groups;
}

/// Moves groups out of `groups`, in their order, until `wanted` samples are taken; a group that is too large
/// stays.
std::vector<std::int64_t> draw(std::vector<Group>& groups, std::int64_t wanted) {
  std::vector<std::int64_t> taken;
  std::vector<Group> rest;
  for (Group& group : groups) {
    if (static_cast<std::int64_t>(taken.size() + group.samples.size()) > wanted) {
      rest.push_back(std::move(group));
    } else {
      taken.insert(taken.end(), group.samples.begin(), group.samples.end());
    }
  }
  groups = std::move(rest);
  std::sort(taken.begin(), taken.end());
  return taken;
}

}  // namespace

SplitDraw draw_splits(const Catalogue& catalogue, const core::DataConfig& config,
                      const std::vector<std::string>& image_sha256) {
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
  std::vector<Group> groups = group_samples(pool, catalogue, image_sha256, config.split_seed);
  const auto take = [&](const core::SplitRule& rule) {
    if (!rule.fraction) return take_official(rule, catalogue);
    return draw(groups, std::llround(*rule.fraction * static_cast<double>(pool.size())));
  };
  drawn.splits.test = take(test);
  drawn.splits.selection = take(selection);
  for (const Group& group : groups) {
    drawn.splits.train.insert(drawn.splits.train.end(), group.samples.begin(), group.samples.end());
  }
  std::sort(drawn.splits.train.begin(), drawn.splits.train.end());
  return drawn;
}

}  // namespace segbench::data
