// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>

#include "architectures/torch/network.h"
#include "harness/conformance/networks.h"

// Decoders whose wiring a parameter count does not show, against the same written by hand.

namespace segbench::architectures {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

/// A network's tensors by name, applied to values.
struct ByHand {
  std::map<std::string, Tensor> tensors;

  explicit ByHand(const Network& network) {
    for (const auto& [name, tensor] : named_tensors(network)) tensors.emplace(name, tensor);
  }
  Tensor bias(const std::string& name) const {
    const auto found = tensors.find(name + ".bias");
    return found == tensors.end() ? Tensor() : found->second;
  }
  /// With an odd kernel in the middle.
  Tensor conv(const std::string& name, const Tensor& x, int stride = 1, int dilation = 1) const {
    const Tensor& weight = tensors.at(name + ".weight");
    return torch::conv2d(x, weight, bias(name), stride, dilation * (weight.size(2) / 2), dilation);
  }
  Tensor norm(const std::string& name, const Tensor& x, double epsilon) const {
    return torch::batch_norm(x, tensors.at(name + ".weight"), bias(name), tensors.at(name + ".running_mean"),
                             tensors.at(name + ".running_var"), false, 0, epsilon, false);
  }
  Tensor conv_norm_relu(const std::string& name, const Tensor& x, double epsilon = 1e-5) const {
    return torch::relu(norm(name + ".bn", conv(name + ".conv", x), epsilon));
  }
};

Tensor resize(const Tensor& x, const Tensor& like) {
  const std::vector<std::int64_t> size = {like.size(2), like.size(3)};
  return F::interpolate(x,
                        F::InterpolateFuncOptions().size(size).mode(torch::kBilinear).align_corners(false));
}

/// A value in evaluation, with moving statistics that are not those at the start.
Tensor evaluate(Network& network, const Tensor& x) {
  const torch::NoGradGuard no_grad;
  network.train();
  network.forward(x);
  network.eval();
  return network.forward(x);
}

void expect_same(const Tensor& found, const Tensor& expected) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  const float scale = expected.abs().max().item<float>();
  EXPECT_GT(scale, 0);
  EXPECT_LT((found - expected).abs().max().item<float>(), 1e-5 * scale);
}

TEST(AttentionUNet, EqualsTheHandWrittenOne) {
  const NetworkOptions options{.architecture = "attention_unet",
                               .size = "small",
                               .width = 0.25,
                               .num_outputs = 3,
                               .image_height = 32,
                               .image_width = 48};
  const auto network = make_network(options, 2);
  const Tensor x = conformance::images(2, options), found = evaluate(*network, x);

  const ByHand by_hand(*network);
  const auto twice = [&](const std::string& at, const Tensor& value) {
    return by_hand.conv_norm_relu(at + ".conv2", by_hand.conv_norm_relu(at + ".conv1", value, 1e-3), 1e-3);
  };
  std::vector<Tensor> skips;
  Tensor y = x;
  for (int level = 1; level <= 5; ++level) {
    if (level > 1) y = torch::max_pool2d(y, 2);
    y = twice("encoder" + std::to_string(level), y);
    skips.push_back(y);
  }
  for (int stage = 1; stage <= 4; ++stage) {
    const std::string at = "decoder" + std::to_string(stage), gate = at + ".attention";
    Tensor skip = skips[static_cast<std::size_t>(4 - stage)];
    if (stage < 4) {  // Oktay et al., equations 1 and 2
      const Tensor of_skip = torch::conv2d(skip, by_hand.tensors.at(gate + ".skip.weight"), {}, 2);
      const Tensor q = by_hand.conv(gate + ".psi", torch::relu(of_skip + by_hand.conv(gate + ".gate", y)));
      skip = skip * resize(torch::sigmoid(q), skip);
    }
    const Tensor up = y.repeat_interleave(2, 2).repeat_interleave(2, 3);
    y = twice(at, torch::cat({up, skip}, 1));
  }
  expect_same(found, by_hand.conv("head", y));
}

/// A ResNet-18's maps at 1/4, 1/8 and twice 1/16: its last stage is dilated.
std::vector<Tensor> resnet18_maps(const ByHand& by_hand, const Tensor& x) {
  const auto norm = [&](const std::string& name, const Tensor& value) {
    return by_hand.norm(name, value, 1e-5);
  };
  const std::string root = "encoder.";
  Tensor y = torch::relu(norm(root + "bn1", by_hand.conv(root + "conv1", x, 2)));
  y = torch::max_pool2d(y, 3, 2, 1);
  std::vector<Tensor> maps;
  for (int layer = 1; layer <= 4; ++layer) {
    for (int block = 0; block < 2; ++block) {
      const std::string at = root + "layer" + std::to_string(layer) + "." + std::to_string(block) + ".";
      const int stride = block == 0 && (layer == 2 || layer == 3) ? 2 : 1;
      const int dilation = layer == 4 && block == 1 ? 2 : 1;
      const Tensor inner = torch::relu(norm(at + "bn1", by_hand.conv(at + "conv1", y, stride, dilation)));
      // The first block of a dilated stage keeps the dilation of the stage before.
      const Tensor residual = norm(at + "bn2", by_hand.conv(at + "conv2", inner, 1, dilation));
      const bool changes = block == 0 && layer > 1;
      y = changes ? norm(at + "downsample.1", by_hand.conv(at + "downsample.0", y, stride)) : y;
      y = torch::relu(y + residual);
    }
    maps.push_back(y);
  }
  return maps;
}

TEST(Pan, EqualsTheHandWrittenOne) {
  const NetworkOptions options{.architecture = "pan",
                               .size = "full",
                               .width = 0.25,
                               .num_outputs = 3,
                               .image_height = 256,
                               .image_width = 128,
                               .params = {{"encoder", "resnet18"}}};
  const auto network = make_network(options, 2);
  const Tensor x = conformance::images(2, options), found = evaluate(*network, x);

  const ByHand by_hand(*network);
  const auto unit = [&](const std::string& name, const Tensor& value) {
    return by_hand.conv_norm_relu("pyramid." + name, value);
  };
  const std::vector<Tensor> maps = resnet18_maps(by_hand, x);
  const Tensor last = maps[3];
  const Tensor half = unit("down1", torch::max_pool2d(last, 2)),
               quarter = unit("down2", torch::max_pool2d(half, 2));
  const Tensor eighth = unit("down3b", unit("down3a", torch::max_pool2d(quarter, 2)));
  Tensor weight = resize(eighth, quarter) + unit("side2", quarter);
  weight = resize(weight, half) + unit("side1", half);
  const Tensor mean =
      by_hand.norm("pyramid.image.bn", by_hand.conv("pyramid.image.conv", last.mean({2, 3}, true)), 1e-5);
  Tensor y = unit("point", last) * resize(weight, last) + mean;
  for (int level = 4; level >= 2; --level) {
    const std::string at = "up" + std::to_string(level);
    const Tensor fine = by_hand.conv_norm_relu(at + ".fine", maps[static_cast<std::size_t>(level - 2)]);
    const Tensor gate =
        by_hand.norm(at + ".gate.bn", by_hand.conv(at + ".gate.conv", y.mean({2, 3}, true)), 1e-5);
    y = resize(y, fine) + fine * torch::sigmoid(gate);
  }
  expect_same(found, resize(by_hand.conv("score", y), x));
}

}  // namespace
}  // namespace segbench::architectures
