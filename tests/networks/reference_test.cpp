// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include "architectures/torch/network.h"
#include "harness/conformance/networks.h"
#include "harness/core/safetensors.h"

// The small U-Net against the same network written by hand with LibTorch's own modules.

namespace segbench::architectures {
namespace {

using torch::Tensor;
namespace nn = torch::nn;

nn::Conv2d conv3(int in, int out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1));
}
nn::BatchNorm2d norm(int channels) {
  return nn::BatchNorm2d(nn::BatchNorm2dOptions(channels).momentum(0.01).eps(1e-3));
}

nn::Sequential encoder(int in, int out) {
  return nn::Sequential(conv3(in, out), nn::ReLU(), norm(out), conv3(out, out), nn::ReLU(), norm(out));
}
nn::Sequential decoder(int in, int out) {
  return nn::Sequential(conv3(in, out), nn::ReLU(), conv3(out, out), nn::ReLU());
}
nn::ConvTranspose2d doubling(int in, int out) {
  return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, 2).stride(2));
}

/// Modules are registered in the order of the layers, so tensors correspond by position.
struct HandWrittenUNet : nn::Module {
  nn::Sequential encoder1 = register_module("a", encoder(3, 4)),
                 encoder2 = register_module("b", encoder(4, 8)),
                 bottleneck = register_module("c", encoder(8, 32));
  nn::ConvTranspose2d up2 = register_module("d", doubling(32, 8));
  nn::Sequential decoder2 = register_module("e", decoder(16, 8));
  nn::ConvTranspose2d up1 = register_module("f", doubling(8, 4));
  nn::Sequential decoder1 = register_module("g", decoder(8, 4));
  nn::Conv2d head = register_module("h", nn::Conv2d(nn::Conv2dOptions(4, 5, 1)));

  Tensor forward(const Tensor& x) {
    const Tensor a = encoder1->forward(x);
    const Tensor b = encoder2->forward(torch::max_pool2d(a, 2));
    const Tensor c = bottleneck->forward(torch::max_pool2d(b, 2));
    const Tensor d = decoder2->forward(torch::cat({up2->forward(c), b}, 1));
    return head->forward(decoder1->forward(torch::cat({up1->forward(d), a}, 1)));
  }
};

const NetworkOptions kOptions{.architecture = "unet",
                              .size = "small",
                              .width = 1.0 / 16,
                              .num_outputs = 5,
                              .image_height = 36,
                              .image_width = 52};

TEST(Reference, SmallUNetEqualsTheHandWrittenOneInForwardBackwardAndStatistics) {
  const auto network = make_network(kOptions, 9);
  HandWrittenUNet by_hand;
  const std::vector<Tensor> ours = network->parameters(), theirs = by_hand.parameters();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_EQ(ours[i].sizes(), theirs[i].sizes());
    theirs[i].set_data(ours[i].detach().clone());
  }

  const Tensor x = conformance::images(3, kOptions);
  network->train(), by_hand.train();
  for (int step = 0; step < 2; ++step) {
    network->zero_grad(), by_hand.zero_grad();
    const Tensor y = network->forward(x), y_by_hand = by_hand.forward(x);
    EXPECT_TRUE(torch::allclose(y, y_by_hand, 1e-5, 1e-5));
    conformance::scalar_of(y).backward(), conformance::scalar_of(y_by_hand).backward();
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const float scale = std::max(1.0F, theirs[i].grad().abs().max().item<float>());
      EXPECT_TRUE(torch::allclose(ours[i].grad(), theirs[i].grad(), 1e-4, 1e-5 * scale)) << i;
    }
  }
  std::vector<Tensor> statistics;  // LibTorch's modules also count their batches
  for (const Tensor& buffer : by_hand.buffers()) {
    if (buffer.dim() == 1) statistics.push_back(buffer);
  }
  const std::vector<Tensor> our_statistics = network->buffers();
  ASSERT_EQ(our_statistics.size(), statistics.size());
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    EXPECT_TRUE(torch::allclose(our_statistics[i], statistics[i], 1e-5, 1e-6)) << i;
  }
  network->eval(), by_hand.eval();
  EXPECT_TRUE(torch::allclose(network->forward(x), by_hand.forward(x), 1e-5, 1e-5));
}

// A changed digest changes every stored trial: it needs a line in the changelog.
TEST(Reference, WeightsOfASeedArePinned) {
  const auto digest = [](const NetworkOptions& options) {
    const auto network = make_network(options, 7);
    std::vector<core::TensorBytes> bytes;
    for (const auto& [name, tensor] : named_tensors(*network)) {
      bytes.push_back({name,
                       "F32",
                       tensor.sizes().vec(),
                       {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()}});
    }
    return core::tensors_sha256(std::move(bytes));
  };
  EXPECT_EQ(digest(kOptions), "ababc533418580dd77c800e1189b9be88eabe89e29cbce6dc3bc07aa37eec8f1");
  EXPECT_EQ(digest({.architecture = "pspnet", .size = "small", .width = 0.125, .num_outputs = 2}),
            "982e84137c509750923b95c5802e6f45a916b40fd91733843be069a6b146beef");
}

}  // namespace
}  // namespace segbench::architectures
