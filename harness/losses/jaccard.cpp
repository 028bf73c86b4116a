// SPDX-License-Identifier: MIT
#include "harness/losses/region_loss.h"

// With I = sum y p:  l = 1 - (I + s) / (sum y + sum p - I + s).

namespace segbench::losses::jaccard {
namespace {

const LossFactory::Registration registered{
    "jaccard", [](const core::Json& params, const LossOptions& options) {
      const double smooth = params.at("smooth");
      const auto formula = [smooth](const RegionSums& sums) {
        return 1 - smooth_ratio(sums.hits, sums.truth + sums.predicted - sums.hits, smooth);
      };
      return region_loss(formula, /*squared=*/false, params, options);
    }};

}  // namespace
}  // namespace segbench::losses::jaccard
