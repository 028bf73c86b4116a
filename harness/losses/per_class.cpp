// SPDX-License-Identifier: MIT
#include "harness/losses/per_class.h"

#include <utility>

#include "harness/losses/probabilities.h"

namespace segbench::losses {
namespace {

class PerClass final : public PixelLoss {
 public:
  explicit PerClass(std::unique_ptr<PixelLoss> binary) : binary_(std::move(binary)) {}

  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override {
    const std::int64_t classes = rows.size(1);
    const torch::Tensor is_class = one_hot(labels, classes, 1).to(torch::kLong);
    return binary_->values(rows.reshape({-1, 1}), is_class.flatten()).view({-1, classes}).mean(1);
  }

 private:
  std::unique_ptr<PixelLoss> binary_;
};

}  // namespace

std::unique_ptr<PixelLoss> per_class(std::unique_ptr<PixelLoss> binary) {
  return std::make_unique<PerClass>(std::move(binary));
}

}  // namespace segbench::losses
