// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/command.h"
#include "harness/cli/selftest_checks.h"
#include "harness/cli/table.h"
#include "harness/core/cpu_limit.h"
#include "harness/core/machine.h"
#include "harness/core/version.h"
#include "harness/run/scratch_folder.h"

namespace segbench::cli {
namespace {

void selftest(Context& context) {
  const run::ScratchFolder scratch(std::filesystem::temp_directory_path());
  const core::CpuLimit cpus = core::usable_cpu_limit();
  std::vector<CheckResult> results = {
      {"segbench", "ok", fmt::format("{} ({}, {})", core::kVersion, core::kCompiler, core::kBuildType)},
      {"machine", "ok", fmt::format("{}, {} usable CPUs ({})", core::system_name(), cpus.cpus, cpus.reason)}};
  results.push_back(check_disk(scratch.path()));
  results.push_back(check_store(scratch.path()));
  results.push_back(check_gnuplot());
  results.push_back(check_worker());
  if (results.back().result == "ok") {
    results.push_back(check_blas());
    results.push_back(check_training(scratch.path()));
  }
  Table table;
  table.columns = {{"check"}, {"result"}, {"detail"}};
  for (const CheckResult& result : results) {
    table.rows.push_back({result.name, result.result, result.detail});
    if (result.result == "failed") context.exit_code = core::kTrialFailed;
  }
  fmt::print("{}", render(table, context.format));
}

}  // namespace

void add_selftest(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("selftest", "Check the installation: worker, libraries, disk, a training run");
  command->footer(
      "Takes a few seconds and leaves nothing behind. Exit code 1 when a check failed; warnings do not "
      "fail.\n\n"
      "Examples:\n"
      "  segbench selftest\n"
      "  segbench selftest --format json");
  command->callback([&context] { selftest(context); });
}

}  // namespace segbench::cli
