// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace segbench::tests {

using Environment = std::vector<std::pair<std::string, std::string>>;

struct ProcessResult {
  int exit_code = -1;  ///< 128+n after signal n, as shells count
  std::string out, err;
};

/// A child process whose stdout and stderr go to files; killed with its process group when the object goes
/// out of scope.
class Process {
 public:
  /// Starts `arguments[0]` in `folder` with further environment variables. Throws std::runtime_error if it
  /// cannot.
  Process(std::vector<std::string> arguments, const std::filesystem::path& folder,
          const Environment& environment = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  ProcessResult wait();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::filesystem::path out_, err_;
};

/// Runs to the end.
ProcessResult run_process(std::vector<std::string> arguments, const std::filesystem::path& folder,
                          const Environment& environment = {});

}  // namespace segbench::tests
