// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/cli/prediction_flow.h"
#include "harness/cli/prediction_network.h"
#include "harness/cli/submission.h"
#include "harness/cli/table.h"

namespace segbench::cli {

struct PredictOptions {
  std::string trial;
  std::vector<std::string> images;
  std::string output;
  std::string device = "auto";
  bool force = false;
  bool probabilities = false;
  std::optional<double> threshold;
  std::string engine;
  std::vector<std::string> engine_commands;
  std::size_t batch = 8;
  bool tiles = false;
  double overlap = 0.25;
  SubmissionOptions submission;
};

/// Refuses to write over what is not ours, before anything is computed.
void check_results(const PredictOptions& options, const core::TrialSpec& spec);

/// The table of predictions, without rows.
Table results_table(const PredictOptions& options);

/// Writes the masks of a picture, each file at once; nothing where no folder is asked for.
Written write_results(const Picture& picture, const Answer& answer, const NetworkInput& input,
                      const PredictOptions& options);

}  // namespace segbench::cli
