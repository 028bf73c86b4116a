// SPDX-License-Identifier: MIT
#include "harness/core/counts.h"
#include "harness/losses/class_mean.h"
#include "harness/losses/lovasz.h"

// Errors 1 - s z with s = 1 at pixels of class 1 and -1 at those of class 0.

namespace segbench::losses::lovasz_hinge {
namespace {

using torch::Tensor;

class LovaszHinge final : public Loss {
 public:
  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override {
    const Tensor is_void = labels == core::kVoidLabel;
    const Tensor z = logits.squeeze(1).masked_fill(is_void, 0).to(torch::kDouble);
    const Tensor errors = (1 - torch::where(labels == 1, z, -z)).masked_fill(is_void, 0);
    const Tensor losses = lovasz_extension(errors.flatten(1), (labels == 1).flatten(1));
    return rows_of_images(losses, (~is_void).sum({1, 2}));
  }
};

const LossFactory::Registration registered{
    "lovasz_hinge", [](const core::Json&, const LossOptions&) { return std::make_unique<LovaszHinge>(); }};

}  // namespace
}  // namespace segbench::losses::lovasz_hinge
