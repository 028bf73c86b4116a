// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace segbench::reports {

// Colours of the plots, told apart with every common kind of colour blindness: Okabe and Ito, "Color
// universal design", 2008. Yellow and black are left out: one is lost on white paper, the other on a dark
// page.
inline constexpr const char* kSeriesColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"};
inline constexpr std::size_t kSeriesCount = 5;

inline constexpr const char* kInk = "#1f2933";     ///< text and means
inline constexpr const char* kMuted = "#52606d";   ///< axis text
inline constexpr const char* kRule = "#dde1e6";    ///< grid lines
inline constexpr const char* kQuiet = "#b4bcc6";   ///< the curves behind the one that is shown
inline constexpr const char* kAccent = "#0072b2";  ///< dots and intervals

struct Shade {
  std::string background, text;  ///< "#rrggbb"; text has a contrast of at least 4.5 on the background
};

/// One hue from pale (0) to deep blue (1).
Shade heat_shade(double value);

}  // namespace segbench::reports
