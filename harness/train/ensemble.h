// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/train/progress.h"
#include "harness/train/setup.h"
#include "harness/train/trainer.h"

namespace segbench::train {

/// The trial of an ensemble: nothing is trained; the mean of its members' probabilities, from their trials on
/// the same data (core/ensemble.h), is evaluated like the selected weights of a trial. Its log has no epochs.
/// `folder` is the trial's; its members lie beside it. Throws core::UserError when one of them is not
/// complete.
void run_ensemble(const core::TrialSpec& spec, const std::filesystem::path& folder, TrialParts& parts,
                  const TrainOptions& options, Progress& progress);

}  // namespace segbench::train
