// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/train/kept_weights.h"
#include "harness/train/tensor_file.h"

// checkpoint.safetensors: all that the rest of a trial depends on (docs/formats.md, docs/adr/0003). The one
// before it is kept, in case that it is damaged.

namespace segbench::train {

/// The epoch whose weights would be tested if training ended now: the best one so far, or the last one. The
/// weights of a best epoch are kept in TrialTensors::best.
struct SelectedEpoch {
  std::int64_t epoch = 0;       ///< 0: none yet
  std::optional<double> value;  ///< of the metric that epochs are selected by
};

/// What a trial keeps through a resume although it is no part of its specification, since results depend on
/// it by rounding.
struct KeptSettings {
  int threads = 0;                 ///< 0: not known
  std::string memory_format = {};  ///< name_of() the format; "": not known
};

/// Where a trial stands, apart from its tensors. Between two steps this is everything.
struct TrialState {
  std::int64_t epoch = 1;           ///< the one in progress, from 1; epochs + 1 when all are trained
  std::vector<double> step_losses;  ///< of the steps of this epoch that are done: its size is the position
  std::int64_t updates = 0;         ///< of the optimizer
  SelectedEpoch selected;
  std::optional<double> selection_score;    ///< of the last evaluation, for the progress line
  std::uint64_t events_bytes = 0;           ///< length of events.jsonl when this epoch began
  core::Json schedule = nullptr;            ///< of the learning rate's schedule, Schedule::state()
  core::Json stopping = nullptr;            ///< Stopping::state()
  std::vector<KeptEpoch> kept_epochs = {};  ///< whose weights are kept as the best
  KeptSettings kept = {};

  /// Of this epoch so far, over all attempts.
  struct Timing {
    double train = 0, data_wait = 0, checkpoint = 0;  ///< seconds
    double reduce = 0;                                ///< … of `train`, that sums over processes took
  } timing;

  std::int64_t step() const { return static_cast<std::int64_t>(step_losses.size()); }
};

/// The tensors themselves, not copies.
struct TrialTensors {
  NamedTensors weights, optimizer;
  NamedTensors best = {};     ///< empty when the last epoch is tested
  NamedTensors average = {};  ///< of the weights; empty where there is none
  /// Of the weights that have one, while the batches of an update are not all done; else empty. What is
  /// loaded becomes the weights' own.
  NamedTensors gradients = {};
};

/// Written atomically into the trial's folder; the one that was there becomes the previous one. The events up
/// to `events_bytes` must have been synced before.
void save_checkpoint(const std::filesystem::path& folder, const std::string& trial_id,
                     const TrialState& state, const TrialTensors& tensors);

/// Both checkpoints, the newer one first, those of them that are there.
std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& folder);
/// Removes both.
void remove_checkpoints(const std::filesystem::path& folder);

/// The settings that the trial in this folder began with, as the newest readable header says; unknown when
/// there is no checkpoint. Does not check the tensors.
KeptSettings kept_settings(const std::filesystem::path& folder);

/// Loads the tensors in place and returns the state. Throws core::UserError, before anything is changed, when
/// the file is damaged (its checksum says so), belongs to another trial, or refers to more events than the
/// `events_bytes` that are there.
TrialState load_checkpoint(const std::filesystem::path& file, const std::string& trial_id,
                           std::uint64_t events_bytes, const TrialTensors& tensors);

}  // namespace segbench::train
