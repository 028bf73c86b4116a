// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/core/worker_protocol.h"

namespace segbench::train {

/// Where a command computes.
struct Means {
  std::string device = "auto";  ///< for resolve_device()
  int threads = 0;              ///< of each operation; 0: as many as there are usable CPUs
};

// The commands of the worker with their options (core/worker_protocol.h).
struct TrainWords {
  std::filesystem::path trial_file;
  Means means;
  double checkpoint_seconds = 60;
  int checkpoint_steps = 0;
  int keep_predictions = core::kKeptPredictions;
  bool film_strip = false;
  std::string keep_weights = "none";
  std::filesystem::path keep_weights_in;
  int pause_after = 0;
  std::vector<std::string> without;
  int progress_descriptor = -1;
};
/// One of the further processes of a trial (replicas.h); started by `train`.
struct ReplicaWords {
  std::filesystem::path trial_file;
  Means means;
  int rank = 1, memory = -1;
  std::string memory_format;
  std::vector<std::string> without;
};
/// By which networks is predicted (predictor.h).
struct PredictorWords {
  std::filesystem::path weights, trial_file;
  std::vector<std::filesystem::path> members;
  std::optional<double> threshold;
  std::string engine;
  Means means;
};
struct PredictWords {
  PredictorWords by;
  std::filesystem::path images, out, probabilities;
};
struct ProbeWords {
  std::string request;  ///< JSON
};
struct EnvironmentWords {
  Means means;
};
struct CeilingsWords {
  Means means;
};
/// What a device computes, against the CPU (conformance/check.h).
struct ConformanceWords {
  Means means;
  std::vector<std::string> only;
  int share = 1, shares = 1;
};
/// The arithmetic of a trial alone (bare_loop.h).
struct BareWords {
  std::filesystem::path trial_file;
  Means means;
  int epochs = 3;
};
struct EngineWords {
  std::string name;  ///< of engine_names()
};
/// --help and --version: what to print.
struct Notice {
  std::string text;
};
using Command = std::variant<Notice, TrainWords, ReplicaWords, PredictWords, PredictorWords, ProbeWords,
                             EnvironmentWords, EngineWords, CeilingsWords, ConformanceWords, BareWords>;

/// Reads the worker's command line, without the program's name. `version` is the line that --version prints.
/// Throws core::UserError with what was found and what is allowed.
Command read_command_line(std::vector<std::string> words, const std::string& version);

}  // namespace segbench::train
