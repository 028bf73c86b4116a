// SPDX-License-Identifier: MIT
#include "harness/study/search.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "harness/core/optional_json.h"
#include "harness/core/text.h"
#include "harness/study/fields.h"
#include "harness/study/merge.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;

constexpr std::array<std::string_view, 5> kKinds = {"uniform", "log_uniform", "integer", "log_integer",
                                                    "choice"};
constexpr const char* kAllowed =
    "a table of one range: { uniform = [low, high] }, { log_uniform = … }, { integer = … }, { log_integer = "
    "… } "
    "or { choice = [value, …] }";
/// Draws are compared by their scores on the selection split, so these must be the same for all.
constexpr std::array<std::string_view, 7> kNotSearched = {
    "data.root", "data.splits", "data.split_seed",   "data.folds",
    "data.fold", "data.lists",  "training.select_by"};

bool is_whole(double value) {
  return std::floor(value) == value && std::abs(value) < 1e15;
}

/// Why a range of this kind cannot be drawn from; "" when it can.
std::string range_problem(const std::string& kind, const Json& bounds) {
  const bool whole = kind == "integer" || kind == "log_integer";
  const bool numbers = bounds.is_array() && bounds.size() == 2 && bounds[0].is_number() &&
                       bounds[1].is_number() && std::isfinite(bounds[0].get<double>()) &&
                       std::isfinite(bounds[1].get<double>());
  if (!numbers || bounds[0].get<double>() >= bounds[1].get<double>())
    return "two numbers [low, high], the first one smaller";
  const double low = bounds[0], high = bounds[1];
  if (whole && !(is_whole(low) && is_whole(high))) return "two integers [low, high]";
  if (kind.starts_with("log_") && low <= 0) return "two numbers [low, high] above 0";
  return "";
}

bool is_range(const Node& node) {
  return node.is_table() && node.children.size() == 1 &&
         std::find(kKinds.begin(), kKinds.end(), node.children[0].key) != kKinds.end();
}

/// Reports a key by which draws are compared.
bool may_be_searched(const std::string& key, const Place& place, ProblemList& problems) {
  if (std::none_of(kNotSearched.begin(), kNotSearched.end(),
                   [&](std::string_view fixed) { return is_at_or_below(key, fixed); }))
    return true;
  problems.add(place,
               fmt::format("{} cannot be searched: draws are compared by one metric on the same images "
                           "of the selection split",
                           key));
  return false;
}

/// The keys of a choice in one order, the name first: labels have it, and the resolved form keeps none.
void order_keys(Node& value) {
  if (value.is_table())
    std::sort(value.children.begin(), value.children.end(), [](const Node& a, const Node& b) {
      return std::pair(a.key != "name", a.key) < std::pair(b.key != "name", b.key);
    });
  for (Node& child : value.children) order_keys(child);
}

std::optional<Range> read_values(const std::string& key, const Node& entry, ProblemList& problems);

/// The ranges within a choice, such as that of a parameter which other choices do not have.
void read_within(const std::string& key, const Node& value, std::vector<Range>& ranges,
                 ProblemList& problems) {
  if (!value.is_table()) return;
  for (const Node& child : value.children) {
    const std::string below = fmt::format("{}.{}", key, child.key);
    if (!may_be_searched(below, child.key_place, problems)) continue;
    if (child.key.find('.') != std::string::npos) continue;  // unknown there, and told so with the draws
    if (!is_range(child)) {
      read_within(below, child, ranges, problems);
    } else if (auto range = read_values(below, child, problems)) {
      ranges.push_back(std::move(*range));
    }
  }
}

/// What a setting may be.
std::optional<Range> read_values(const std::string& key, const Node& entry, ProblemList& problems) {
  const std::string name = fmt::format("search.space: {}", key);
  if (!is_range(entry)) {
    problems.add(entry.place, found_message(name, entry, kAllowed));
    return std::nullopt;
  }
  const Node& value = entry.children[0];
  Range range{.key = key, .kind = value.key, .place = value.place, .key_place = entry.key_place};
  if (range.kind == "choice") {
    if (!value.is_array() || value.children.empty()) {
      problems.add(value.place, found_message(name + ".choice", value, "a list of values"));
      return std::nullopt;
    }
    range.choices = value.children;
    for (Node& choice : range.choices) {
      order_keys(choice);
      range.within.emplace_back();
      read_within(key, choice, range.within.back(), problems);
    }
    return range;
  }
  const Json bounds = to_json(value);
  if (const std::string allowed = range_problem(range.kind, bounds); !allowed.empty()) {
    problems.add(value.place, found_message(fmt::format("{}.{}", name, range.kind), value, allowed));
    return std::nullopt;
  }
  range.low = bounds[0], range.high = bounds[1];
  return range;
}

