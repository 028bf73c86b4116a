// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace segbench::cli {

/// One thing that the self-test looked at.
struct CheckResult {
  std::string name;
  std::string result;  ///< ok | warning | failed
  std::string detail;  ///< what was seen; what to do about it
};

/// Runs a check that returns what it saw; what it throws becomes a failure.
CheckResult check(const std::string& name, const std::function<std::string()>& look);

// Each looks at one part of the installation. `scratch` is an empty folder that is thrown away afterwards.
CheckResult check_worker();
CheckResult check_gnuplot();
CheckResult check_blas();
CheckResult check_disk(const std::filesystem::path& scratch);
CheckResult check_store(const std::filesystem::path& scratch);
/// Trains a trial of two epochs on built-in images twice and compares weights and events.
CheckResult check_training(const std::filesystem::path& scratch);

/// Speed of a matrix product in GFLOP/s below which a BLAS library is called slow: the reference
/// implementation reaches 1 to 3, any tuned one at least ten times as much.
inline constexpr double kSlowBlas = 6.0;

}  // namespace segbench::cli
