// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/decode_cache.h"
#include "harness/core/trial.h"
#include "harness/train/batch_source.h"
#include "harness/train/process_group.h"

namespace segbench::train {

/// What an epoch trains on from its step `first_step` on: each sample once, unless an augmentation balances
/// them; the part of this process where there are several (`group` is null where there is one).
BatchPlan training_plan(const core::TrialSpec& spec, const core::DecodeCache& cache, std::int64_t epoch,
                        std::int64_t first_step, const ProcessGroup* group);

}  // namespace segbench::train
