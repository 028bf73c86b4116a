// SPDX-License-Identifier: MIT
#include "harness/run/halving.h"

#include <algorithm>

namespace segbench::run {
namespace {

/// The draws of one rung, in the order in which they came in.
class Rung {
 public:
  Rung(const std::vector<std::vector<RungScore>>& scores, std::size_t rung, bool higher_is_better)
      : scores_(scores), rung_(rung), higher_is_better_(higher_is_better) {}

  bool is_known(std::size_t draw) const { return scores_[draw][rung_].is_known; }

  /// Takes in a draw: `ranked` stays sorted, the best first, of equals the one that came first.
  void add(std::size_t draw) {
    ++known_;
    if (!scores_[draw][rung_].value) return;
    const auto at = std::find_if(ranked_.begin(), ranked_.end(),
                                 [&](std::size_t other) { return is_better(draw, other); });
    ranked_.insert(at, draw);
  }

  /// Promotes those of the best `count` that have not been.
  void promote(std::size_t count, Halving& halving) {
    for (std::size_t rank = 0; rank < std::min(count, ranked_.size()); ++rank) {
      std::vector<std::size_t>& next = halving.entrants[rung_ + 1];
      if (std::find(next.begin(), next.end(), ranked_[rank]) != next.end()) continue;
      next.push_back(ranked_[rank]);
      halving.promotions.push_back({.draw = ranked_[rank], .rung = rung_, .rank = rank + 1, .of = known_});
    }
  }

  std::size_t known() const { return known_; }
  std::optional<std::size_t> best() const {
    return ranked_.empty() ? std::nullopt : std::optional(ranked_.front());
  }

 private:
  bool is_better(std::size_t draw, std::size_t other) const {
    const double a = *scores_[draw][rung_].value, b = *scores_[other][rung_].value;
    return higher_is_better_ ? a > b : a < b;
  }

  const std::vector<std::vector<RungScore>>& scores_;
  std::size_t rung_;
  bool higher_is_better_;
  std::size_t known_ = 0;
  std::vector<std::size_t> ranked_;
};

}  // namespace

Halving decide_halving(const std::vector<std::vector<RungScore>>& scores, std::size_t rungs,
                       std::size_t reduction, bool higher_is_better, bool closed) {
  Halving halving;
  halving.entrants.resize(rungs);
  for (std::size_t draw = 0; draw < scores.size(); ++draw) halving.entrants[0].push_back(draw);
  bool is_final = closed;  // whether nothing more comes into the rung
  for (std::size_t k = 0; k < rungs; ++k) {
    Rung rung(scores, k, higher_is_better);
    const bool is_last = k + 1 == rungs;
    bool all_known = true;
    for (const std::size_t draw : halving.entrants[k]) {
      if (!rung.is_known(draw)) {
        all_known = false;
        break;
      }
      rung.add(draw);
      if (!is_last) rung.promote(rung.known() / reduction, halving);
    }
    is_final = is_final && all_known;
    if (is_final && !is_last && halving.entrants[k + 1].empty()) rung.promote(1, halving);
    if (is_last) halving.chosen = rung.best();
  }
  halving.is_finished = is_final;
  return halving;
}

}  // namespace segbench::run
