// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/event_log.h"
#include "harness/train/checkpoint.h"
#include "harness/train/checkpoint_clock.h"
#include "harness/train/progress.h"
#include "harness/train/setup.h"
#include "harness/train/trial_events.h"

namespace segbench::train {

/// How a trial is run, as opposed to what it computes.
struct TrainOptions {
  torch::Device device = torch::kCPU;
  double checkpoint_seconds = 60;  ///< least time between two checkpoints; 0: one after every step
  int keep_predictions = 0;        ///< test images whose predictions are kept
};

/// Something became infinite or not a number.
struct Diverged {
  std::int64_t epoch = 0, step = 0;  ///< both from 1
  bool is_nan = false;
  std::string what = "loss";  ///< "loss" of a step, "weights" or "evaluation"
};

/// Where a trial was resumed: `step` steps of `epoch` had been done.
struct ResumePosition {
  std::int64_t epoch = 1, step = 0;
};

/// One trial from its first or its last checkpointed step to its end.
class Trainer {
 public:
  /// All arguments must outlive the trainer. `folder` is the trial's.
  Trainer(const core::TrialSpec& spec, std::filesystem::path folder, TrialParts& parts,
          const TrainOptions& options, Progress& progress);

  /// Finds where the trial goes on: loads the checkpoint when there is a usable one, else says on stderr why
  /// there is none and begins anew, with the first event. Empty when it begins anew.
  std::optional<ResumePosition> prepare();

  /// Trains, evaluates, selects and finishes. Throws Diverged (recorded), Interrupted (checkpointed), and
  /// whatever fails.
  void run();

 private:
  std::int64_t steps_per_epoch() const;
  void train_epoch();
  void train_step(const Batch& batch, std::int64_t step);
  void fetch_losses();
  [[noreturn]] void diverge(const Diverged& how);
  void checkpoint();
  void report(const char* phase, std::int64_t step, std::int64_t steps, bool always);

  void finish_epoch();
  void append_epoch();
  void select_epoch(const Evaluation& evaluation);
  void finish();
  void swap_in_selected();
  Evaluation evaluate_split(const std::vector<std::int64_t>& samples, const std::vector<std::int64_t>& keep,
                            EvaluationEvent about);
  void check_weights();

  const core::TrialSpec& spec_;
  const core::TrainingConfig& training_;
  std::filesystem::path folder_;
  TrialParts& parts_;
  TrainOptions options_;
  Progress& progress_;

  TrialState state_;
  TrialTensors tensors_;
  std::optional<core::EventWriter> events_;
  CheckpointClock clock_;
  torch::Tensor device_losses_;  ///< [steps] float64 on the device: of the steps of this epoch
  std::int64_t steps_done_ = 0;  ///< of this epoch; the losses of the last ones may still be on the device
  bool selected_is_swapped_in_ =
      false;  ///< the network holds the best weights and tensors_.best the last ones
};

}  // namespace segbench::train
