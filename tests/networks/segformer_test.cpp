// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>

#include "architectures/torch/network.h"
#include "harness/conformance/networks.h"

// SegFormer against the same network written by hand on [N, tokens, channels], as its paper tells it: a mix
// transformer (section 3.1) and the decoder of linear layers (section 3.2).

namespace segbench::architectures {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

class HandWrittenSegFormer {
 public:
  explicit HandWrittenSegFormer(const NamedTensors& tensors) : tensors_(tensors.begin(), tensors.end()) {}

  Tensor forward(const Tensor& image) const {
    Tensor x = image;
    std::vector<Tensor> maps;
    for (int stage = 0; stage < 4; ++stage) maps.push_back(x = run_stage(stage, x));
    std::vector<Tensor> parts;
    for (int map = 3; map >= 0; --map) {
      const Tensor part = linear("linear_c" + std::to_string(map + 1), tokens_of(maps[map]));
      parts.push_back(resize(map_of(part, maps[map]), maps[0]));
    }
    const Tensor fused = linear("linear_fuse.conv", tokens_of(torch::cat(parts, 1)), false);
    const Tensor y = torch::relu(torch::batch_norm(
        map_of(fused, maps[0]), at("linear_fuse.bn.weight"), at("linear_fuse.bn.bias"),
        at("linear_fuse.bn.running_mean"), at("linear_fuse.bn.running_var"), false, 0.1, 1e-5, false));
    return resize(map_of(linear("linear_pred", tokens_of(y)), maps[0]), image);
  }

 private:
  const Tensor& at(const std::string& name) const { return tensors_.at(name); }
  /// [N, C, H, W] to [N, H W, C].
  static Tensor tokens_of(const Tensor& map) { return map.flatten(2).transpose(1, 2); }
  /// And back, in the size of `like`.
  static Tensor map_of(const Tensor& tokens, const Tensor& like) {
    return tokens.transpose(1, 2).reshape({like.size(0), tokens.size(2), like.size(2), like.size(3)});
  }
  static Tensor resize(const Tensor& x, const Tensor& like) {
    const std::vector<std::int64_t> size = {like.size(2), like.size(3)};
    return F::interpolate(x,
                          F::InterpolateFuncOptions().size(size).mode(torch::kBilinear).align_corners(false));
  }
  Tensor linear(const std::string& name, const Tensor& tokens, bool bias = true) const {
    return F::linear(tokens, at(name + ".weight").flatten(1), bias ? at(name + ".bias") : Tensor());
  }
  Tensor norm(const std::string& name, const Tensor& tokens, double epsilon) const {
    return torch::layer_norm(tokens, {tokens.size(2)}, at(name + ".weight"), at(name + ".bias"), epsilon);
  }

  Tensor attention(const std::string& name, const Tensor& tokens, const Tensor& like, int heads,
                   int ratio) const {
    Tensor reduced = tokens;
    if (ratio > 1) {
      const Tensor map =
          torch::conv2d(map_of(tokens, like), at(name + ".sr.weight"), at(name + ".sr.bias"), ratio);
      reduced = norm(name + ".norm", tokens_of(map), 1e-5);
    }
    const auto by_head = [&](const Tensor& t) {
      return t.reshape({t.size(0), t.size(1), heads, t.size(2) / heads}).permute({0, 2, 1, 3});
    };
    const Tensor q = by_head(linear(name + ".q", tokens)), k = by_head(linear(name + ".k", reduced)),
                 v = by_head(linear(name + ".v", reduced));
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(3)));
    const Tensor weights = torch::softmax(torch::einsum("nhqc,nhkc->nhqk", {q, k}) * scale, 3);
    const Tensor read = torch::einsum("nhqk,nhkc->nqhc", {weights, v}).flatten(2);
    return linear(name + ".proj", read);
  }

  Tensor feed_forward(const std::string& name, const Tensor& tokens, const Tensor& like) const {
    const Tensor wide = map_of(linear(name + ".fc1", tokens), like);
    const Tensor mixed =
        torch::conv2d(wide, at(name + ".dwconv.weight"), at(name + ".dwconv.bias"), 1, 1, 1, wide.size(1));
    return linear(name + ".fc2", torch::gelu(tokens_of(mixed)));
  }

  Tensor run_stage(int stage, const Tensor& x) const {
    const int heads[] = {1, 2, 5, 8}, ratios[] = {8, 4, 2, 1};
    const std::string number = std::to_string(stage + 1), patches = "encoder.patch_embed" + number;
    const Tensor map = torch::conv2d(x, at(patches + ".proj.weight"), at(patches + ".proj.bias"),
                                     stage == 0 ? 4 : 2, stage == 0 ? 3 : 1);
    Tensor tokens = norm(patches + ".norm", tokens_of(map), 1e-5);
    for (int block = 0; block < 2; ++block) {
      const std::string here = "encoder.block" + number + "." + std::to_string(block);
      tokens = tokens + attention(here + ".attn", norm(here + ".norm1", tokens, 1e-6), map, heads[stage],
                                  ratios[stage]);
      tokens = tokens + feed_forward(here + ".mlp", norm(here + ".norm2", tokens, 1e-6), map);
    }
    return map_of(norm("encoder.norm" + number, tokens, 1e-6), map);
  }

  std::map<std::string, Tensor> tensors_;
};

TEST(SegFormer, EqualsTheHandWrittenOne) {
  NetworkOptions options{.architecture = "segformer",
                         .size = "full",
                         .width = 0.25,
                         .num_outputs = 7,
                         .image_height = 64,
                         .image_width = 96};
  const auto network = make_network(options, 4);
  network->eval();
  {  // weights of deviation 0.02 make attention nearly even: larger ones tell errors
    const torch::NoGradGuard no_grad;
    for (Tensor& parameter : network->parameters()) {
      if (parameter.dim() == 4 && parameter.size(2) == 1) parameter.mul_(10);
    }
  }
  const HandWrittenSegFormer by_hand(named_tensors(*network));
  const Tensor x = conformance::images(2, options);
  const Tensor y = network->forward(x), expected = by_hand.forward(x);
  ASSERT_EQ(y.sizes(), expected.sizes());
  const float scale = expected.abs().max().item<float>();
  EXPECT_GT(scale, 0);
  EXPECT_LT((y - expected).abs().max().item<float>(), 1e-5 * scale);
}

}  // namespace
}  // namespace segbench::architectures
