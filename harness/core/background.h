// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/part.h"

namespace segbench::core {

/// Index of the class that is the background; empty: the data have none (CamVid's class 0 is Sky).
using Background = std::optional<int>;
inline constexpr int kFirstClass = 0;

/// The class whose name says that it is the background. "background", "bg" and "unlabelled" say so wherever
/// they stand; "other", "none", "rest", "no_ship", "non-building" and the like only as the first class, since
/// ADE20K-like lists end in "other".
Background background_by_name(const std::vector<std::string>& classes);

/// What the settings of a kind of data set say: the parameter `background` (false, or a class's name) where
/// it is set, else the kind's trait `background` (an index, null for none, or "by_name"); without that trait,
/// the first class.
Background background_of(const PartSpec& kind, const Json& params);

/// The score that studies select and are compared by unless they say otherwise: miou_no_background, or miou
/// where there is no background to leave out.
std::string_view default_metric(const Background& background);

/// Why `metric` says nothing about data without a background, with the metric to take instead; "" when it
/// does.
std::string metric_problem(std::string_view metric, const Background& background);

}  // namespace segbench::core
