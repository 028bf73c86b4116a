// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/hash.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/shapes_scene.h"

namespace segbench::data {
namespace {

std::string digest(const DecodedSample& sample) {
  core::Sha256 hash;
  hash.update(std::as_bytes(std::span(sample.image.pixels)));
  hash.update(std::as_bytes(std::span(sample.labels.labels)));
  return hash.hex_digest().substr(0, 16);
}

// Pinned: a change of the drawing changes every study on shapes, and must count kPipelineVersion up.
TEST(Shapes, AreTheSamePixelsOnEveryMachine) {
  const Catalogue catalogue = open_catalogue(default_config("shapes"));
  EXPECT_EQ(digest(catalogue.render(0, 64, 64)), "386bb0fb2513e129");
  EXPECT_EQ(digest(catalogue.render(100, 48, 80)), "1302a44b1f37e0a9");
  EXPECT_EQ(audit(default_config("shapes")).data_fingerprint.substr(0, 16), "40e1f4d328984174");
}

TEST(Shapes, HaveEveryClassInEverySplitAndAreImbalanced) {
  const AuditReport report = audit(default_config("shapes"));
  EXPECT_FALSE(report.refused());
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.splits.train.size(), 96U);
  EXPECT_EQ(report.splits.selection.size(), 32U);
  EXPECT_EQ(report.splits.test.size(), 48U);
  for (const auto& [split, pixels] : report.class_pixels) {
    ASSERT_EQ(pixels.size(), 8U);
    for (std::size_t c = 0; c < 7; ++c) EXPECT_GT(pixels[c], 100) << split << " class " << c;
    EXPECT_EQ(pixels[7], 0);
    EXPECT_GT(pixels[0], 20 * pixels[6]) << "wires are rare";
  }
}

TEST(Shapes, OfOneSplitDoNotDependOnTheNumberOfOthers) {
  core::DataConfig config = default_config("shapes");
  const Catalogue usual = open_catalogue(config);
  config.params["train_images"] = 10;
  const Catalogue fewer = open_catalogue(config);
  const auto test_sample = [](const Catalogue& catalogue) {
    return static_cast<std::size_t>(catalogue.official_splits.at("test").at(7));
  };
  EXPECT_EQ(digest(usual.render(test_sample(usual), 32, 32)),
            digest(fewer.render(test_sample(fewer), 32, 32)));
  config.params["data_seed"] = 2;
  const Catalogue other = open_catalogue(config);
  EXPECT_NE(digest(usual.render(test_sample(usual), 32, 32)),
            digest(other.render(test_sample(other), 32, 32)));
}

TEST(Shapes, AreDrawnAtAnyResolution) {
  const Scene scene = draw_scene(3, 0, 5, 128);
  const DecodedSample large = render_scene(scene, 96, 96), small = render_scene(scene, 32, 32);
  // The centre of every third pixel is the centre of a small one.
  for (std::size_t y = 0; y < 32; ++y) {
    for (std::size_t x = 0; x < 32; ++x) {
      ASSERT_EQ(small.labels.labels[y * 32 + x], large.labels.labels[(3 * y + 1) * 96 + 3 * x + 1])
          << x << " " << y;
    }
  }
  core::DataConfig config = default_config("shapes");
  config.resolution = {{40, 24}};
  const AuditReport report = audit(config);
  EXPECT_EQ(report.height, 40);
  EXPECT_EQ(report.width, 24);
  EXPECT_EQ(report.data_fingerprint, audit(default_config("shapes")).data_fingerprint);
}

TEST(Shapes, NoiseHasItsDeviationAndNoBias) {
  Image grey{100, 100, 3, std::vector<std::uint8_t>(30000, 128)};
  add_noise(grey, 10 * 256, 1, 0, 0);
  double sum = 0, squares = 0;
  for (const std::uint8_t pixel : grey.pixels)
    sum += pixel - 128.0, squares += (pixel - 128.0) * (pixel - 128.0);
  EXPECT_NEAR(sum / 30000, 0, 0.2);
  EXPECT_NEAR(squares / 30000, 100, 5);
}

TEST(Shapes, AColourCueTellsTheClassAndChangesNothingElse) {
  for (std::uint64_t index = 0; index < 20; ++index) {
    const Scene any = draw_scene(1, 0, index, 64), told = draw_scene(1, 0, index, 64, 256);
    EXPECT_EQ(render_scene(told, 32, 32).labels.labels, render_scene(any, 32, 32).labels.labels);
    for (const Shape& shape : told.shapes)
      EXPECT_EQ(shape.paint.first, kShapeColours.at(static_cast<std::size_t>(shape.kind)));
  }
}

TEST(Shapes, GrowHarder) {
  const auto background = [](double difficulty) {
    core::DataConfig config = default_config("shapes");
    config.params["difficulty"] = difficulty;
    return audit(config).data_fingerprint;
  };
  EXPECT_NE(background(0), background(1));
  EXPECT_GT(draw_scene(1, 0, 0, 256).shapes.size(), 3U);
  EXPECT_LE(draw_scene(1, 0, 0, 0).shapes.size(), 4U);
}

}  // namespace
}  // namespace segbench::data
