// SPDX-License-Identifier: MIT
#include <vector>

#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

/// A mix transformer by the paper's section 3.1 and table 6, with the expansion ratio 4 of the authors' code.
std::int64_t mix_transformer(const std::vector<int>& channels, const std::vector<int>& blocks) {
  const std::vector<int> reductions = {8, 4, 2, 1};
  std::int64_t sum = 0, in = 3;
  for (std::size_t stage = 0; stage < 4; ++stage) {
    const std::int64_t c = channels[stage], r = reductions[stage], hidden = 4 * c;
    const std::int64_t patches = biased_conv(in, c, stage == 0 ? 7 : 3) + norm(c);
    const std::int64_t reduction = r > 1 ? biased_conv(c, c, r) + norm(c) : 0;
    const std::int64_t attention = 4 * biased_conv(c, c, 1) + reduction;
    const std::int64_t feed_forward = biased_conv(c, hidden, 1) + 10 * hidden + biased_conv(hidden, c, 1);
    sum += patches + blocks[stage] * (norm(c) + attention + norm(c) + feed_forward) + norm(c);
    in = c;
  }
  return sum;
}

std::int64_t linear_decoder(const std::vector<int>& channels, std::int64_t width, std::int64_t classes) {
  std::int64_t sum = conv_norm(4 * width, width, 1) + biased_conv(width, classes, 1);
  for (const int c : channels) sum += biased_conv(c, width, 1);
  return sum;
}

struct Published {
  std::string encoder;
  std::vector<int> channels, blocks;
  std::int64_t width;
  double millions;  ///< of the whole network in the paper's table 1 (a), for the 150 classes of ADE20K
};

TEST(SegFormer, HasThePapersParameters) {
  const std::vector<int> narrow = {32, 64, 160, 256}, wide = {64, 128, 320, 512};
  const std::vector<Published> all = {
      {"mit_b0", narrow, {2, 2, 2, 2}, 256, 3.8}, {"mit_b1", wide, {2, 2, 2, 2}, 256, 13.7},
      {"mit_b2", wide, {3, 4, 6, 3}, 768, 27.5},  {"mit_b3", wide, {3, 4, 18, 3}, 768, 47.3},
      {"mit_b4", wide, {3, 8, 27, 3}, 768, 64.1}, {"mit_b5", wide, {3, 6, 40, 3}, 768, 84.7}};
  for (const Published& p : all) {
    SCOPED_TRACE(p.encoder);
    const NetworkSummary found = summary_of("segformer", "full", 150, {{"encoder", p.encoder}});
    EXPECT_EQ(found.trainable,
              mix_transformer(p.channels, p.blocks) + linear_decoder(p.channels, p.width, 150));
    EXPECT_NEAR(static_cast<double>(found.trainable) / 1e6, p.millions, 0.1);
  }
  // The classifiers that the encoders are trained as, with 1000 classes: 24.7 million in table 6.
  EXPECT_NEAR(static_cast<double>(mix_transformer(wide, {3, 4, 6, 3}) + 513000) / 1e6, 24.7, 0.05);
}

TEST(SegFormer, MixesFourMapsAtAQuarter) {
  const NetworkSummary found =
      summarise({.architecture = "segformer", .size = "full", .image_height = 65, .image_width = 90});
  EXPECT_EQ(output_of(found, "encoder.norm1"), (Output{24, 24, 32}));
  EXPECT_EQ(output_of(found, "encoder.norm4"), (Output{3, 3, 256}));
  EXPECT_EQ(output_of(found, "encoder.block1.0.attn.sr"), (Output{3, 3, 32}));
  EXPECT_EQ(output_of(found, "concat"), (Output{24, 24, 1024}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

TEST(SegFormer, TakesConvolutionalEncodersToo) {
  const NetworkSummary found = summary_of("segformer", "small", 21, {{"encoder", "resnet34"}});
  EXPECT_EQ(found.trainable, kResNet34 + linear_decoder({64, 128, 256, 512}, 192, 21));
}

// A head of a multi-head attention keeps whole channels at any width.
TEST(MixTransformer, ScalesByHead) {
  const NetworkSummary found = summarise({.architecture = "segformer", .size = "full", .width = 0.3});
  EXPECT_EQ(output_of(found, "encoder.norm1")[2], 10);
  EXPECT_EQ(output_of(found, "encoder.norm3")[2], 50);
}

}  // namespace
}  // namespace segbench::architectures
