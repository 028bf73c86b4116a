// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

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

/// What is told of a network that predicts the same class everywhere on a split of `present` classes.
core::Warning single_class(const std::string& class_name, std::size_t present, const std::string& split,
                           std::int64_t epoch);

}  // namespace segbench::train
