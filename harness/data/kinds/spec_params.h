// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/part.h"

// Parameters that several kinds have.

namespace segbench::data {

inline core::ParamSpec allow_absent_classes() {
  return {.name = "allow_absent_classes",
          .types = core::kBool,
          .default_value = false,
          .help = "accept classes that occur in the test split but not in the training split"};
}

}  // namespace segbench::data
