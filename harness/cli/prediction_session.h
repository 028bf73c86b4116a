// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/cli/prediction_engines.h"
#include "harness/cli/prediction_network.h"
#include "harness/cli/prediction_picture.h"
#include "harness/core/json.h"
#include "harness/profile/engine_link.h"

namespace segbench::cli {

/// What is to be predicted by, and where.
struct PredictionTask {
  std::vector<std::filesystem::path> networks;  ///< folders of trials: one, or the members of an ensemble
  std::filesystem::path scratch;                ///< for files that the processes hand each other
  std::string device = "auto";
  /// That was asked for: "auto" or a name of known_engines(); "": evaluation_engine.
  std::string engine = {};
  std::string evaluation_engine = {};  ///< evaluation.engine; "": as the trial's evaluation was
  std::vector<profile::EngineProgram> programs = {};  ///< what may be an engine here
  bool probabilities = false;                         ///< are wanted, too
  std::function<bool()> interrupted;
};

/// Networks that stay loaded, and predict batch after batch: in a process of `segbench-worker predictor`, and
/// in those of the engines that execute them. Ends with it.
class PredictionSession {
 public:
  /// Starts the worker, which loads while others work.
  PredictionSession(PredictionTask task, const NetworkInput& input);

  /// `count` inputs [height, width, channels]. With the first ones engines are chosen, and that is told on
  /// stderr. Throws core::UserError with the worker's words or those of the engine.
  Answer ask(std::span<const std::byte> inputs, std::size_t count);

  /// That the processes have used so far.
  double cpu_seconds() const;

 private:
  void choose_engines(std::size_t batch);
  void choose_engine(std::size_t network);
  std::optional<core::Json> try_remembered(std::size_t network, const core::Json& key);
  core::Json choose(std::size_t network, const std::string& engine, std::chrono::seconds patience);
  core::Json ask_worker(const core::Json& request);

  const PredictionTask task_;
  const NetworkInput& input_;
  std::unique_ptr<profile::EngineLink> worker_;
  core::Json worker_facts_;
  std::optional<PredictionEngines> engines_;  ///< with the first batch
  bool is_chosen_ = false;
};

}  // namespace segbench::cli
