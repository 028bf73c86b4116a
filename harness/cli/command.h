// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

#include "harness/core/error.h"

namespace segbench::cli {

/// What every subcommand shares.
struct Context {
  std::filesystem::path runs = "runs";  ///< --runs: where results live
  std::string format = "table";         ///< --format: table | json | jsonl | csv | md
  int exit_code = core::kSuccess;       ///< set by a subcommand that ends without an exception
};

/// For CLI::Option::check: the sentence to print where a number is not above 0, "" when it is. (CLI11's own
/// check prints the largest double in 309 digits.)
std::string check_positive(const std::string& text);

/// Each adds one subcommand; one file a subcommand. Data go to stdout, everything else to stderr.
void add_init(CLI::App& app, Context& context);
void add_plan(CLI::App& app, Context& context);
void add_audit(CLI::App& app, Context& context);
void add_run(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_compare(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);
void add_metrics(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);
void add_predict(CLI::App& app, Context& context);
void add_submission(CLI::App& app, Context& context);
void add_profile(CLI::App& app, Context& context);
void add_models(CLI::App& app, Context& context);
void add_parts(CLI::App& app, Context& context);
void add_data(CLI::App& app, Context& context);
void add_submit(CLI::App& app, Context& context);
void add_task(CLI::App& app, Context& context);
void add_cancel(CLI::App& app, Context& context);
void add_import(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_serve(CLI::App& app, Context& context);
void add_selftest(CLI::App& app, Context& context);

/// What `segbench report STUDY` does.
void write_report(const std::string& study, Context& context);

}  // namespace segbench::cli
