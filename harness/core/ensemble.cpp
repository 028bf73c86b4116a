// SPDX-License-Identifier: MIT
#include "harness/core/ensemble.h"

#include <algorithm>

#include "harness/core/identity.h"

namespace segbench::core {

std::vector<std::string> member_trials(const TrialSpec& spec) {
  std::vector<std::string> ids;
  for (const std::string& variant : spec.variant.ensemble) {
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(spec.variant.ensemble_seeds); ++i)
      ids.push_back(trial_id(variant, spec.seed + i, spec.data_fingerprint));
  }
  return ids;
}

std::vector<std::uint64_t> seeds_of(std::int64_t ensemble_seeds, std::vector<std::uint64_t> seeds) {
  const auto wanted = static_cast<std::size_t>(ensemble_seeds);
  if (wanted < 2) return seeds;
  std::sort(seeds.begin(), seeds.end());
  std::vector<std::uint64_t> firsts;
  for (std::size_t i = 0; i + wanted <= seeds.size();) {
    const bool in_a_row = seeds[i + wanted - 1] - seeds[i] == wanted - 1;
    if (in_a_row) firsts.push_back(seeds[i]);
    i += in_a_row ? wanted : 1;
  }
  return firsts;
}

}  // namespace segbench::core
