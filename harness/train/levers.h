// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::train {

/// What makes a GPU faster and changes results by rounding at most: each can be left out, to see what it
/// brings.
struct Levers {
  bool parameter_lists = true;  ///< one operation updates many parameters (optimizers/lists.h)
  bool device_counts = true;    ///< pixels are counted on the device, and fetched once a split
  bool channels_last = true;    ///< where it was measured to be faster (runtime_settings.h)
  bool graphs = true;           ///< one call does what a training step consists of (step_graph.h)
  bool resident_data = true;    ///< samples lie in the memory of the device, if they fit (resident_data.h)
};

/// "parameter_lists", "device_counts", … (core::kLevers).
std::vector<std::string> lever_names();

/// All but those. Throws core::UserError for another name.
Levers levers_without(const std::vector<std::string>& names);

/// Which are in use, by name.
core::Json to_json(const Levers& levers);

}  // namespace segbench::train
