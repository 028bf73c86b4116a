// SPDX-License-Identifier: MIT
#include "harness/core/counts.h"
#include "harness/losses/class_mean.h"
#include "harness/losses/lovasz.h"
#include "harness/losses/probabilities.h"

// Errors |y - p| of each class.

namespace segbench::losses::lovasz_softmax {
namespace {

using torch::Tensor;

class LovaszSoftmax final : public Loss {
 public:
  LovaszSoftmax(const core::Json& params, const LossOptions& options) : classes_(params, options) {}

  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override {
    const Tensor is_void = (labels == core::kVoidLabel).unsqueeze(1);
    const Tensor p = class_probabilities(logits.masked_fill(is_void, 0), 1);
    const Tensor y = one_hot(labels, p.size(1), 1);
    const Tensor errors = torch::where(y, 1 - p, p).masked_fill(is_void, 0);
    const Tensor truth = y.sum({2, 3}).to(torch::kDouble);
    const Tensor losses = lovasz_extension(errors.flatten(2), y.flatten(2));
    return rows_of_images(classes_.over(losses, truth), classes_.counted(truth));
  }

 private:
  ClassMean classes_;
};

const LossFactory::Registration registered{"lovasz_softmax",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return std::make_unique<LovaszSoftmax>(params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::lovasz_softmax
