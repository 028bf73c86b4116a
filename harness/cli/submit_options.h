// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "harness/cli/command.h"
#include "harness/cli/run_options.h"
#include "harness/slurm/engines.h"
#include "harness/slurm/submission.h"

namespace segbench::cli {

/// What `segbench submit` is told on the command line.
struct SubmitArguments {
  RunOptions run;
  slurm::SubmitOptions submit;
  slurm::PodOptions pod;
  bool dry_run = false;
  std::string finish;  ///< folder of a submission whose tasks have ended
};

/// Declares the options.
void add_submit_options(CLI::App& command, const std::shared_ptr<SubmitArguments>& arguments);

}  // namespace segbench::cli
