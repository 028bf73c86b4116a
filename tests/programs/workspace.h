// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {

/// A folder in which a user works: experiment files, `runs/`, and the built programs at hand.
class Workspace {
 public:
  const std::filesystem::path& path() const { return folder_.path(); }
  /// Writes an experiment file.
  void write(const std::string& file, const std::string& content) const;
  /// `segbench ARGUMENTS…`, run to its end.
  ProcessResult segbench(std::vector<std::string> arguments, const Environment& environment = {}) const;
  std::vector<std::string> command(std::vector<std::string> arguments) const;
  /// Folders of the study's trials, sorted.
  std::vector<std::filesystem::path> trials(const std::string& study) const;

 private:
  TemporaryFolder folder_;
};

/// A small study on the built-in shapes that trains in seconds: two architectures, two seeds.
std::string tiny_study(const std::string& name, int epochs = 2);

/// Two variants of other networks, and the mean of both.
inline constexpr const char* kTwoAndTheirMean = R"([[variant]]
label = "a"
model = { architecture = "unet", size = "small", width = 0.0625, batch_norm_momentum = 0.5 }
[[variant]]
label = "b"
model = { architecture = "fcn", size = "small", width = 0.0625 }
[[ensemble]]
label = "both"
variants = ["a", "b"]
)";

/// What a trial computed, with everything that depends on when and how fast left out: one line an event.
std::vector<std::string> computed_events(const std::filesystem::path& trial);

}  // namespace segbench::tests
