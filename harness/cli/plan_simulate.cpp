// SPDX-License-Identifier: MIT
#include "harness/cli/plan_simulate.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/looks.h"
#include "results/statistics/sequential_simulation.h"

namespace segbench::cli {
namespace {

/// In standard deviations of the paired difference of two variants.
constexpr double kLeads[] = {0, 0.5, 1, 1.5, 2, 3, 5};

std::vector<std::size_t> looks_of(const study::Study& study) {
  if (!study.until) return {};
  return core::planned_looks(
      {{"seeds", study.seeds},
       {"until", {{"first_look", study.until->first_look}, {"look_every", study.until->look_every}}}});
}

/// So many studies that a table takes seconds: a look judges every pair.
int studies_of(std::size_t variants) {
  constexpr std::size_t kPairs = 16'000;
  return static_cast<int>(std::clamp<std::size_t>(kPairs / (variants * variants), 200, 4'000));
}

}  // namespace

Table simulation_table(const study::Study& study) {
  const std::vector<std::size_t> looks = looks_of(study);
  if (looks.empty() || study.variants.size() < 2) {
    throw core::UserError(fmt::format(
        "{}: --simulate is about studies of two variants or more with trials.until = \"decided\"; "
        "how many seeds a study without it needs is told by --detect",
        study.file.string()));
  }
  const std::size_t variants = study.variants.size();
  const auto all = static_cast<double>(variants * looks.back());
  Table table{.columns = {number_column("lead_sd", 1), number_column("decided", 3), number_column("wrong", 3),
                          number_column("trials", 1), number_column("of", 0), number_column("studies", 0)}};
  for (const double lead : kLeads) {
    statistics::SimulatedStudy simulated{.means = std::vector<double>(variants), .looks = looks};
    simulated.means.front() = lead;
    const int studies = studies_of(variants);
    const statistics::LookFrequencies found = statistics::simulate_looks(simulated, studies);
    table.rows.push_back({lead, found.decided, lead == 0 ? found.any_dropped : found.best_dropped,
                          found.trials * all, variants * looks.back(), studies});
  }
  return table;
}

}  // namespace segbench::cli
