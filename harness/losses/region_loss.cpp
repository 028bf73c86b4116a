// SPDX-License-Identifier: MIT
#include "harness/losses/region_loss.h"

#include <utility>

#include "harness/losses/class_mean.h"
#include "harness/losses/per_class.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

class RegionLoss final : public Loss {
 public:
  RegionLoss(RegionFormula formula, bool squared, const core::Json& params, const LossOptions& options)
      : formula_(std::move(formula)),
        squared_(squared),
        fused_(options.fused),
        per_image_(params.at("over") == "image"),
        per_class_(params.at("head") == kSigmoidPerClass),
        classes_(params, options) {}

  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override {
    const RegionSums sums = region_sums(logits, labels, squared_, fused_, per_class_);
    const Tensor counted = classes_.counted(sums.truth);
    if (per_image_) return rows_of_images(classes_.over(formula_(sums), sums.truth), counted);
    return torch::cat({sums.hits, sums.predicted, sums.truth, counted.unsqueeze(1)}, 1);
  }

  std::int64_t row_size() const override { return per_image_ ? 2 : 3 * classes_.num_classes() + 1; }

  Tensor value(const Tensor& sums) const override {
    if (per_image_) return Loss::value(sums);
    const std::int64_t classes = classes_.num_classes();
    const RegionSums each{.hits = sums.narrow(0, 0, classes),
                          .predicted = sums.narrow(0, classes, classes),
                          .truth = sums.narrow(0, 2 * classes, classes)};
    return classes_.over(formula_(each), each.truth);
  }

 private:
  RegionFormula formula_;
  bool squared_, fused_, per_image_, per_class_;
  ClassMean classes_;
};

}  // namespace

std::unique_ptr<Loss> region_loss(RegionFormula formula, bool squared, const core::Json& params,
                                  const LossOptions& options) {
  return std::make_unique<RegionLoss>(std::move(formula), squared, params, options);
}

Tensor smooth_ratio(const Tensor& numerator, const Tensor& denominator, double smooth) {
  const Tensor below = denominator + smooth, one = torch::ones_like(below);
  const Tensor is_nothing = below == 0;  // not "> 0": what is no number stays none
  return torch::where(is_nothing, one, (numerator + smooth) / torch::where(is_nothing, one, below));
}

}  // namespace segbench::losses
