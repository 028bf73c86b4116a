// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

// Asynchronous successive halving (ASHA: Li et al., "A System for Massively Parallel Hyperparameter Tuning",
// MLSys 2020) as a function of recorded scores alone. ASHA promotes a draw as soon as it is among the best
// 1/reduction of those that have reached its rung *so far*; which those are depends on how fast each machine
// was. Here the draws of a rung count in the order in which they came into it, each once all before it are
// known: nobody waits for a rung to fill, and yet the same scores give the same decisions, on any number of
// workers and after any interruption.

namespace segbench::run {

/// What a draw scored at a rung. A draw that failed there, or whose score is undefined, is known to have no
/// value: it ranks last and is never promoted.
struct RungScore {
  bool is_known = false;
  std::optional<double> value = {};
};

/// A draw that goes on from a rung to the next one.
struct Promotion {
  std::size_t draw = 0, rung = 0;  ///< `rung` is the one it leaves
  std::size_t rank = 0, of = 0;    ///< its place among the first `of` of the rung, when it was decided
  bool operator==(const Promotion&) const = default;
};

struct Halving {
  std::vector<std::vector<std::size_t>> entrants;  ///< draws of each rung, in the order in which they came in
  std::vector<Promotion> promotions;
  std::optional<std::size_t> chosen;  ///< the best of the last rung so far; of equals the one that came first
  bool is_finished = false;           ///< no score is missing and no draw goes on any more
};

/// Decides by `scores`, [draws][rungs]. `closed`: no further draw will come into the first rung; then a rung
/// in which everything is known and nothing was promoted, as it holds fewer than `reduction` draws, sends on
/// its best one.
Halving decide_halving(const std::vector<std::vector<RungScore>>& scores, std::size_t rungs,
                       std::size_t reduction, bool higher_is_better, bool closed);

}  // namespace segbench::run