std::optional<Range> read_range(const Node& entry, ProblemList& problems) {
  const std::vector<std::string> sections(kSections.begin(), kSections.end());
  const std::string first = core::split(entry.key, '.').front();
  if (!is_section(first)) {
    problems.add(entry.key_place,
                 fmt::format("unknown key \"{}\"; write a dotted key that begins with {}{}", entry.key,
                             fmt::join(sections, ", "), core::did_you_mean(first, sections)));
    return std::nullopt;
  }
  if (!may_be_searched(entry.key, entry.key_place, problems)) return std::nullopt;
  return read_values(entry.key, entry, problems);
}

/// A range within a choice, however deep, would be covered by one of the same key in the space itself.
void refuse_drawn_twice(const std::vector<Range>& space, const Range& outermost, const Range& range,
                        ProblemList& problems) {
  for (const std::vector<Range>& ranges : range.within) {
    for (const Range& inner : ranges) {
      if (std::any_of(space.begin(), space.end(), [&](const Range& other) {
            return is_at_or_below(inner.key, other.key) && &other != &outermost;
          }))
        problems.add(inner.key_place, fmt::format("{} is drawn twice: within a choice of {}, and by itself",
                                                  inner.key, range.key));
      else
        refuse_drawn_twice(space, outermost, inner, problems);
    }
  }
}

/// {"key", KIND: bounds or choices}
Json range_json(const Range& range) {
  Json values = Json::array();
  for (const Node& choice : range.choices) values.push_back(to_json(choice));
  if (range.kind.ends_with("integer")) {
    values = {static_cast<std::int64_t>(range.low), static_cast<std::int64_t>(range.high)};
  } else if (range.kind != "choice") {
    values = {range.low, range.high};
  }
  return {{"key", range.key}, {range.kind, values}};
}

/// The ranges within its choices, and within those, each key once.
void list_within(const Range& range, Json& list) {
  for (const std::vector<Range>& ranges : range.within) {
    for (const Range& inner : ranges) {
      if (std::none_of(list.begin(), list.end(),
                       [&](const Json& one) { return one.at("key") == inner.key; })) {
        list.push_back(range_json(inner));
        list.back()["within"] = range.key;
      }
      list_within(inner, list);
    }
  }
}

void check_halving(const Node& table, const SearchTable& search, ProblemList& problems) {
  if (search.search.method == "halving") {
    if (!search.min_epochs)
      problems.add(table.place, "search.min_epochs is missing; a halving needs the epochs of its first rung");
    return;
  }
  for (const char* key : {"min_epochs", "reduction"}) {
    if (const Node* given = table.find(key))
      problems.add(given->key_place,
                   fmt::format("search.{} has no effect without method = \"halving\"", key));
  }
}

}  // namespace

