// SPDX-License-Identifier: MIT
#include "harness/run/rerun_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "harness/core/machine.h"
#include "harness/core/text.h"

namespace segbench::run {
namespace {

using core::Json;

/// An event without what depends on when and how fast it happened.
Json timeless(Json event) {
  event.erase("time");
  event.erase("timing");
  event.erase("chain");
  event.erase("seq");    // the place in the log, from which measures may be left out
  event.erase("files");  // the weights have a hash of their own; logs of older versions know no files
  return event;
}

std::set<std::string> measured_keys(const trial::EventLog& log) {
  std::set<std::string> keys;
  for (const Json& event : log.events) {
    if (event["type"] == "measure") keys.insert(event.value("key", ""));
  }
  return keys;
}

/// The events without the measures that the other log does not have: a log of an older version knows fewer.
std::vector<Json> comparable_events(const trial::EventLog& log, const std::set<std::string>& measured) {
  std::vector<Json> events;
  for (const Json& event : log.events) {
    if (event["type"] != "measure" || measured.contains(event.value("key", "")))
      events.push_back(timeless(event));
  }
  return events;
}

std::string short_text(const Json& value) {
  const std::string text = value.dump();
  return text.size() <= 40 ? text : text.substr(0, 37) + "…";
}

/// "epoch 3: loss 0.512 and 0.513".
std::string describe_difference(const Json& a, const Json& b) {
  const std::string what = a.value("type", "event") + (a.contains("epoch") ? " " + a["epoch"].dump() : "");
  for (const auto& [key, value] : a.items()) {
    if (!b.contains(key)) return fmt::format("{}: {} is missing", what, key);
    if (b[key] != value)
      return fmt::format("{}: {} {} and {}", what, key, short_text(value), short_text(b[key]));
  }
  return what + ": one has more fields";
}

std::vector<const Json*> evaluations(const trial::EventLog& log) {
  std::vector<const Json*> found;
  for (const Json& event : log.events) {
    if (event["type"] == "evaluation") found.push_back(&event);
  }
  return found;
}

double iou(const Json& evaluation, std::size_t c) {
  const double tp = evaluation.at("tp").at(c), fp = evaluation.at("fp").at(c), fn = evaluation.at("fn").at(c);
  return tp + fp + fn > 0 ? tp / (tp + fp + fn) : std::nan("");
}

/// Empty when the two logs do not hold the same evaluations.
std::optional<double> largest_iou_difference(const trial::EventLog& a, const trial::EventLog& b) {
  const auto left = evaluations(a), right = evaluations(b);
  if (left.size() != right.size() || left.empty()) return std::nullopt;
  double largest = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool paired = left[i]->at("epoch") == right[i]->at("epoch") &&
                        left[i]->at("split") == right[i]->at("split") &&
                        left[i]->at("tp").size() == right[i]->at("tp").size();
    if (!paired) return std::nullopt;
    for (std::size_t c = 0; c < left[i]->at("tp").size(); ++c) {
      const double x = iou(*left[i], c), y = iou(*right[i], c);
      if (std::isnan(x) != std::isnan(y)) return 1.0;  // one of them never saw or predicted the class
      if (!std::isnan(x)) largest = std::max(largest, std::abs(x - y));
    }
  }
  return largest;
}

}  // namespace

std::string_view to_string(DeterminismGrade grade) {
  switch (grade) {
    case DeterminismGrade::kBitwise:
      return "bitwise";
    case DeterminismGrade::kTolerance:
      return "tolerance";
    case DeterminismGrade::kSeeded:
      break;
  }
  return "seeded";
}

RerunComparison compare_with_rerun(const trial::EventLog& trial, const trial::EventLog& rerun) {
  RerunComparison comparison;
  const std::vector<Json> a = comparable_events(trial, measured_keys(rerun));
  const std::vector<Json> b = comparable_events(rerun, measured_keys(trial));
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && comparison.first_difference.empty(); ++i) {
    if (a[i] != b[i]) comparison.first_difference = describe_difference(a[i], b[i]);
  }
  if (comparison.first_difference.empty() && a.size() != b.size())
    comparison.first_difference = fmt::format("{} events and {}", a.size(), b.size());
  comparison.largest_iou_difference = largest_iou_difference(trial, rerun);
  if (comparison.first_difference.empty()) {
    comparison.grade = DeterminismGrade::kBitwise;
  } else if (comparison.largest_iou_difference && *comparison.largest_iou_difference <= kScoreTolerance) {
    comparison.grade = DeterminismGrade::kTolerance;
  }
  return comparison;
}

std::string first_different_counts(const trial::EventLog& a, const trial::EventLog& b) {
  const auto left = evaluations(a), right = evaluations(b);
  if (left.size() != right.size()) return fmt::format("{} evaluations and {}", left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Json &x = *left[i], &y = *right[i];
    const std::string where =
        fmt::format("evaluation {} ({})", short_text(x.value("epoch", Json())), x.value("split", "?"));
    for (const char* key : {"epoch", "split", "weights"}) {
      if (x.value(key, Json()) != y.value(key, Json()))
        return fmt::format("{}: {} {} and {}", where, key, short_text(x.value(key, Json())),
                           short_text(y.value(key, Json())));
    }
    for (const char* key : {"tp", "fp", "fn"}) {
      const Json m = x.value(key, Json::array()), n = y.value(key, Json::array());
      if (m == n) continue;
      for (std::size_t c = 0; c < std::min(m.size(), n.size()); ++c) {
        if (m[c] != n[c])
          return fmt::format("{}: {} of class {} is {} and {}", where, key, c, short_text(m[c]),
                             short_text(n[c]));
      }
      return fmt::format("{}: {} of {} classes and of {}", where, key, m.size(), n.size());
    }
  }
  return "";
}

Json to_json(const RerunComparison& comparison, const std::string& device, int threads) {
  const auto& difference = comparison.largest_iou_difference;
  return {{"schema", 1},
          {"grade", to_string(comparison.grade)},
          {"largest_iou_difference", difference ? Json(*difference) : Json()},
          {"first_difference", comparison.first_difference},
          {"time", core::utc_timestamp()},
          {"host", core::host_name()},
          {"device", device},
          {"threads", threads}};
}

}  // namespace segbench::run
