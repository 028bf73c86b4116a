// SPDX-License-Identifier: MIT
#include "harness/text/numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace segbench::text {

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

std::string p_text(double p) {
  return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {}", fixed(p, p < 0.01 ? 4 : 3));
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

std::string few_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  if (names.size() <= kShown + 1) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{}, {} and {} more", fmt::join(names.begin(), names.begin() + kShown - 1, ", "),
                     names[kShown - 1], names.size() - kShown);
}

std::string short_id(std::string_view id) {
  return std::string(id.substr(0, 12));
}

}  // namespace segbench::text
