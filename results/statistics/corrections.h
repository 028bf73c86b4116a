// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

// Several p values at once. Each correction gives them back in their order, none above 1.

namespace segbench::statistics {

/// Holm's step-down correction (1979): the chance of any false alarm stays below the level.
std::vector<double> holm(std::span<const double> p_values);
/// Benjamini and Hochberg's step-up correction (1995): the expected fraction of false alarms does.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);
/// p times their number.
std::vector<double> bonferroni(std::span<const double> p_values);

}  // namespace segbench::statistics
