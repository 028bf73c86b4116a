// SPDX-License-Identifier: MIT
#include "harness/losses/class_mean.h"

#include <vector>

#include "harness/core/error.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

/// The class that is left out as the background: that of the data, or class 0, which a sigmoid head has no
/// output for.
std::size_t background_class(const core::Json& params, const LossOptions& options) {
  if (params.at("head") == "sigmoid") return 0;
  SEGBENCH_CHECK(options.background, "the loss leaves out a background, but the data have none");
  return static_cast<std::size_t>(*options.background);
}

std::vector<double> weights_of(const core::Json& params, const LossOptions& options) {
  std::vector<double> weights = class_weights(params, options.num_classes);
  const core::Json& included = params.at("include_background");
  const bool includes = included.is_null() ? params.at("head") != "sigmoid" : included.get<bool>();
  if (!includes) weights.at(background_class(params, options)) = 0;
  return weights;
}

}  // namespace

ClassMean::ClassMean(const core::Json& params, const LossOptions& options)
    : present_only_(params.at("classes") == "present"),
      weights_(torch::tensor(weights_of(params, options), torch::kDouble)) {}

const Tensor& ClassMean::weights_on(torch::Device device) const {
  if (device.is_cpu()) return weights_;
  if (!device_weights_.defined() || device_weights_.device() != device) device_weights_ = weights_.to(device);
  return device_weights_;
}

Tensor ClassMean::weights_at(const Tensor& truth) const {
  const Tensor& weights = weights_on(truth.device());
  return present_only_ ? weights * (truth > 0) : weights.expand_as(truth);
}

Tensor ClassMean::over(const Tensor& losses, const Tensor& truth) const {
  const Tensor weights = weights_at(truth), total = weights.sum(-1);
  return (losses * weights).sum(-1) / torch::where(total > 0, total, torch::ones_like(total));
}

Tensor ClassMean::counted(const Tensor& truth) const {
  return present_only_ ? (truth * (weights_at(truth) > 0)).sum(-1) : truth.sum(-1);
}

Tensor rows_of_images(const Tensor& losses, const Tensor& counted) {
  const Tensor counts = (counted > 0).to(torch::kDouble);
  return torch::stack({torch::where(counted > 0, losses, torch::zeros_like(losses)), counts}, 1);
}

}  // namespace segbench::losses
