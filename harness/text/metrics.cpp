// SPDX-License-Identifier: MIT
#include "harness/text/metrics.h"

#include <chrono>
#include <cmath>

#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/text/numbers.h"

namespace segbench::text {

std::string metric_title(std::string_view key) {
  const core::Measure* measure = core::find_measure(key);
  return std::string(measure != nullptr ? measure->title : key);
}

bool higher_is_better(std::string_view metric_key) {
  const core::Measure* measure = core::find_measure(metric_key);
  return measure == nullptr || measure->higher_is_better;
}

std::string metric_value(std::string_view metric_key, double value, int digits) {
  const std::string sign = value < 0 ? "−" : "";
  const core::Measure* measure = core::find_measure(metric_key);
  const std::string_view unit = measure != nullptr ? measure->unit : "";
  if (unit == "s") {
    return sign + core::human_duration(std::chrono::duration<double>(std::fabs(value)));
  }
  if (unit == "bytes") {
    return sign + core::human_bytes(static_cast<std::uint64_t>(std::llround(std::fabs(value))));
  }
  if (unit == "count") return sign + core::human_count(std::fabs(value));
  return fixed(value, digits);
}

}  // namespace segbench::text