std::optional<SearchTable> read_search(const Node& root, std::size_t seeds, ProblemList& problems) {
  const Node* table = root.find("search");
  if (table == nullptr) return std::nullopt;
  const std::size_t before = problems.reports();
  if (!table->is_table()) {
    problems.add(table->place, found_message("search", *table, "a table"));
    return std::nullopt;
  }
  refuse_unknown_keys(*table, "[search]", names_of(search_settings()), problems);
  const Json values = read_fields(*table, "search", search_settings(), Demand::kComplete, problems);
  SearchTable search{.search = {}, .min_epochs = {}, .space = {}, .place = table->place};
  search.search.method = values.at("method");
  search.search.seed = values.at("seed");
  search.search.trials = values.at("trials");
  if (values.at("hours").is_number()) search.search.hours = values.at("hours").get<double>();
  if (search.search.method == "halving") search.search.reduction = values.at("reduction");
  if (values.at("min_epochs").is_number()) search.min_epochs = values.at("min_epochs").get<std::int64_t>();
  check_halving(*table, search, problems);
  if (search.search.trials < static_cast<std::int64_t>(seeds)) {
    problems.add(table->find("trials") != nullptr ? table->find("trials")->place : table->place,
                 fmt::format("search.trials is {}, but every draw takes {}, one a seed (trials.seeds)",
                             search.search.trials, seeds));
  }
  if (root.find("matrix") != nullptr)
    problems.add(
        root.find("matrix")->key_place,
        "[matrix] and [search] exclude each other; in a search the values of an axis are { choice = […] }");
  const Node* space = table->find("space");
  if (space != nullptr && space->is_table()) {
    if (space->children.empty()) problems.add(space->place, "search.space has no range");
    for (const Node& entry : space->children) {
      if (auto range = read_range(entry, problems)) search.space.push_back(std::move(*range));
    }
    for (const Range& range : search.space) refuse_drawn_twice(search.space, range, range, problems);
  }
  if (problems.reports() != before) return std::nullopt;
  return search;
}

Search complete_search(const SearchTable& table, const std::vector<core::Variant>& variants,
                       std::size_t draws, ProblemList& problems) {
  Search search = table.search;
  search.draws = draws;
  for (const Range& range : table.space) {
    search.space.push_back(range_json(range));
    list_within(range, search.space);
  }
  const auto changes_loss = [](const Range& range) { return is_at_or_below(range.key, "training.loss"); };
  const auto range = std::find_if(table.space.begin(), table.space.end(), changes_loss);
  if (range != table.space.end() && draws > 0 && variants.size() >= draws &&
      variants.front().config.training.select_by == "loss")
    problems.add(
        range->key_place,
        "draws with other losses cannot be compared by training.select_by = \"loss\"; select by a metric");
  if (!table.min_epochs || draws == 0 || variants.size() < draws) return search;
  const core::TrainingConfig& first = variants.front().config.training;
  for (std::int64_t epochs = *table.min_epochs; epochs < first.epochs; epochs *= search.reduction)
    search.rungs.push_back(epochs);
  if (search.rungs.empty())
    problems.add(table.place,
                 fmt::format("search.min_epochs is {}, but must be below training.epochs, which is {}",
                             *table.min_epochs, first.epochs));
  for (std::size_t i = 0; i < draws; ++i) {
    const core::TrainingConfig& training = variants[i].config.training;
    if (training.epochs != first.epochs)
      problems.add(table.place, "a halving needs the same training.epochs for all draws");
    for (const std::int64_t epochs : search.rungs) {
      if (epochs % training.evaluate_every == 0) continue;
      problems.add(table.place,
                   fmt::format("a halving decides after epochs {}, which must be evaluated: multiples of "
                               "training.evaluate_every, which is {}",
                               fmt::join(search.rungs, ", "), training.evaluate_every));
      break;
    }
  }
  search.rungs.push_back(first.epochs);
  return search;
}

bool decides_while_running(const Search& search) {
  return !search.rungs.empty() || search.hours.has_value();
}

Json to_json(const Search& search) {
  return {{"method", search.method}, {"seed", search.seed},
          {"trials", search.trials}, {"hours", core::or_null(search.hours)},
          {"draws", search.draws},   {"reduction", search.reduction},
          {"rungs", search.rungs},   {"space", search.space}};
}

std::string search_toml(const Search& search) {
  std::string text = fmt::format("\n[search]\nmethod = {}\nseed = {}\ntrials = {}\n",
                                 toml_text(search.method), search.seed, search.trials);
  if (search.hours) text += fmt::format("hours = {}\n", toml_text(*search.hours));
  if (!search.rungs.empty())
    text += fmt::format("min_epochs = {}\nreduction = {}\n", search.rungs.front(), search.reduction);
  text += "\n[search.space]\n";
  for (Json range : search.space) {
    if (range.contains("within")) continue;  // its choice says it
    const std::string key = range.at("key");
    range.erase("key");
    text += fmt::format("{} = {}\n", toml_key(key), toml_text(range));
  }
  return text;
}

}  // namespace segbench::study
