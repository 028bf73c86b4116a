// SPDX-License-Identifier: MIT
#include "harness/text/metrics.h"

#include <chrono>
#include <cmath>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "harness/text/numbers.h"

namespace segbench::text {

std::string metric_title(std::string_view key) {
  if (const core::MetricName* metric = core::find_metric(key)) return std::string(metric->title);
  if (key == "train_seconds") return "training time";
  if (key == "peak_memory_bytes") return "peak memory";
  return std::string(key);
}

bool higher_is_better(std::string_view metric_key) {
  const core::MetricName* metric = core::find_metric(metric_key);
  return metric != nullptr ? metric->higher_is_better : metric_key == "images_per_second";
}

std::string metric_value(std::string_view metric_key, double value, int digits) {
  const std::string sign = value < 0 ? "−" : "";
  if (metric_key == "train_seconds") {
    return sign + core::human_duration(std::chrono::duration<double>(std::fabs(value)));
  }
  if (metric_key == "peak_memory_bytes") {
    return sign + core::human_bytes(static_cast<std::uint64_t>(std::llround(std::fabs(value))));
  }
  if (metric_key == "parameters" || metric_key == "trainable_parameters" || metric_key == "macs") {
    return sign + core::human_count(std::fabs(value));
  }
  return fixed(value, digits);
}

}  // namespace segbench::text
