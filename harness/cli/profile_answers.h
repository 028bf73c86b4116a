// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/cli/command.h"
#include "results/profiles/conclude.h"

namespace segbench::cli {

/// Fills in the scores of rows that are trials' networks: of the final evaluation on the test split, by the
/// metric of their study. Trials that the store does not know have none.
void add_scores(profiles::ProfileResults& results, const Context& context);

/// Prints the best row inside a budget ("10ms", "2GB") and what else would fit. Returns the exit code:
/// kInconclusive where only the uncertainty lets a row fit, kTrialFailed where none does.
int answer_budget(const profiles::ProfileResults& results, const std::string& budget,
                  const std::string& format);

/// How a gate against an earlier profile is meant.
struct GateOptions {
  std::filesystem::path baseline;
  double tolerance = 0.05;
  bool across_sessions = false;
};
/// Prints how each row stands to the baseline's. Returns kTrialFailed where one is slower, else kInconclusive
/// where one is undecided. Throws core::UserError with kNotComparable where the baseline is of another
/// session and that was not allowed.
int answer_gate(const profiles::ProfileResults& results, const GateOptions& options,
                const std::string& format);

}  // namespace segbench::cli
