// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>

#include "architectures/networks/every_network.h"
#include "harness/conformance/networks.h"

// Frozen layers in training: architectures/graph/freeze.h.

namespace segbench::architectures {
namespace {

using torch::Tensor;

NetworkOptions frozen(const core::Json& freeze) {
  NetworkOptions options =
      narrow("fcn_torchvision", "full", {{"encoder", "resnet18"}, {"output_stride", 32}});
  options.freeze = freeze;
  return options;
}

/// The network after one training step by hand, and what its tensors were before.
struct Trained {
  std::shared_ptr<Network> network;
  std::map<std::string, Tensor> before;

  bool changed(const std::string& name, const Tensor& tensor) const {
    return !torch::equal(before.at(name), tensor);
  }
};

Trained trained(const NetworkOptions& options) {
  Trained result{make_network(options, 1), {}};
  for (const auto& [name, tensor] : named_tensors(*result.network))
    result.before[name] = tensor.detach().clone();
  result.network->train();
  conformance::scalar_of(result.network->forward(conformance::images(2, options))).backward();
  const torch::NoGradGuard no_grad;
  for (Tensor& parameter : result.network->parameters()) {
    if (parameter.grad().defined()) parameter.sub_(parameter.grad(), 0.01);
  }
  return result;
}

TEST(Frozen, TheEncoderKeepsEveryTensor) {
  const Trained t = trained(frozen("encoder"));
  for (const auto& [name, tensor] : named_tensors(*t.network)) {
    if (name.starts_with("encoder.")) {
      EXPECT_FALSE(t.changed(name, tensor) || tensor.requires_grad()) << name;
    } else if (tensor.requires_grad()) {
      EXPECT_TRUE(tensor.grad().defined()) << name;
    }
  }
  EXPECT_TRUE(
      t.changed("classifier.1.running_mean", t.network->named_buffers()["classifier.1.running_mean"]));
}

TEST(Frozen, BatchNormsMayGoOnLearning) {
  const Trained t = trained(frozen("encoder_but_batch_norm"));
  int convolutions = 0, norms = 0;
  for (const auto& [name, tensor] : named_tensors(*t.network)) {
    if (!name.starts_with("encoder.")) continue;
    if (tensor.dim() == 4) {
      EXPECT_FALSE(t.changed(name, tensor) || tensor.requires_grad()) << name;
      ++convolutions;
    } else if (name.ends_with("running_var")) {
      EXPECT_TRUE(t.changed(name, tensor)) << name;
      ++norms;
    }
  }
  EXPECT_EQ(convolutions, 20);
  EXPECT_EQ(norms, 20);
}

TEST(Frozen, CountsAgreeWithTheSummary) {
  for (const core::Json& freeze :
       std::vector<core::Json>{nullptr, "encoder", "encoder_but_batch_norm", {"*.weight"}}) {
    SCOPED_TRACE(freeze.dump());
    std::int64_t trainable = 0;
    for (const Tensor& parameter : make_network(frozen(freeze), 1)->parameters()) {
      trainable += parameter.requires_grad() ? parameter.numel() : 0;
    }
    EXPECT_EQ(trainable, summarise(frozen(freeze)).trainable);
  }
}

}  // namespace
}  // namespace segbench::architectures
