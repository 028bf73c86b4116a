// SPDX-License-Identifier: MIT
#include <array>
#include <numeric>
#include <string>

#include "architectures/encoders/encoder.h"

// Mix transformers (MiT; Xie, Wang, Yu, Anandkumar, Alvarez, Luo, "SegFormer", NeurIPS 2021, section 3.1 and
// table 6). Four stages at 1/4 to 1/32, each an overlapping patch embedding (a strided convolution) and
// blocks of self-attention, whose keys and values come from a map that a strided convolution has made
// smaller, and of Mix-FFN: two linear layers with a 3x3 depthwise convolution between them. The hidden layer
// of every Mix-FFN is four times as wide as its block, as in the authors' code and weights. There is no map
// at 1/2. Layers are named as by the authors, but keys and values come from two layers, `k` and `v`, not one,
// and the depthwise convolution is `dwconv` itself.

namespace segbench::architectures::mix_transformer {
namespace {

constexpr int kStages = 4;
constexpr std::array<int, kStages> kHeads = {1, 2, 5, 8};
constexpr std::array<int, kStages> kReductions = {8, 4, 2,
                                                  1};  ///< of the keys' and values' map, along each axis
constexpr int kFeedForward = 4;                        ///< hidden channels over outer ones

struct Config {
  int channels_per_head;
  std::array<int, kStages> blocks;
};

struct Stage {
  int heads, reduction;
  std::int64_t channels;
};

Value linear(const Layers& at, std::string_view name, Value x, std::int64_t channels) {
  return at.conv2d(name, x, {.filters = channels, .kernel = 1, .init = Init::kNormal002});
}

Value patch_embedding(const Layers& at, Value x, std::int64_t channels, bool first) {
  x = at.conv2d("proj", x,
                {.filters = channels,
                 .kernel = first ? 7 : 3,
                 .stride = first ? 4 : 2,
                 .padding = Padding::kTorch,
                 .init = Init::kHeNormalFanOut});
  return at.layer_norm("norm", x, {.epsilon = 1e-5});
}

Value self_attention(const Layers& at, Value x, const Stage& stage) {
  const Value queries = linear(at, "q", x, stage.channels);
  Value reduced = x;
  if (stage.reduction > 1) {
    reduced = at.conv2d("sr", x,
                        {.filters = stage.channels,
                         .kernel = stage.reduction,
                         .stride = stage.reduction,
                         .padding = Padding::kValid,
                         .init = Init::kHeNormalFanOut});
    reduced = at.layer_norm("norm", reduced, {.epsilon = 1e-5});
  }
  const Value keys = linear(at, "k", reduced, stage.channels);
  const Value values = linear(at, "v", reduced, stage.channels);
  return linear(at, "proj", at.attention("attention", queries, keys, values, stage.heads), stage.channels);
}

Value mix_feed_forward(const Layers& at, Value x, std::int64_t channels) {
  const std::int64_t hidden = kFeedForward * channels;
  x = linear(at, "fc1", x, hidden);
  x = at.conv2d("dwconv", x, {.filters = hidden, .groups = hidden, .init = Init::kHeNormal});
  return linear(at, "fc2", at.activation("gelu", x, Function::kGelu), channels);
}

Value block(const Layers& at, Value x, const Stage& stage, double drop_path) {
  const auto add_residual = [&](const char* name, Value to, Value residual) {
    if (drop_path > 0) residual = at.drop_path(std::string("drop_path_") + name, residual, drop_path);
    return at.add(std::string("add_") + name, to, residual);
  };
  x = add_residual("attn", x, self_attention(at.in("attn"), at.layer_norm("norm1", x), stage));
  return add_residual("mlp", x, mix_feed_forward(at.in("mlp"), at.layer_norm("norm2", x), stage.channels));
}

Features build_mit(const EncoderBuild& build, const Config& config, Value x) {
  const int count = std::accumulate(config.blocks.begin(), config.blocks.end(), 0);
  Features features{{Value{}}};  // none at 1/2
  int done = 0;
  for (std::size_t i = 0; i < kStages; ++i) {
    const std::string number = std::to_string(i + 1);
    const Stage stage{.heads = kHeads[i],
                      .reduction = kReductions[i],
                      .channels = kHeads[i] * build.channels(config.channels_per_head)};
    x = patch_embedding(build.net.in("patch_embed" + number), x, stage.channels, i == 0);
    for (int b = 0; b < config.blocks[i]; ++b, ++done) {
      const double drop_path = count > 1 ? build.drop_path * done / (count - 1) : build.drop_path;
      x = block(build.net.in("block" + number).in(std::to_string(b)), x, stage, drop_path);
    }
    x = build.net.layer_norm("norm" + number, x);
    features.maps.push_back(x);
  }
  return features;
}

Encoder mit(const std::string& name, const std::string& summary, const Config& config) {
  return {.name = name,
          .summary = summary,
          .source =
              "Xie, Wang, Yu, Anandkumar, Alvarez, Luo: SegFormer: Simple and Efficient Design for Semantic "
              "Segmentation with Transformers, NeurIPS 2021, https://arxiv.org/abs/2105.15203",
          .build = [config](const EncoderBuild& build, Value x) { return build_mit(build, config, x); },
          .drop_path = 0.1,
          .dilatable = false};
}

const EncoderRegistration b0{
    mit("mit_b0", "mix transformer of 8 blocks, 32 to 256 channels", {32, {2, 2, 2, 2}})};
const EncoderRegistration b1{
    mit("mit_b1", "mix transformer of 8 blocks, 64 to 512 channels", {64, {2, 2, 2, 2}})};
const EncoderRegistration b2{
    mit("mit_b2", "mix transformer of 16 blocks, 64 to 512 channels", {64, {3, 4, 6, 3}})};
const EncoderRegistration b3{
    mit("mit_b3", "mix transformer of 28 blocks, 64 to 512 channels", {64, {3, 4, 18, 3}})};
const EncoderRegistration b4{
    mit("mit_b4", "mix transformer of 41 blocks, 64 to 512 channels", {64, {3, 8, 27, 3}})};
const EncoderRegistration b5{
    mit("mit_b5", "mix transformer of 52 blocks, 64 to 512 channels", {64, {3, 6, 40, 3}})};

}  // namespace
}  // namespace segbench::architectures::mix_transformer
