// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/files.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

// What tests of the scripts for machines with a GPU have in common.

namespace segbench::tests {

inline const std::filesystem::path kSource = SEGBENCH_SOURCE_DIR;

/// A folder in front of the PATH with programs that say what they are told to.
class FakePrograms {
 public:
  FakePrograms() : before_(std::getenv("PATH")) {
    ::setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
  }
  FakePrograms(const FakePrograms&) = delete;
  FakePrograms& operator=(const FakePrograms&) = delete;
  ~FakePrograms() { ::setenv("PATH", before_.c_str(), 1); }
  void add(const std::string& name, const std::string& script) const {
    const std::filesystem::path file = folder_ / name;
    core::write_file_atomically(file, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

 private:
  TemporaryFolder folder_;
  std::string before_;
};

/// The built `segbench` in a folder of its own.
inline ProcessResult segbench(const std::vector<std::string>& words, const std::filesystem::path& folder) {
  std::vector<std::string> command = {SEGBENCH_BINARY_DIR "/segbench"};
  command.insert(command.end(), words.begin(), words.end());
  return run_process(command, folder);
}

/// A small study on shapes.
inline std::filesystem::path bundled_study(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "tiny.toml";
  core::write_file_atomically(file, R"(schema = 1
name = "tiny"
data = { kind = "shapes", resolution = [32, 32], train_images = 8, selection_images = 4, test_images = 4 }
model = { architecture = "unet", size = "small", width = 0.0625 }
trials = { seeds = [1] }
[training]
epochs = 1
batch_size = 4
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 1e-3 }
)");
  return file;
}

}  // namespace segbench::tests
