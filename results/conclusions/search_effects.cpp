// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/core/measures.h"
#include "results/conclusions/search_parts.h"
#include "results/statistics/main_effect.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// One draw as one parameter sees it.
struct Point {
  Json value;  ///< number or string
  double score = 0;
  std::optional<double> seconds_per_epoch = {};
};

bool lies_below(const std::string& key, const std::string& above) {
  return key == above || key.starts_with(above + ".");
}

/// The value that a draw has of a range: its axes at or below the range's key, but not at or below a longer
/// key that is drawn, too. Several of them, as a part with parameters has, are one text.
Json drawn_value(const Json& axes, const std::string& key, const std::vector<std::string>& keys) {
  std::vector<std::string> texts;
  for (const auto& [axis, value] : axes.items()) {
    if (!lies_below(axis, key)) continue;
    if (std::any_of(keys.begin(), keys.end(), [&](const std::string& other) {
          return other.size() > key.size() && lies_below(other, key) && lies_below(axis, other);
        }))
      continue;
    if (axis == key && value.is_number()) return value;
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const bool is_bare = axis == key || axis == key + ".name";
    texts.insert(is_bare ? texts.begin() : texts.end(),
                 is_bare ? text : fmt::format("{}={}", axis.substr(axis.rfind('.') + 1), text));
  }
  return texts.empty() ? Json() : Json(fmt::format("{}", fmt::join(texts, " ")));
}

/// Whether a draw may have made this choice: its axes have what the choice sets, whatever was drawn within
/// it (axes have no keys such as momentum.uniform).
bool has_chosen(const Json& axes, const std::string& key, const Json& choice) {
  if (!choice.is_object()) return axes.value(key, choice) == choice;
  return std::all_of(choice.items().begin(), choice.items().end(), [&](const auto& entry) {
    return has_chosen(axes, key + "." + entry.key(), entry.value());
  });
}

/// Whether a range within a choice was drawn from: another choice may have a value of that setting, too.
bool was_drawn(const Json& axes, const Json& range, const Json& space) {
  const std::string within = range.at("within"),
                    below = range.at("key").get<std::string>().substr(within.size());
  std::string pointer = below;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  const auto parent = std::find_if(space.begin(), space.end(), [&](const Json& other) {
    return other.at("key") == within && other.contains("choice");
  });
  if (parent == space.end()) return true;
  if (parent->contains("within") && !was_drawn(axes, *parent, space)) return false;
  return std::any_of(parent->at("choice").begin(), parent->at("choice").end(), [&](const Json& choice) {
    return choice.contains(Json::json_pointer(pointer)) &&
           choice.at(Json::json_pointer(pointer)).is_object() && has_chosen(axes, within, choice);
  });
}

/// Groups of draws: by value where there are few, else by ranges of as many draws each.
std::vector<std::size_t> group_points(const std::vector<Point>& points) {
  std::map<Json, std::size_t> values;
  for (const Point& point : points) values.emplace(point.value, 0);
  const bool are_numbers =
      std::all_of(points.begin(), points.end(), [](const Point& point) { return point.value.is_number(); });
  const std::size_t groups = statistics::group_count(points.size());
  std::vector<std::size_t> group;
  if (!are_numbers || values.size() <= groups) {
    std::size_t next = 0;
    for (auto& [value, number] : values) number = next++;
    for (const Point& point : points) group.push_back(values.at(point.value));
    return group;
  }
  std::vector<double> numbers;
  for (const Point& point : points) numbers.push_back(point.value);
  return statistics::equal_groups(numbers, groups);
}

std::string level_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fmt::format("{:.4g}", value.get<double>()) : value.dump();
}

SearchLevel describe_level(const std::vector<const Point*>& points, const core::Measure& metric) {
  SearchLevel level{.text = {}, .draws = points.size()};
  std::vector<double> scores, seconds;
  Json low = points.front()->value, high = low;
  for (const Point* point : points) {
    scores.push_back(point->score);
    if (point->seconds_per_epoch) seconds.push_back(*point->seconds_per_epoch);
    low = std::min(low, point->value), high = std::max(high, point->value);
  }
  level.text = low == high ? level_text(low) : fmt::format("{} to {}", level_text(low), level_text(high));
  level.mean = statistics::mean(scores);
  level.interval = statistics::t_interval(scores);
  if (level.interval)  // what lies beyond is impossible
    level.interval = {std::max(level.interval->low, metric.least),
                      std::min(level.interval->high, metric.most)};
  level.best = metric.higher_is_better ? *std::max_element(scores.begin(), scores.end())
                                       : *std::min_element(scores.begin(), scores.end());
  level.seconds_per_epoch = statistics::mean(seconds);
  return level;
}

SearchParameter explain(const std::string& key, const std::vector<Point>& points,
                        const core::Measure& metric) {
  SearchParameter parameter{.key = key, .why_undefined = {}, .levels = {}};
  if (points.empty()) {
    parameter.why_undefined = "no draw has a score";
    return parameter;
  }
  const std::vector<std::size_t> group = group_points(points);
  std::vector<double> scores;
  std::vector<std::vector<const Point*>> levels(1 + *std::max_element(group.begin(), group.end()));
  for (std::size_t i = 0; i < points.size(); ++i) {
    scores.push_back(points[i].score);
    levels[group[i]].push_back(&points[i]);
  }
  for (const auto& level : levels) parameter.levels.push_back(describe_level(level, metric));
  if (const auto effect = statistics::main_effect(group, scores)) {
    parameter.share = effect->share;
    parameter.interval = effect->interval;
    parameter.p = effect->p;
  } else {
    parameter.why_undefined =
        levels.size() < 2 ? "all draws have the same value" : "too few draws, or all score alike";
  }
  return parameter;
}

}  // namespace

std::vector<SearchParameter> explain_scores(const Json& space, const Json& variants,
                                            const SearchResult& search) {
  const core::Measure& metric = *core::find_metric(search.metric);
  std::vector<std::string> keys;
  for (const Json& range : space) keys.push_back(range.at("key"));
  std::vector<SearchParameter> parameters;
  for (const Json& range : space) {
    const std::string key = range.at("key");
    std::vector<Point> points;
    for (std::size_t i = 0; i < search.draws.size(); ++i) {
      const SearchDraw& draw = search.draws[i];
      if (draw.scores.empty() || !draw.scores.front()) continue;
      const Json axes = variants[i].value("axes", Json::object());
      if (range.contains("within") && !was_drawn(axes, range, space)) continue;
      Json value = drawn_value(axes, key, keys);
      if (value.is_null()) value = "the same";
      points.push_back({.value = std::move(value), .score = *draw.scores.front()});
      if (draw.epochs > 0) points.back().seconds_per_epoch = draw.seconds / static_cast<double>(draw.epochs);
    }
    parameters.push_back(explain(key, points, metric));
  }
  std::stable_sort(parameters.begin(), parameters.end(),
                   [](const auto& a, const auto& b) { return a.share.value_or(-1) > b.share.value_or(-1); });
  return parameters;
}

}  // namespace segbench::conclusions
