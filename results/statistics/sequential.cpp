// SPDX-License-Identifier: MIT
#include "results/statistics/sequential.h"

#include <algorithm>
#include <cmath>

#include "harness/core/error.h"
#include "results/statistics/decision.h"

namespace segbench::statistics {
namespace {

/// Small exponents spend early, where differences are large; 1.5 costs little power at the last look.
constexpr double kSpendingPower = 1.5;

/// That another one is better, the leader if it is; nothing where none is.
std::optional<Elimination> beaten(std::size_t variant, std::size_t leader,
                                  std::span<const std::size_t> remaining, const GainInterval& gain,
                                  std::optional<double> margin) {
  std::vector<std::size_t> others(remaining.begin(), remaining.end());
  std::erase(others, variant);
  std::stable_partition(others.begin(), others.end(), [&](std::size_t other) { return other == leader; });
  for (const std::size_t other : others) {
    const std::optional<Interval> interval = gain(other, variant);
    if (interval && decide(*interval, margin) == Decision::kBetter)
      return Elimination{.variant = variant, .by = other, .deficit = *interval};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Look> plan_looks(std::span<const std::size_t> seeds, std::size_t variants, double level) {
  std::vector<Look> looks;
  const double pairs = std::max(1.0, static_cast<double>(variants * (variants - 1)) / 2);
  double spent = 0;
  for (const std::size_t n : seeds) {
    const double fraction = static_cast<double>(n) / static_cast<double>(seeds.back());
    const double until_now = (1 - level) * std::pow(fraction, kSpendingPower);
    looks.push_back({.seeds = n, .alpha = until_now - spent, .pair_level = 1 - (until_now - spent) / pairs});
    spent = until_now;
  }
  return looks;
}

LookResult take_look(std::span<const std::size_t> remaining, std::span<const double> scores,
                     const GainInterval& gain, std::optional<double> margin) {
  SEGBENCH_CHECK(!remaining.empty(), "nothing to look at");
  LookResult result;
  result.leader = *std::max_element(remaining.begin(), remaining.end(),
                                    [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  for (const std::size_t variant : remaining) {
    const auto elimination =
        variant == result.leader ? std::nullopt : beaten(variant, result.leader, remaining, gain, margin);
    if (elimination)
      result.eliminated.push_back(*elimination);
    else
      result.remaining.push_back(variant);
  }
  result.decided = std::all_of(result.remaining.begin(), result.remaining.end(), [&](std::size_t variant) {
    if (variant == result.leader) return true;
    const std::optional<Interval> interval = gain(result.leader, variant);
    return interval && decide(*interval, margin) == Decision::kEquivalent;
  });
  return result;
}

}  // namespace segbench::statistics
