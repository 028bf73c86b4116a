// SPDX-License-Identifier: MIT
#include "harness/core/counts.h"
#include "harness/losses/boundary_distances.h"
#include "harness/losses/class_mean.h"
#include "harness/losses/per_class.h"
#include "harness/losses/probabilities.h"

// l_c = mean over the valid pixels of an image of phi_c p_c, with phi_c the signed distance to the border of
// the class (boundary_distances.h).

namespace segbench::losses::boundary {
namespace {

using torch::Tensor;

class Boundary final : public Loss {
 public:
  Boundary(const core::Json& params, const LossOptions& options)
      : classes_(params, options), per_class_(params.at("head") == kSigmoidPerClass) {}

  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override {
    const Tensor is_void = (labels == core::kVoidLabel).unsqueeze(1);
    const Tensor p = class_probabilities(logits.masked_fill(is_void, 0), 1, per_class_).to(torch::kDouble);
    const Tensor distances = signed_distances(labels, p.size(1));
    const Tensor valid = (~is_void).sum({1, 2, 3}).clamp_min(1).unsqueeze(1);
    const Tensor losses = (p * distances).masked_fill(is_void, 0).sum({2, 3}) / valid;
    const Tensor truth = one_hot(labels, p.size(1), 1).sum({2, 3}).to(torch::kDouble);
    return rows_of_images(classes_.over(losses, truth), classes_.counted(truth));
  }

 private:
  ClassMean classes_;
  bool per_class_;
};

const LossFactory::Registration registered{"boundary",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return std::make_unique<Boundary>(params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::boundary
