// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/core/counts.h"
#include "harness/core/warning.h"
#include "harness/train/checkpoint.h"

// Which epoch's weights are tested, and what is to be said of them.

namespace segbench::train {

/// True when an epoch with `value` of a metric should replace the one selected so far; ties keep the earlier
/// epoch. An undefined value says nothing about an epoch, so it replaces no defined one, except zero: where
/// the classes of a metric do not occur, it is undefined for the network that predicts none of them, and zero
/// for one that does. Where no epoch says more, the last undefined one is taken. A value that is not finite
/// never comes here: it is a divergence.
bool replaces_selected(const std::optional<double>& value, const SelectedEpoch& selected,
                       const std::string& metric);

/// What is told when `epoch` was selected without a defined value.
core::Warning selection_undefined(const std::string& metric, std::int64_t epoch);

/// The class that a network predicts (nearly) everywhere without being right to: at least 99 % of the pixels
/// are predicted as it, and fewer than 1 % of the pixels of all other classes correctly. `counts`: of a
/// split, by class. Empty when there is none, or when no other class occurs.
std::optional<std::size_t> only_predicted_class(std::span<const core::ClassCounts> counts);

/// What is told of such a network, which predicts `class_name` for the fraction `share` of a split's pixels.
core::Warning single_class(const std::string& class_name, double share, const std::string& split,
                           std::int64_t epoch);

}  // namespace segbench::train
