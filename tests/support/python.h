// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace segbench::tests {

/// A Python that can import all of `modules` (comma-separated): $SEGBENCH_PYTHON, python3 from the path, or
/// Debian's /usr/bin/python3; empty when none can.
std::optional<std::string> python_with(const std::string& modules);

/// Runs a script (its text) in a folder with arguments; returns its stdout. Throws std::runtime_error with
/// its stderr when it fails.
std::string run_python(const std::string& python, const std::string& script,
                       const std::filesystem::path& folder, const std::vector<std::string>& arguments = {});

}  // namespace segbench::tests

/// Skips the test, saying so, when no Python can import the modules.
#define SEGBENCH_REQUIRE_PYTHON(variable, modules)                                            \
  const auto variable##_found = ::segbench::tests::python_with(modules);                      \
  if (!variable##_found) {                                                                    \
    GTEST_SKIP() << "SKIPPED: no Python with " << (modules)                                   \
                 << " (Debian: apt-get install python3-torchvision; or set SEGBENCH_PYTHON)"; \
  }                                                                                           \
  const std::string& variable = *variable##_found
