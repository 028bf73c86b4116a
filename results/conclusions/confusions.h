// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/counts.h"
#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// Two classes that a network takes for each other.
struct ConfusedPair {
  int first = 0, second = 0;  ///< class indices, first < second
  std::int64_t first_as_second = 0,
               second_as_first = 0;  ///< pixels of the one that are predicted as the other
  std::int64_t first_right = 0, second_right = 0;
  /// Of the pixels of both that are predicted as one of both, the share that is taken for the other class;
  /// 0.5 is what a coin would do.
  double share() const;
  /// Whether they may be one class: at least kMayBeOne of those pixels are taken for the other.
  bool may_be_one() const;
};

/// Share from which two classes are hinted at as one: near-duplicate labels, which merging would mend.
inline constexpr double kMayBeOne = 0.3;

/// Every pair of classes that is confused at all, the largest share first.
std::vector<ConfusedPair> confused_pairs(const core::Confusion& confusion);

/// The first of them, as many as are shown.
std::vector<ConfusedPair> most_confused(const core::Confusion& confusion);

/// The classes that a matrix shows: all where there are at most kShownClasses, else those of which the most
/// pixels are confused, in their order.
std::vector<std::size_t> shown_classes(const core::Confusion& confusion);
inline constexpr std::size_t kShownClasses = 24;

/// "; the 24 of 40 classes that are confused the most", or "" where all are shown.
std::string say_shown_classes(const ClassConfusion& confusion);

/// "85 % of the pixels of car and truck are taken for the other; they may be one class (data.merge)" of each
/// pair that hints at that, the clearest first, kMostHints of them; then how many more there are.
std::vector<std::string> hints_of(const ClassConfusion& confusion);
inline constexpr std::size_t kMostHints = 3;

}  // namespace segbench::conclusions
