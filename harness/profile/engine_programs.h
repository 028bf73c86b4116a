// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/engines/protocol.h"
#include "harness/profile/engine_link.h"

namespace segbench::profile {

/// LibTorch as in training: what outputs are checked against.
inline constexpr const char* kReferenceEngine = "eager";

/// Whether an engine is one of LibTorch's, in `segbench-worker`.
bool is_of_worker(const std::string& name);

/// A program that may be an engine here.
struct EngineProgram {
  std::string name;
  std::vector<std::string> command;
  std::string get;  ///< how to get it where it is missing
};

/// Those that Segbench brings: LibTorch's (the worker's), OpenCV's, and the scripts for what the user's
/// Python may have; then the user's own, by name. Scripts are written into `scripts`. The Python is
/// $SEGBENCH_PYTHON, else python3.
std::vector<EngineProgram> known_engines(const std::filesystem::path& scripts,
                                         const std::map<std::string, std::vector<std::string>>& own = {});

/// Those of them that `names` (profile.engines) ask for, and eager LibTorch, against which outputs are
/// checked; all where a name is none of theirs.
std::vector<EngineProgram> asked_for(const std::vector<EngineProgram>& programs,
                                     const std::vector<std::string>& names);

/// What an engine says of itself, or why it is not there.
struct FoundEngine {
  EngineProgram program;
  std::optional<engines::Description> description;
  std::string missing;  ///< its words, "" when it is there
};

/// Starts every engine once and asks it. `log` takes what they print. Throws core::UserError where
/// `interrupted` says so meanwhile.
std::vector<FoundEngine> find_engines(const std::vector<EngineProgram>& programs,
                                      const std::filesystem::path& log,
                                      const std::function<bool()>& interrupted = {});

}  // namespace segbench::profile
