// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/file_lock.h"
#include "harness/core/warning.h"
#include "harness/train/checkpoint.h"
#include "harness/train/checkpoint_clock.h"
#include "harness/train/final_evaluation.h"
#include "harness/train/kept_weights.h"
#include "harness/train/levers.h"
#include "harness/train/process_group.h"
#include "harness/train/progress.h"
#include "harness/train/setup.h"
#include "harness/train/step_graph.h"
#include "harness/train/stopping.h"
#include "harness/train/trial_events.h"
#include "harness/trial/attempt.h"
#include "harness/trial/event_log.h"

namespace segbench::train {

/// How a trial is run, as opposed to what it computes.
struct TrainOptions {
  torch::Device device = torch::kCPU;
  double checkpoint_seconds = 60;        ///< least time between two checkpoints; 0: one after every epoch
  std::int64_t checkpoint_steps = 0;     ///< one after so many steps besides; 0: none
  KeptSettings kept = {};                ///< what this attempt runs with, for its checkpoints
  int keep_predictions = 0;              ///< test images whose predictions are kept
  const core::FileLock* lock = nullptr;  ///< of the trial: once it is lost, nothing is written; null: none
  bool film_strip = false;               ///< predictions of the first selection image are kept by epoch
  KeepWeights keep_weights = {};         ///< of epochs
  Levers levers = {};                    ///< on a GPU
  std::int64_t pause_after = 0;          ///< epoch behind which training stops for now; 0: none
  ProcessGroup* group = nullptr;         ///< of the processes that train together; null: this one alone
  /// Told of what turns out about this machine while it trains, for attempts.jsonl; may be empty.
  std::function<void(const core::Warning&)> warn = {};
};

/// Training stopped behind an epoch that it was asked to pause after; its checkpoint is written.
struct Paused {
  std::int64_t epoch = 0, epochs = 0;
};

/// Something became infinite or not a number.
struct Diverged {
  std::int64_t epoch = 0, step = 0;  ///< both from 1
  bool is_nan = false;
  std::string what = "loss";  ///< "loss" of a step, "weights" or "evaluation"
};

/// One trial from its first or its last checkpointed step to its end.
class Trainer {
 public:
  /// All arguments must outlive the trainer. `folder` is the trial's.
  Trainer(const core::TrialSpec& spec, std::filesystem::path folder, TrialParts& parts,
          const TrainOptions& options, Progress& progress);

  /// Finds where the trial goes on: loads the newest usable checkpoint, or begins anew, with the first event.
  /// Empty when it begins anew. One that is not usable is told on stderr and in warnings().
  std::optional<trial::ResumePosition> prepare();
  /// What prepare() found of this machine or folder, for attempts.jsonl.
  const std::vector<core::Warning>& warnings() const { return warnings_; }
  /// What keeps its steps from being recorded as a graph (step_graph.h).
  const std::vector<std::string>& graphs_prevented_by() const { return graphs_prevented_by_; }

  /// Trains, evaluates, selects and finishes. Throws Diverged (recorded), Interrupted and Paused
  /// (checkpointed), and whatever fails.
  void run();

 private:
  bool load_newest_checkpoint();
  void train_epoch();
  void train_step(const Batch& batch, std::int64_t step);
  void set_up_graph();
  torch::Tensor forward_and_backward(const Batch& batch, std::int64_t step);
  torch::Tensor loss_and_gradients(const Batch& batch, double share);
  void share_epoch(std::int64_t epoch);
  bool is_update_due(std::int64_t steps_done) const;
  double share_of_update(std::int64_t step) const;
  void fetch_losses();
  [[noreturn]] void diverge(const Diverged& how);
  void checkpoint();
  void pause_where_asked();
  void report(const char* phase, std::int64_t step, std::int64_t steps, bool always);

  void finish_epoch();
  void append_epoch();
  void select_epoch(const std::optional<double>& value);
  void keep_weights(const std::optional<double>& value, bool is_evaluated);
  void finish();
  void swap_in_selected();
  void swap_in_average();
  void warn_of_single_class(const Evaluation& evaluation, std::int64_t epoch, const char* split);
  Evaluation evaluate_split(const std::vector<std::int64_t>& samples, const std::vector<std::int64_t>& keep,
                            EvaluationEvent about);
  std::optional<bool> counts_on_device() const;
  void check_weights();
  void use_precise_statistics();
  void restore_statistics();

  const core::TrialSpec& spec_;
  const core::TrainingConfig& training_;
  std::filesystem::path folder_;
  TrialParts& parts_;
  TrainOptions options_;
  Progress& progress_;

  TrialState state_;
  TrialTensors tensors_;
  std::optional<trial::EventWriter> events_;
  CheckpointClock clock_;
  Stopping stopping_;
  std::vector<core::Warning> warnings_;
  std::vector<std::string> graphs_prevented_by_;
  std::optional<StepGraph> graph_;  ///< of its steps
  torch::Tensor device_losses_;     ///< [steps] float64 on the device: of the steps of this epoch
  std::int64_t steps_done_ = 0;     ///< of this epoch; the losses of the last ones may still be on the device
  std::optional<FinalEvaluation> final_;  ///< once all epochs are trained
  NamedTensors moving_statistics_;        ///< of training, while the network holds precise ones
  bool selected_is_swapped_in_ =
      false;                ///< the network holds the best weights and tensors_.best the last ones
  bool has_labels_ = true;  ///< of void pixels alone no loss is defined
  bool average_is_swapped_in_ = false;  ///< likewise those of tensors_.average
};

}  // namespace segbench::train
