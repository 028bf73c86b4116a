// SPDX-License-Identifier: MIT
#include "harness/train/pretrained.h"

#include <algorithm>
#include <map>

#include "harness/core/chosen_file.h"
#include "harness/core/error.h"
#include "harness/weights/match.h"

namespace segbench::train {
namespace {

void copy_into(torch::Tensor target, const std::vector<float>& values) {
  SEGBENCH_CHECK(target.numel() == static_cast<std::int64_t>(values.size()), "{} values for a tensor of {}",
                 values.size(), target.numel());
  const torch::NoGradGuard no_grad;
  auto* data = const_cast<float*>(values.data());  // from_blob wants it so; only read
  target.copy_(torch::from_blob(data, target.sizes(), torch::kFloat32));
}

}  // namespace

core::Json load_pretrained(const core::ModelConfig& model, const architectures::NetworkOptions& options,
                           architectures::Network& network) {
  const core::FileChoice& chosen = *model.weights;
  core::require_unchanged(chosen);
  const weights::WeightFile file(chosen.path);
  const weights::Match match =
      weights::match_or_throw(file, weights::targets_of(options), model.weights_exclude);
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : architectures::named_tensors(network))
    tensors.emplace(name, tensor.detach());
  bool folded = false;
  for (const weights::Transfer& transfer : match.transfers) {
    copy_into(tensors.at(transfer.to.name), weights::values_of(file, transfer));
    folded = folded || transfer.is_folded;
  }
  const std::string name = std::filesystem::path(chosen.path).filename();
  return {{"file", name},
          {"sha256", chosen.sha256},
          {"name_check", weights::hash_in_name(name).empty() ? "none" : "agrees"},
          {"format", file.format()},
          {"convention", match.convention},
          {"tensors", match.transfers.size()},
          {"folded", folded ? 1 : 0},
          {"excluded", match.excluded},
          {"left_out", match.left_out},
          {"kept", match.kept}};
}

}  // namespace segbench::train
