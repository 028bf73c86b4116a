// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz.h"

// Errors 1 - s z with s = 1 at pixels of class 1 and -1 at those of class 0, for either class.

namespace segbench::losses::lovasz_hinge {
namespace {

using torch::Tensor;

class LovaszHinge final : public LovaszLoss {
 public:
  using LovaszLoss::LovaszLoss;

 private:
  Tensor errors(const Tensor& logits, const Tensor& truth) const override {
    const Tensor z = logits.to(torch::kDouble);
    return (1 - torch::where(truth.narrow(1, 1, 1), z, -z)).expand_as(truth);
  }
};

const LossFactory::Registration registered{"lovasz_hinge", [](core::Json params, const LossOptions& options) {
                                             params["head"] = "sigmoid";
                                             return std::make_unique<LovaszHinge>(params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::lovasz_hinge
