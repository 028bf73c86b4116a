// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Numbers for people. Undefined is printed as an en dash, never as 0.

namespace segbench::text {

inline constexpr const char* kUndefined = "–";

/// `value` with `digits` decimals and a true minus sign: "−0.012". A value that rounds to zero has no sign.
std::string fixed(double value, int digits);
/// The same with its sign always shown, for differences: "+0.012".
std::string signed_fixed(double value, int digits);

/// Decimals worth printing for a number whose uncertainty is `half_width`: two significant digits of the half
/// width, between 2 and 5; 3 when it is unknown or zero.
int digits_for(std::optional<double> half_width);
/// A p value with its relation: "p = 0.021", "p < 0.0001".
std::string p_text(double p);
/// 1234567 as "1 234 567" with narrow spaces.
std::string grouped(std::int64_t value);

/// "3 seeds", "1 seed".
std::string plural(std::size_t n, std::string_view noun);
/// "a, b, c": the first three of a list, with how many more there are.
std::string few_of(const std::vector<std::string>& names);

/// First 12 characters of a hash or id.
std::string short_id(std::string_view id);

}  // namespace segbench::text
