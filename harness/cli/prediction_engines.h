// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/json.h"
#include "harness/profile/guest.h"

namespace segbench::cli {

/// Where engines execute the networks of a prediction.
struct EngineSetting {
  std::vector<std::filesystem::path> networks;  ///< folders of trials
  std::int64_t height = 0, width = 0;
  std::int64_t batch = 1;
  std::string device;
  int threads = 1;
  std::filesystem::path scratch;
  std::function<bool()> interrupted;
};

/// The engine programs that run for a prediction, besides the worker.
class PredictionEngines {
 public:
  explicit PredictionEngines(EngineSetting setting);

  const EngineSetting& setting() const { return setting_; }
  std::filesystem::path images_file() const { return setting_.scratch / "guest_in.f32"; }
  std::filesystem::path logits_file() const { return setting_.scratch / "guest_out.f32"; }

  /// Starts a program for a network. Throws core::UserError as profile::start_guest() does.
  void open(std::size_t network, const profile::EngineProgram& program, std::chrono::seconds patience);
  /// Those that run for a network.
  std::vector<std::string> names(std::size_t network) const;
  /// "" when it does not run.
  std::string version(std::size_t network, const std::string& engine) const;
  /// Ends those of a network but this one, whose answers are waited for so long from now on.
  void keep_only(std::size_t network, const std::string& engine, std::chrono::seconds patience);
  /// images_file() to logits_file(). An engine that fails is ended.
  void execute(std::size_t network, const std::string& engine);
  double cpu_seconds() const;

 private:
  struct Running {
    profile::Guest guest;
    std::chrono::seconds patience;
  };
  profile::NetworkFiles& files(std::size_t network);

  EngineSetting setting_;
  std::map<std::size_t, profile::NetworkFiles> files_;
  std::map<std::pair<std::size_t, std::string>, Running> running_;
};

/// What `auto` chose for a network on a machine, beside its trial (docs/formats.md).
inline constexpr const char* kPredictEnginesFile = "predict_engines.json";
struct RememberedEngine {
  std::string engine, version;
};
/// What was chosen where everything was as `key` says; empty where nothing was, or the entry cannot be read.
std::optional<RememberedEngine> remembered_engine(const std::filesystem::path& trial, const core::Json& key);
/// Throws core::UserError when it cannot be written.
void remember_choice(const std::filesystem::path& trial, const core::Json& key, const core::Json& choice);

/// "engine mnn, 12.3 ms a batch of 8 (eager 35.1, plan 20.2); on the first batch 0 of 131072 pixels have …".
std::string describe_choice(const core::Json& choice, std::int64_t batch);

}  // namespace segbench::cli
