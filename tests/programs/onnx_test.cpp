// SPDX-License-Identifier: MIT
// The network of a trial as an ONNX file, run by OpenCV on the trial's test images: its counts against the
// stored ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cstdlib>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/normalise.h"
#include "harness/core/trial.h"
#include "harness/engines/opencv/opencv_engine.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using architectures::Maps;
using core::Json;
using testing::HasSubstr;

constexpr int kImageSide = 32;
constexpr std::int64_t kImagePixels = kImageSide * kImageSide;

/// The samples' pixels as docs/formats.md says of the input "image".
Maps normalised(const core::DecodeCache& cache, const core::TrialSpec& spec) {
  Maps maps{.count = static_cast<std::int64_t>(spec.splits.test.size()),
            .shape = {3, kImageSide, kImageSide},
            .values = {}};
  const core::Normalisation normalise = core::normalisation(spec.variant.data.normalise);
  for (const std::int64_t index : spec.splits.test) {
    const std::span<const std::uint8_t> pixels = cache.image(index);
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < kImagePixels; ++i) {
        const double level = pixels[i * 3 + static_cast<std::size_t>(normalise.source[c])];
        maps.values.push_back(static_cast<float>(normalise.scale[c] * level + normalise.shift[c]));
      }
    }
  }
  return maps;
}

/// As docs/formats.md says of the output "logits".
std::vector<std::uint8_t> classes_of(const Maps& logits, std::int64_t image) {
  const std::int64_t outputs = logits.shape.channels;
  const float* values = logits.values.data() + image * outputs * kImagePixels;
  std::vector<std::uint8_t> classes;
  for (std::int64_t i = 0; i < kImagePixels; ++i) {
    int best = outputs == 1 && values[i] > 0 ? 1 : 0;
    for (int c = 1; c < outputs; ++c)
      best = values[c * kImagePixels + i] > values[best * kImagePixels + i] ? c : best;
    classes.push_back(static_cast<std::uint8_t>(best));
  }
  return classes;
}

std::vector<std::int64_t> recorded_confusion(const std::filesystem::path& trial) {
  for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type") == "evaluation" && event.at("split") == "test" && event.contains("confusion"))
      return event.at("confusion");
  }
  return {};
}

class OnnxTest : public testing::Test {
 protected:
  static std::string study(const std::string& data, const std::string& loss) {
    return fmt::format(R"(schema = 1
name = "s"
[data]
resolution = [32, 32]
normalise = "imagenet_caffe_bgr"
{}
[model]
architecture = "unet"
size = "small"
width = 0.125
batch_norm_momentum = 0.5
[training]
epochs = 6
batch_size = 4
loss = "{}"
optimizer = {{ name = "adam", learning_rate = 0.01 }}
[trials]
seeds = [1]
[run]
threads = 1
)",
                       data, loss);
  }

  /// Trains, exports, runs the file and compares.
  void expect_the_recorded_counts(const std::string& experiment) {
    workspace_.write("s.toml", experiment);
    const ProcessResult trained = workspace_.segbench({"run", "s.toml"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    const std::filesystem::path trial = workspace_.trials("s").at(0);
    const ProcessResult exported = workspace_.segbench({"export", "--onnx", trial.filename(), "s.onnx"});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;

    const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
    const core::DecodeCache cache(trial / spec.cache);
    const Maps logits = engines::open_in_opencv(workspace_.path() / "s.onnx")->run(normalised(cache, spec));
    core::Confusion found(cache.num_classes());
    for (std::int64_t i = 0; i < logits.count; ++i) {
      const std::int64_t index = spec.splits.test[static_cast<std::size_t>(i)];
      found += core::count_pixels(cache.labels(index), classes_of(logits, i), cache.num_classes());
    }
    const std::vector<std::int64_t> recorded = recorded_confusion(trial);
    ASSERT_EQ(recorded.size(), found.cells().size());
    std::int64_t moved = 0;  // pixels where two classes are as good as equal may go either way
    for (std::size_t i = 0; i < recorded.size(); ++i) moved += std::abs(recorded[i] - found.cells()[i]);
    EXPECT_LE(moved, 2 * logits.count * kImagePixels / 1000);
    const std::vector<core::ClassCounts> counts = found.class_counts();
    EXPECT_GT(std::count_if(counts.begin(), counts.end(), [](const auto& count) { return count.tp > 0; }), 1)
        << "a network that tells nothing apart";
  }

  Workspace workspace_;
};

TEST_F(OnnxTest, ATrialsFileGivesItsCountsElsewhere) {
  expect_the_recorded_counts(
      study("kind = \"shapes\"\ntrain_images = 12\nselection_images = 5\ntest_images = 6", "cross_entropy"));
  const std::string file = core::read_file(workspace_.path() / "s.onnx");
  EXPECT_THAT(file, HasSubstr(R"("name":"imagenet_caffe_bgr")"));
  EXPECT_THAT(file, HasSubstr(workspace_.trials("s").at(0).filename().string()));
  const ProcessResult again =
      workspace_.segbench({"export", "--onnx", workspace_.trials("s").at(0).filename(), "s.onnx"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("s.onnx: is there already"));
}

TEST_F(OnnxTest, OneLogitDecidesBetweenTwoClasses) {
  const std::filesystem::path data = workspace_.path() / "data";
  std::filesystem::create_directories(data / "images");
  std::filesystem::create_directories(data / "masks");
  for (int i = 0; i < 20; ++i) {
    const cv::Rect thing(i, 3, 12, 12 + i / 2);
    cv::Mat picture(kImageSide, kImageSide, CV_8UC3, cv::Scalar::all(60 + i)),
        mask(picture.size(), CV_8UC1, cv::Scalar(0));
    picture(thing).setTo(cv::Scalar(40, 200, 120 + 5 * i));
    mask(thing).setTo(1);
    ASSERT_TRUE(cv::imwrite((data / "images" / fmt::format("p{:02}.png", i)).string(), picture));
    ASSERT_TRUE(cv::imwrite((data / "masks" / fmt::format("p{:02}.png", i)).string(), mask));
  }
  expect_the_recorded_counts(study(
      "kind = \"folders\"\nroot = \"data\"\nclasses = [\"background\", \"thing\"]", "binary_cross_entropy"));
}

}  // namespace
}  // namespace segbench::tests
