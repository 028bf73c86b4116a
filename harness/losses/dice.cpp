// SPDX-License-Identifier: MIT
#include "harness/losses/region_loss.h"

// l = 1 - (2 sum y p + s) / (sum y + sum p + s), or with sum p^2 in place of sum p (and y^2 = y).

namespace segbench::losses::dice {
namespace {

const LossFactory::Registration registered{
    "dice", [](const core::Json& params, const LossOptions& options) {
      const double smooth = params.at("smooth");
      const auto formula = [smooth](const RegionSums& sums) {
        return 1 - smooth_ratio(2 * sums.hits, sums.truth + sums.predicted, smooth);
      };
      return region_loss(formula, params.at("squared"), params, options);
    }};

}  // namespace
}  // namespace segbench::losses::dice
