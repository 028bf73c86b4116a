// SPDX-License-Identifier: MIT
#include "harness/losses/loss.h"

#include <fmt/format.h>

#include "harness/core/part.h"

namespace segbench::losses {

torch::Tensor Loss::mean(const torch::Tensor& logits, const torch::Tensor& labels) const {
  return value(image_sums(logits, labels).sum(0));
}

torch::Tensor Loss::value(const torch::Tensor& sums) const {
  const torch::Tensor denominator = sums[1].detach();
  return sums[0] / torch::where(denominator > 0, denominator, torch::ones_like(denominator));
}

std::vector<double> Loss::term_values(const torch::Tensor&) const {
  return {};
}

std::vector<double> class_weights(const core::Json& params, int num_classes) {
  const core::Json weights = params.value("class_weights", core::Json("none"));
  if (weights == "none") return std::vector<double>(static_cast<std::size_t>(num_classes), 1.0);
  SEGBENCH_CHECK(weights.is_array() && weights.size() == static_cast<std::size_t>(num_classes),
                 "class weights {} for {} classes", weights.dump(), num_classes);
  return weights.get<std::vector<double>>();
}

std::unique_ptr<Loss> make_loss(const core::PartChoice& choice, const LossOptions& options) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kLoss, choice.name);
  if (core::traits_of(spec, choice.params).at("head") == "sigmoid" && options.num_classes != 2) {
    throw core::UserError(fmt::format("training.loss: {} is for 2 classes, but there are {}", choice.name,
                                      options.num_classes));
  }
  return LossFactory::instance().make(choice.name, core::with_defaults(spec, choice.params), options);
}

}  // namespace segbench::losses
