// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz.h"
#include "harness/losses/per_class.h"
#include "harness/losses/probabilities.h"

// Errors |y - p| of each class.

namespace segbench::losses::lovasz_softmax {
namespace {

using torch::Tensor;

class LovaszSoftmax final : public LovaszLoss {
 public:
  LovaszSoftmax(const core::Json& params, const LossOptions& options)
      : LovaszLoss(params, options), per_class_(params.at("head") == kSigmoidPerClass) {}

 private:
  Tensor errors(const Tensor& logits, const Tensor& truth) const override {
    const Tensor p = class_probabilities(logits, 1, per_class_);
    return torch::where(truth, 1 - p, p);
  }

  bool per_class_;
};

const LossFactory::Registration registered{"lovasz_softmax",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return std::make_unique<LovaszSoftmax>(params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::lovasz_softmax
