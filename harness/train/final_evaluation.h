// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/train/evaluate.h"
#include "harness/train/final_measures.h"
#include "harness/train/inference.h"
#include "harness/trial/event_log.h"

namespace segbench::train {

/// What final evaluations are made with. Whatever it refers to outlives them.
struct FinalSetup {
  const core::TrialSpec& spec;
  const core::DecodeCache& cache;
  core::PixelRange range;
  const losses::Loss& loss;
  BatchSource& loader;
  std::filesystem::path folder;  ///< of the trial
  Networks networks;             ///< one, or the members of an ensemble
  std::int64_t epoch = 0;        ///< whose weights they have
  /// Called before each batch with its number from 0 and the number of batches; may throw to stop.
  std::function<void(std::int64_t batch, std::int64_t batches)> before_batch;
};

/// The final evaluations of a trial as [evaluation] says: how networks are asked and what is measured.
class FinalEvaluation {
 public:
  explicit FinalEvaluation(FinalSetup setup);

  /// Has the networks executed as evaluation.engine says from now on, and writes the event "engine" where
  /// that is not eager. What "auto" finds is kept in the trial's folder (trial::kEnginesFile), so that a
  /// resumed or repeated trial computes the same numbers. Throws as choose_engine() does.
  void choose_engines(trial::EventWriter& events);
  /// Where a threshold is to be found: tries all of them on the selection split, decides by the best one from
  /// now on, and writes the event "threshold". Nothing else otherwise.
  void search_threshold(trial::EventWriter& events);
  /// A split, of which the positions `keep` are kept. Nothing is written yet.
  Evaluation evaluate(const std::vector<std::int64_t>& samples, const std::vector<std::int64_t>& keep);
  /// Writes the last evaluation: its counts, images and measures.
  void append(trial::EventWriter& events, const EvaluationEvent& about, const Evaluation& evaluation,
              const std::vector<std::int64_t>& samples) const;
  /// By which class 1 of two is decided; empty: by the larger probability.
  const std::optional<double>& threshold() const { return inference_.threshold; }
  /// That the (first) network is executed by.
  const std::string& engine() const { return engine_; }

 private:
  Evaluation run(const std::vector<std::int64_t>& samples, const std::vector<std::int64_t>& keep,
                 std::vector<BatchObserver*> observers);

  FinalSetup setup_;
  Inference inference_;
  std::string engine_ = "eager";
  std::optional<FinalMeasures> measures_;
};

}  // namespace segbench::train
