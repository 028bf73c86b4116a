// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "harness/profile/engine_link.h"
#include "harness/profile/rows.h"

namespace segbench::profile {

/// What a session tells while it goes on.
class SessionObserver {
 public:
  virtual ~SessionObserver() = default;
  virtual void preparing(const std::string& /*label*/, std::size_t /*done*/, std::size_t /*of*/) {}
  /// `first_s` of the first iteration, `typical_s` of those after the warm-up.
  virtual void ready(const std::string& /*label*/, double /*first_s*/, double /*typical_s*/) {}
  virtual void failed(const std::string& /*label*/, const std::string& /*why*/) {}
  /// A row of reduced precision has no score of its own.
  virtual void uncounted(const std::string& /*label*/, const std::string& /*why*/) {}
  /// `within`: the widest half interval of a median so far, as a fraction of it; negative while none is
  /// known.
  virtual void round_done(std::int64_t /*round*/, double /*elapsed_s*/, double /*within*/) {}
  /// profile.passes: all images have gone through a row.
  virtual void pass_done(const std::string& /*label*/, std::int64_t /*pass*/) {}
};

/// Starts an engine for a row; replaced in tests.
using OpenEngine = std::function<std::unique_ptr<EngineLink>(const FoundEngine& engine,
                                                             const std::filesystem::path& log, int threads)>;

struct SessionOptions {
  std::filesystem::path folder;               ///< of the session: its log, and what engines read and print
  core::Json machine = core::Json::object();  ///< describe_machine(), for the log
  OpenEngine open;
  /// Asked between visits, and when an engine fails; a signal's number ends the session, which can be gone on
  /// with.
  std::function<int()> interrupted = [] { return 0; };
};

/// Measures what is not measured yet of a plan: starts an engine for every row, checks its output against the
/// reference, warms it up, and visits all of them in rounds of random order until their medians are known
/// well enough or the time is over. Every iteration is appended to the log (results/profiles/log.h). A row
/// that fails is told and left out; the others go on. Returns the signal that ended it, 0 when it is
/// finished.
int run_session(const Plan& plan, const SessionOptions& options, SessionObserver& observer);

}  // namespace segbench::profile
