// SPDX-License-Identifier: MIT
#include "reports/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"

namespace segbench::reports {
namespace {

/// Length of the UTF-8 sequence that begins at text[i]; 0 when it is invalid.
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  const std::size_t n = lead < 0x80                   ? 1
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  if (n == 0 || i + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(i + 1) < 0xA0) return 0;   // overlong
  if (lead == 0xED && byte(i + 1) >= 0xA0) return 0;  // a surrogate
  if (lead == 0xF0 && byte(i + 1) < 0x90) return 0;
  if (lead == 0xF4 && byte(i + 1) >= 0x90) return 0;
  return n;
}

}  // namespace

std::string fixed(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", std::fabs(value), digits);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  return value < 0 && !zero ? "−" + text : text;
}

std::string signed_fixed(double value, int digits) {
  const std::string text = fixed(value, digits);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  return value > 0 && !zero ? "+" + text : text;
}

int digits_for(std::optional<double> half_width) {
  if (!half_width || !(*half_width > 0)) return 3;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(*half_width))), 2, 5);
}

int digits_for(const std::vector<const Summary*>& summaries) {
  std::vector<double> halves;
  for (const Summary* summary : summaries) {
    if (!summary->interval) continue;
    const double half = (summary->interval->high - summary->interval->low) / 2;
    if (half > 0) halves.push_back(half);
  }
  if (halves.empty()) return digits_for(std::nullopt);
  const auto middle = halves.begin() + static_cast<std::ptrdiff_t>(halves.size() / 2);
  std::nth_element(halves.begin(), middle, halves.end());
  return std::min(4, digits_for(*middle));
}

std::string format(const Interval& interval, int digits) {
  return fmt::format("[{}, {}]", fixed(interval.low, digits), fixed(interval.high, digits));
}

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

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += "\u202f";
    text += digits[i];
  }
  return value < 0 ? "−" + text : text;
}

std::string plural(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string short_id(std::string_view id) {
  return std::string(id.substr(0, 12));
}

std::string clean(std::string_view text) {
  std::string cleaned;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = sequence_length(text, i);
    const auto byte = static_cast<unsigned char>(text[i]);
    if (n == 0) {
      cleaned += '?', ++i;
      continue;
    }
    const bool c1 = n == 2 && byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || c1) {
      cleaned += ' ';
    } else {
      cleaned += text.substr(i, n);
    }
    i += n;
  }
  return cleaned;
}

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shortened(std::string_view text, std::size_t width) {
  return core::shorten_middle(clean(text), width);
}

std::string short_label(const ReportModel& model, const std::string& label, std::size_t width) {
  std::vector<std::string> labels;
  std::size_t place = 0;
  for (const Entry& entry : model.leaderboard) {
    if (entry.label == label) place = labels.size();
    labels.push_back(clean(entry.label));
  }
  if (place >= labels.size() || labels[place] != clean(label)) return shortened(label, width);
  return core::shorten_names(labels, width)[place];
}

Ticks ticks(double low, double high, int at_most) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::fabs(low) * 0.1);
  const double rough = (high - low) / at_most;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    step = factor * power;
    if (step >= rough * (1 - 1e-9)) break;
  }
  const bool quarter = std::fabs(step / power - 2.5) < 1e-9;
  const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)) + (quarter ? 1 : 0));
  return {.first = std::floor(low / step + 1e-9) * step,
          .last = std::ceil(high / step - 1e-9) * step,
          .step = step,
          .digits = digits};
}

}  // namespace segbench::reports
