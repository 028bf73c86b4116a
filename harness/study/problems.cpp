// SPDX-License-Identifier: MIT
#include "harness/study/problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/core/text.h"

namespace segbench::study {
namespace {

constexpr std::size_t kNamedVariants = 3;

/// Counts every place once, although tables and their first entries may share one.
void collect_places(const Node& node, std::set<Place>& places) {
  places.insert(node.place);
  places.insert(node.key_place);
  for (const Node& child : node.children) collect_places(child, places);
}

}  // namespace

void ProblemList::add(const Place& place, const std::string& message) {
  const auto [entry, fresh] = index_.try_emplace({place, message}, found_.size());
  if (fresh) found_.push_back({place, message, {}});
  ++reports_;
  std::vector<int>& variants = found_[entry->second].variants;
  if (current_ >= 0 && (variants.empty() || variants.back() != current_)) variants.push_back(current_);
}

void ProblemList::add(const core::UserError& error) {
  for (const core::Problem& problem : error.problems()) {
    add({problem.file, problem.line, problem.column}, problem.message);
  }
}

void ProblemList::begin_variant(std::string description, const Node& settings) {
  current_ = static_cast<int>(descriptions_.size());
  descriptions_.push_back(std::move(description));
  std::set<Place> places;
  collect_places(settings, places);
  for (const Place& place : places) ++holders_[place];
}

std::string ProblemList::variants_text(const Found& found) const {
  const auto holders = holders_.find(found.place);
  const bool all = holders != holders_.end() && static_cast<int>(found.variants.size()) >= holders->second;
  if (found.variants.empty() || all || descriptions_.size() == 1) return "";
  std::vector<std::string> names;
  for (const int variant : found.variants) {
    if (names.size() < kNamedVariants) names.push_back(descriptions_[static_cast<std::size_t>(variant)]);
  }
  const std::size_t more = found.variants.size() - names.size();
  return fmt::format(" (in variant{} {}{})", found.variants.size() == 1 ? "" : "s", fmt::join(names, "; "),
                     more == 0 ? "" : fmt::format("; and {} more", more));
}

void ProblemList::throw_if_any() const {
  if (found_.empty()) return;
  std::map<std::string, std::size_t> ranks;
  for (const Found& found : found_) ranks.try_emplace(found.place.file, ranks.size());
  std::vector<Found> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Found& a, const Found& b) {
    return std::tuple(ranks[a.place.file], a.place.line, a.place.column) <
           std::tuple(ranks[b.place.file], b.place.line, b.place.column);
  });
  std::vector<core::Problem> problems;
  for (const Found& found : sorted) {
    problems.push_back(
        {found.place.file, found.place.line, found.place.column, found.message + variants_text(found)});
  }
  throw core::UserError(std::move(problems));
}

std::string found_message(std::string_view name, const Node& value, std::string_view allowed) {
  return fmt::format("{} must be {}, but is {}", name, allowed, describe(value));
}

void refuse_unknown_keys(const Node& table, std::string_view where, const std::vector<std::string>& allowed,
                         ProblemList& problems) {
  for (const Node& child : table.children) {
    if (std::find(allowed.begin(), allowed.end(), child.key) != allowed.end()) continue;
    problems.add(child.key_place,
                 fmt::format("unknown key \"{}\"{}; known keys: {}{}", child.key,
                             where.empty() ? "" : fmt::format(" in {}", where), fmt::join(allowed, ", "),
                             core::did_you_mean(child.key, allowed)));
  }
}

}  // namespace segbench::study
