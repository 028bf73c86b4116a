// SPDX-License-Identifier: MIT
#include <limits>

#include "harness/losses/region_loss.h"

// With TP = sum y p, FP = sum p - TP and FN = sum y - TP:
//   l = (1 - (TP + s) / (TP + alpha FP + beta FN + s))^(1 / gamma).

namespace segbench::losses::tversky {
namespace {

/// base^exponent for base >= 0, without the infinite slope that it has at 0 where exponent < 1.
torch::Tensor safe_power(const torch::Tensor& base, double exponent) {
  if (exponent == 1) return base;
  constexpr double kTiny = std::numeric_limits<double>::min();
  return torch::where(base <= kTiny, torch::zeros_like(base), base.clamp_min(kTiny).pow(exponent));
}

const LossFactory::Registration registered{
    "tversky", [](const core::Json& params, const LossOptions& options) {
      const double smooth = params.at("smooth"), alpha = params.at("alpha"), beta = params.at("beta");
      const double exponent = 1 / params.at("gamma").get<double>();
      const auto formula = [=](const RegionSums& sums) {
        const torch::Tensor wrong = alpha * (sums.predicted - sums.hits) + beta * (sums.truth - sums.hits);
        return safe_power(1 - smooth_ratio(sums.hits, sums.hits + wrong, smooth), exponent);
      };
      return region_loss(formula, /*squared=*/false, params, options);
    }};

}  // namespace
}  // namespace segbench::losses::tversky
