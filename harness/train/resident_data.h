// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/train/setup.h"

namespace segbench::train {

/// Has a trial's batches made out of samples that lie in the memory of its device, those of the training and
/// of the selection split, where they fit into the share that most_resident_bytes() names of `free_bytes`; an
/// ensemble trains on none. Returns what is recorded: {"in_use", "samples", "bytes", "most_bytes", "problem":
/// null or why they are not there}.
core::Json keep_data_on_device(const core::TrialSpec& spec, torch::Device device,
                               std::optional<std::int64_t> free_bytes, TrialParts& parts);

/// The memory of a device that nobody uses, as its driver tells; empty where it does not.
std::optional<std::int64_t> free_device_bytes(torch::Device device);

}  // namespace segbench::train
