// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

#include <utility>

#include "harness/losses/pixel_loss.h"
#include "harness/losses/probabilities.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

class ProbabilityLoss final : public PixelLoss {
 public:
  ProbabilityLoss(ProbabilityFormula formula, core::Json params)
      : formula_(formula), params_(std::move(params)) {}

  Tensor values(const Tensor& rows, const Tensor& labels) const override {
    if (rows.size(1) == 1)
      return formula_(torch::sigmoid(rows), labels.unsqueeze(1).to(rows.dtype()), params_);
    const Tensor y = one_hot(labels, rows.size(1), 1).to(rows.dtype());
    return formula_(class_probabilities(rows, 1), y, params_);
  }

 private:
  ProbabilityFormula formula_;
  core::Json params_;
};

}  // namespace

std::unique_ptr<Loss> probability_loss(ProbabilityFormula formula, const core::Json& params,
                                       const LossOptions& options) {
  return weighted_mean(std::make_unique<ProbabilityLoss>(formula, params), params, options);
}

}  // namespace segbench::losses
