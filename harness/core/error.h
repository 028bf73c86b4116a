// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace segbench::core {

/// Exit codes of both programs; 128+n stands for a signal n.
enum ExitCode : int {
  kSuccess = 0,
  kTrialFailed = 1,   ///< a trial failed or a gate did not hold
  kUsage = 2,         ///< command line or experiment file
  kAuditRefused = 3,  ///< the data audit refused
  kInconclusive = 4,
  kNotComparable = 5,
  kNoDevice = 69,  ///< the GPU that a worker was told to use is not there, or does not work
  kInternalError = 70,
  kTryAgain = 75,  ///< not now: somebody else does this work, or time is up; the same command goes on later
};

/// One thing that is wrong with what a user gave us, with the place where it stands.
/// `line` and `column` count from 1; 0 means that the problem has no place in a text.
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;

  /// "file:line:column: message", leaving out what is unknown.
  std::string to_string() const;
  bool operator==(const Problem&) const = default;
};

/// A mistake that a user can mend. Carries every problem found, not only the first, and the exit code.
class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& message, int exit_code = kUsage);
  explicit UserError(std::vector<Problem> problems, int exit_code = kUsage);

  const std::vector<Problem>& problems() const { return problems_; }
  int exit_code() const { return exit_code_; }

 private:
  std::vector<Problem> problems_;
  int exit_code_;
};

/// A broken invariant of ours: a defect of Segbench, never of its input.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(const char* condition, const char* file, int line, const std::string& message);

}  // namespace segbench::core

/// Checks an invariant in every build: SEGBENCH_CHECK(n > 0, "n is {}", n).
#define SEGBENCH_CHECK(condition, ...)                                                        \
  do {                                                                                        \
    if (!(condition))                                                                         \
      ::segbench::core::fail_check(#condition, __FILE__, __LINE__, fmt::format(__VA_ARGS__)); \
  } while (false)
