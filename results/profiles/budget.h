// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/profiles/conclude.h"

namespace segbench::profiles {

/// What a prediction may take: seconds for a batch, or bytes of memory.
struct Budget {
  std::optional<double> seconds = {}, bytes = {};
};
/// "10ms", "0.2s", "500MB", "2GiB". Throws core::UserError for anything else.
Budget parse_budget(const std::string& text);

/// kPerhaps: the 95 % interval of the row's median holds the budget, or no interval is known.
enum class Fit { kInside, kPerhaps, kOutside };

struct BudgetAnswer {
  std::vector<const RowResult*> inside, perhaps;  ///< best first
  std::string ranked_by;  ///< "miou", or "MACs" where no trial's score is known; "" for foreign files alone
};
/// The measured rows that fit: those whose networks' scores are known are ranked by them, others by their
/// size, since nothing else tells what they are worth. Of rows that are as good, the fastest first.
BudgetAnswer inside_budget(const ProfileResults& results, const Budget& budget);

/// The rows that no other measured row beats in both score and time, fastest first; empty without scores.
std::vector<const RowResult*> front(const ProfileResults& results);

}  // namespace segbench::profiles
