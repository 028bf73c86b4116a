// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reports/model.h"

// Numbers and text for people. Undefined is printed as an en dash, never as 0.

namespace segbench::reports {

inline constexpr const char* kUndefined = "–";

/// `value` with `digits` decimals and a true minus sign: "−0.012". A value that rounds to zero has no sign.
std::string fixed(double value, int digits);
/// The same with its sign always shown, for differences: "+0.012".
std::string signed_fixed(double value, int digits);

/// Decimals worth printing for a number whose uncertainty is `half_width`: two significant digits of the half
/// width, between 2 and 5; 3 when it is unknown or zero.
int digits_for(std::optional<double> half_width);
/// The same for a column, at most 4: by the median interval of the summaries.
int digits_for(const std::vector<const Summary*>& summaries);

/// "[0.412, 0.455]".
std::string format(const Interval& interval, int digits);

/// Title of a metric: of core::kMetricNames, or "training time", "peak memory", "parameters"; the key itself
/// if unknown.
std::string metric_title(std::string_view key);
/// False for the loss, times and sizes.
bool higher_is_better(std::string_view metric_key);
/// A value of a metric in its unit: scores with `digits` decimals, seconds as a duration, bytes in MiB.
std::string metric_value(std::string_view metric_key, double value, int digits);

/// 1234567 as "1 234 567" with narrow spaces.
std::string grouped(std::int64_t value);

/// "3 seeds", "1 seed".
std::string plural(std::size_t n, std::string_view noun);

/// First 12 characters of a hash or id.
std::string short_id(std::string_view id);

/// At most `width` characters (code points), an ellipsis in the middle when shortened: names and messages
/// often differ at their end. Control characters become spaces.
std::string shortened(std::string_view text, std::size_t width);
/// The label of a variant in a figure: shortened, but unlike those of the other variants.
std::string short_label(const ReportModel& model, const std::string& label, std::size_t width);
/// The text without control characters (line ends and tabs become spaces) and with invalid UTF-8 replaced by
/// "?".
std::string clean(std::string_view text);
/// Code points.
std::size_t length(std::string_view text);

/// A "linear enough" scale: 5 to 8 round steps that cover [low, high].
struct Ticks {
  double first = 0, last = 1, step = 1;
  int digits = 0;
};
Ticks ticks(double low, double high, int at_most = 6);

}  // namespace segbench::reports
