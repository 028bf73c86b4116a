// SPDX-License-Identifier: MIT
#include "reports/figures/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace segbench::reports {
namespace {

using Rgb = std::array<double, 3>;

constexpr std::array<Rgb, 5> kBlues = {
    {{247, 250, 253}, {205, 223, 240}, {137, 182, 219}, {54, 124, 184}, {8, 56, 110}}};

/// WCAG 2.1 relative luminance.
double luminance(const Rgb& colour) {
  const auto linear = [](double channel) {
    const double c = channel / 255;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

}  // namespace

Shade heat_shade(double value) {
  const double position = std::clamp(value, 0.0, 1.0) * static_cast<double>(kBlues.size() - 1);
  const std::size_t low = std::min(static_cast<std::size_t>(position), kBlues.size() - 2);
  const double share = position - static_cast<double>(low);
  Rgb colour{};
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = std::round(kBlues[low][i] + share * (kBlues[low + 1][i] - kBlues[low][i]));
  // Black text has contrast (L + 0.05) / 0.05 and white text 1.05 / (L + 0.05): they meet at L = 0.179.
  const bool dark = luminance(colour) < 0.179;
  return {fmt::format("#{:02x}{:02x}{:02x}", static_cast<int>(colour[0]), static_cast<int>(colour[1]),
                      static_cast<int>(colour[2])),
          dark ? "#ffffff" : "#000000"};
}

}  // namespace segbench::reports
