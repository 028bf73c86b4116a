// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "results/exchange/trial_series.h"

namespace segbench::exchange {

/// Writes a study as MLflow's file store keeps an experiment:
/// FOLDER/EXPERIMENT/RUN/{meta.yaml,params,metrics, tags}, a run a trial. Returns how many runs. Throws
/// core::UserError for a folder that holds anything.
std::size_t write_mlflow(const std::filesystem::path& folder, const std::string& study,
                         const std::vector<TrialSeries>& trials);

}  // namespace segbench::exchange
