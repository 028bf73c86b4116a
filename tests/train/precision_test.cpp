// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/identity.h"
#include "harness/core/worker_protocol.h"
#include "harness/train/device.h"
#include "harness/train/levers.h"
#include "harness/train/setup.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// Without transposed convolutions, which LibTorch 1.13 has not in bfloat16 on a CPU.
architectures::NetworkOptions plain_network() {
  return {.architecture = "fcn8s",
          .size = "small",
          .width = 0.125,
          .in_channels = 3,
          .num_outputs = 3,
          .image_height = 32,
          .image_width = 32,
          .params = {{"encoder", "resnet18"}}};
}

TEST(Precision, OfBfloat16LeavesWeightsGradientsAndLogitsInFloat32) {
  const auto network = architectures::make_network(plain_network(), 1);
  // In training, dropout draws anew for each pass, and of two values a batch normalisation makes 1 and -1,
  // however close they are.
  network->eval();
  torch::manual_seed(2);
  const Tensor x = torch::randn({2, 3, 32, 32});
  const Tensor exact = network->forward(x).detach().clone();
  network->compute_in(torch::kBFloat16);
  const Tensor rounded = network->forward(x).detach();
  EXPECT_EQ(rounded.scalar_type(), torch::kFloat);
  EXPECT_FALSE(rounded.equal(exact)) << "it computes otherwise";
  EXPECT_LE((rounded - exact).abs().mean().item<double>(), 0.05 * exact.abs().mean().item<double>());
  network->compute_in(torch::kFloat);
  EXPECT_TRUE(network->forward(x).equal(exact)) << "nothing of it is left";

  network->compute_in(torch::kBFloat16);
  network->train();
  const Tensor logits = network->forward(x);
  EXPECT_EQ(logits.scalar_type(), torch::kFloat);
  logits.sum().backward();
  for (const auto& item : network->named_parameters()) {
    EXPECT_EQ(item.value().scalar_type(), torch::kFloat);
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    EXPECT_EQ(item.value().grad().scalar_type(), torch::kFloat);
  }
}

TEST(Precision, OfFloat32IsNotWhatLibTorchTakesForIt) {
  at::globalContext().setAllowTF32CuDNN(true);
  use_precision("float32", torch::Device(torch::kCUDA, 0));
  EXPECT_FALSE(at::globalContext().allowTF32CuDNN());
  EXPECT_FALSE(at::globalContext().allowTF32CuBLAS());
  use_precision("tf32", torch::Device(torch::kCUDA, 0));
  EXPECT_TRUE(at::globalContext().allowTF32CuDNN());
  EXPECT_TRUE(at::globalContext().allowTF32CuBLAS());
  EXPECT_THROW(use_precision("tf32", torch::kCPU), core::UserError) << "a CPU has none";
  use_precision("float32", torch::kCPU);
}

TEST(Precision, OfEverythingThatHasADeviceIsFloat32InFull) {
  at::globalContext().setAllowTF32CuDNN(true);
  resolve_device("cpu");
  EXPECT_FALSE(at::globalContext().allowTF32CuDNN()) << "predictions and engines, too";
}

TEST(Precision, IsPartOfTheIdentityUnlessItIsFloat32) {
  core::VariantConfig variant = tests::tiny_variant();
  const std::string plain = core::variant_id(variant);
  EXPECT_FALSE(to_json(variant).at("training").contains("precision"));
  variant.training.precision = "bfloat16";
  EXPECT_NE(core::variant_id(variant), plain);
  EXPECT_EQ(core::variant_config_from_json(to_json(variant)).training.precision, "bfloat16");
}

TEST(Levers, AreAllInUseUnlessLeftOut) {
  const core::Json all = to_json(Levers{});
  for (const auto& item : all.items()) EXPECT_EQ(item.value(), true) << item.key();
  EXPECT_EQ(all.size(), core::kLevers.size());
  EXPECT_EQ(to_json(levers_without({"device_counts"})).at("device_counts"), false);
  EXPECT_EQ(to_json(levers_without({"device_counts"})).at("parameter_lists"), true);
  EXPECT_THROW(levers_without({"device_count"}), core::UserError);
  EXPECT_EQ(lever_names().size(), core::kLevers.size());
}

}  // namespace
}  // namespace segbench::train
