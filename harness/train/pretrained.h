// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/torch/network.h"
#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::train {

/// Fills a network, on the CPU, with the weights that its variant names and returns what is recorded of it:
/// the event "weights" of trial/event_log.h. Throws core::UserError when the file is another one than the
/// variant was planned with (by SHA-256) or does not fit.
core::Json load_pretrained(const core::ModelConfig& model, const architectures::NetworkOptions& options,
                           architectures::Network& network);

}  // namespace segbench::train
