// SPDX-License-Identifier: MIT
#pragma once

#include "harness/conformance/losses.h"

namespace segbench::losses {

using conformance::Batch;
using conformance::gradient_of;
using conformance::random_batch;

}  // namespace segbench::losses
