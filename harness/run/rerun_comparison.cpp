// SPDX-License-Identifier: MIT
#include "harness/run/rerun_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
  event.erase("files");  // the weights have a hash of their own; logs of older versions know no files
  return event;
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
  const std::size_t common = std::min(trial.events.size(), rerun.events.size());
  for (std::size_t i = 0; i < common && comparison.first_difference.empty(); ++i) {
    const Json a = timeless(trial.events[i]), b = timeless(rerun.events[i]);
    if (a != b) comparison.first_difference = describe_difference(a, b);
  }
  if (comparison.first_difference.empty() && trial.events.size() != rerun.events.size()) {
    comparison.first_difference = fmt::format("{} events and {}", trial.events.size(), rerun.events.size());
  }
  comparison.largest_iou_difference = largest_iou_difference(trial, rerun);
  if (comparison.first_difference.empty()) {
    comparison.grade = DeterminismGrade::kBitwise;
  } else if (comparison.largest_iou_difference && *comparison.largest_iou_difference <= kScoreTolerance) {
    comparison.grade = DeterminismGrade::kTolerance;
  }
  return comparison;
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
