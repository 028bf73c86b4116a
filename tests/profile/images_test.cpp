// SPDX-License-Identifier: MIT
#include "harness/profile/images.h"

#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/profile/passes.h"
#include "tests/profile/fake_engine.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

constexpr std::int64_t kHeight = 4, kWidth = 6, kPixels = kHeight * kWidth;

/// A trial of five images, each of one grey level: 0, 10, … 40. Odd ones show class 1 alone, but for a void
/// pixel.
class TrialImages : public testing::Test {
 protected:
  TrialImages() {
    core::CacheManifest manifest;
    manifest.kind = "tiny";
    manifest.data_fingerprint = "f";
    manifest.height = kHeight, manifest.width = kWidth, manifest.channels = 3;
    manifest.classes = {{"background", {}}, {"thing", {}}};
    std::string images, labels;
    for (int i = 0; i < 5; ++i) {
      images.append(3 * kPixels, static_cast<char>(10 * i));
      std::vector<std::uint8_t> truth(kPixels, static_cast<std::uint8_t>(i % 2));
      truth[0] = core::kVoidLabel;
      labels.append(truth.begin(), truth.end());
      manifest.samples.push_back({.id = std::to_string(i),
                                  .image_file = "",
                                  .mask_file = "",
                                  .image_sha256 = "",
                                  .original_height = kHeight,
                                  .original_width = kWidth,
                                  .class_pixels = core::count_labels(truth, 2)});
    }
    std::filesystem::create_directories(folder_ / "cache");
    core::write_file_atomically(folder_ / "cache" / core::kCacheImagesFile, images);
    core::write_file_atomically(folder_ / "cache" / core::kCacheLabelsFile, labels);
    core::write_file_atomically(folder_ / "cache" / core::kCacheManifestFile, core::to_json(manifest).dump());
    core::TrialSpec spec;
    spec.study = "s", spec.trial_id = "0123456789abcdef", spec.variant_id = "v", spec.data_fingerprint = "f";
    spec.variant.data.kind = "tiny";
    spec.variant.model = {.architecture = "unet", .size = "small"};
    spec.variant.training.loss = {"cross_entropy", core::Json::object()};
    spec.variant.training.optimizer = {"adam", core::Json::object()};
    spec.cache = "../cache";
    spec.splits = {.train = {0}, .selection = {1, 2}, .test = {3, 4}};
    std::filesystem::create_directories(folder_ / "trial");
    core::write_file_atomically(folder_ / "trial" / core::kTrialFile, core::to_json(spec).dump());
    settings_.batch = {3};
  }

  Network network(std::int64_t height = kHeight, std::int64_t width = kWidth) const {
    return {.label = "t",
            .origin = Origin::kTrial,
            .trial = folder_ / "trial",
            .channels = 3,
            .height = height,
            .width = width,
            .outputs = 2,
            .normalise = "unit_range",
            .settings = {}};
  }

  segbench::tests::TemporaryFolder folder_;
  study::ProfileSettings settings_;
};

TEST_F(TrialImages, AreThoseOfTheSelectionSplit) {
  const NetworkImages images(network(), settings_);
  EXPECT_EQ(images.origin(), "the selection split");
  EXPECT_EQ(images.size(), 2);
  const std::vector<float> values = images.batch(3);
  ASSERT_EQ(values.size(), static_cast<std::size_t>(3 * 3 * kPixels));
  EXPECT_FLOAT_EQ(values[0], 10.0F / 255);
  EXPECT_FLOAT_EQ(values[3 * kPixels], 20.0F / 255);
  EXPECT_FLOAT_EQ(values[6 * kPixels], 10.0F / 255) << "the first one again";
  EXPECT_EQ(images.spread(64).size(), static_cast<std::size_t>(2 * 3 * kPixels)) << "each once";
}

TEST_F(TrialImages, AreResizedForAnotherSizeAndThenNotScored) {
  const NetworkImages images(network(8, 8), settings_);
  EXPECT_EQ(images.origin(), "the selection split");
  EXPECT_NEAR(images.batch(1)[0], 10.0F / 255, 1e-6);
  EXPECT_EQ(images.cache(), nullptr);
  EXPECT_TRUE(images.scored().empty());
}

TEST_F(TrialImages, AreMadeUpWhereTheCacheIsGone) {
  std::filesystem::remove_all(folder_ / "cache");
  const NetworkImages images(network(), settings_);
  EXPECT_EQ(images.origin(), "made up");
  EXPECT_EQ(images.size(), 3);
  EXPECT_EQ(images.batch(2), NetworkImages(network(), settings_).batch(2));
  const std::vector<float> two = images.batch(2);
  EXPECT_NE(std::vector<float>(two.begin(), two.begin() + 3 * kPixels),
            std::vector<float>(two.begin() + 3 * kPixels, two.end()));
}

TEST_F(TrialImages, OfTheTestSplitAreCountedByWhatAnEngineSays) {
  const NetworkImages images(network(), settings_);
  // All logits are 0, so that every pixel is of the first class.
  tests::FakeEngine engine({.outputs = 3 * 2 * kPixels});
  const core::Json counts = count_labels({.link = engine,
                                          .images = images,
                                          .batch = 3,
                                          .outputs = 2,
                                          .pixels = kPixels,
                                          .scratch = folder_ / "x",
                                          .patience = std::chrono::seconds(1)});
  EXPECT_EQ(counts.at("split"), "test");
  EXPECT_EQ(counts.at("images"), 2);
  EXPECT_EQ(counts.at("tp"), core::Json({kPixels - 1, 0})) << "image 4, but for its void pixel";
  EXPECT_EQ(counts.at("fp"), core::Json({kPixels - 1, 0})) << "image 3";
  EXPECT_EQ(counts.at("fn"), core::Json({0, kPixels - 1}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x"));
}

TEST_F(TrialImages, AreNotCountedByLogitsWhereTheTrialWasNotEither) {
  core::TrialSpec spec = core::read_trial_spec(folder_ / "trial" / core::kTrialFile);
  spec.variant.evaluation.threshold = 0.3;
  core::write_file_atomically(folder_ / "trial" / core::kTrialFile, core::to_json(spec).dump());
  const NetworkImages images(network(), settings_);
  EXPECT_EQ(images.scored().size(), 2U) << "what passes go over";
  tests::FakeEngine engine({.outputs = 3 * 2 * kPixels});
  EXPECT_TRUE(count_labels({.link = engine,
                            .images = images,
                            .batch = 3,
                            .outputs = 2,
                            .pixels = kPixels,
                            .scratch = folder_ / "x",
                            .patience = std::chrono::seconds(1)})
                  .is_null());
}

}  // namespace
}  // namespace segbench::profile
