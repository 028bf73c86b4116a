// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/core/variant.h"
#include "harness/core/warning.h"

namespace segbench::run {

/// Batch normalisation evaluates with moving statistics, of which momentum^steps is what they started from;
/// above a hundredth, evaluation is not yet of the network that was trained. Empty where statistics are
/// precise or there are none.
std::optional<core::Warning> few_steps_warning(const core::Variant& variant, std::int64_t train_samples);

/// A batch that is larger than the training set: each epoch is one step.
std::optional<core::Warning> large_batch_warning(const core::Variant& variant, std::int64_t train_samples);

/// Training needs more memory than there is. `available` empty: it cannot be told.
std::optional<core::Warning> memory_warning(std::int64_t training_bytes,
                                            std::optional<std::int64_t> available);

/// What deserves a warning of the variant and its data alone, whatever the machine: the first two.
std::vector<core::Warning> training_warnings(const core::Variant& variant, std::int64_t train_samples);

}  // namespace segbench::run
