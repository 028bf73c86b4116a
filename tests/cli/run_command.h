// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/core/json.h"

namespace segbench::tests {

struct CommandOutput {
  std::string out, err;
  int exit_code = 0;  ///< of the UserError that ended it, else Context::exit_code
  std::string error;  ///< its message
  core::Json json() const { return core::Json::parse(out); }
};

/// Runs a subcommand in this process: `add` is its add_… function.
inline CommandOutput run_command(void (*add)(CLI::App&, cli::Context&), cli::Context context,
                                 std::vector<std::string> arguments) {
  CLI::App app;
  add(app, context);
  std::reverse(arguments.begin(), arguments.end());  // what CLI11 takes
  CommandOutput output;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    app.parse(arguments);
    output.exit_code = context.exit_code;
  } catch (const core::UserError& error) {
    output.exit_code = error.exit_code();
    output.error = error.what();
  } catch (const CLI::ParseError& error) {
    output.exit_code = core::kUsage;
    output.error = error.what();
  }
  std::fflush(nullptr);
  output.out = testing::internal::GetCapturedStdout();
  output.err = testing::internal::GetCapturedStderr();
  return output;
}

}  // namespace segbench::tests
