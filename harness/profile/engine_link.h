// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::profile {

/// A running engine that is asked (docs/engine-protocol.md): a process, or a made-up one in tests.
class EngineLink {
 public:
  EngineLink() = default;
  EngineLink(const EngineLink&) = delete;
  EngineLink& operator=(const EngineLink&) = delete;
  virtual ~EngineLink() = default;

  /// The answer. Throws core::UserError with the engine's own words (and exit code, where it says one) where
  /// it says no, does not answer in time, or has ended (how: "killed by signal 9"). One that does not answer
  /// in time is ended, so that a late answer is not taken for that to a later request.
  virtual core::Json ask(const core::Json& request, std::chrono::seconds patience) = 0;
  /// The most resident memory that the process has had, and the CPU seconds it has used; empty where nobody
  /// knows.
  virtual std::optional<std::int64_t> peak_bytes() const = 0;
  virtual std::optional<double> cpu_seconds() const = 0;
};

/// Of start_engine(): on every CPU that this process may use.
inline constexpr int kAllCpus = 1 << 20;

/// Starts an engine program on as many CPUs as it has threads: the first ones that this process may use.
/// Idle threads of it sleep soon (GOMP_SPINCOUNT, KMP_BLOCKTIME, where the user has not chosen). While an
/// answer is waited for, `interrupted` is asked several times a second; where it says so, the engine is ended
/// and ask() throws core::UserError. What the engine has started ends with it. Throws core::UserError when it
/// cannot be started.
std::unique_ptr<EngineLink> start_engine(const std::vector<std::string>& command,
                                         const std::filesystem::path& log, int threads,
                                         std::function<bool()> interrupted = {});

}  // namespace segbench::profile
