// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/inputs.h"
#include "results/exchange/trial_series.h"

namespace segbench::exchange {

/// A study as Optuna's journal storage keeps it, a JSON object a line: one of Optuna's trials for each of
/// ours. Its parameters are the axes (categorical) and the seed, its value what our trial scored on the
/// selection split by the metric that variants select by, its intermediate values the same by epoch; the
/// scores on the test split, which a search must not look at, stand in the user attributes.
std::string optuna_journal(const conclusions::StudyInputs& inputs, const std::vector<TrialSeries>& trials);

}  // namespace segbench::exchange
