// SPDX-License-Identifier: MIT
// Predictions of `segbench predict` against those that the trial stored, for every kind of input.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <map>
#include <opencv2/imgcodecs.hpp>

#include "harness/core/files.h"
#include "harness/core/predictions.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct InputKind {
  const char* name;
  const char* settings;  ///< further lines of [data]
  const char* suffix;
  int type;  ///< of the picture, as OpenCV numbers it
  int orientation = 1;
};

constexpr int kSide = 32;

cv::Rect thing(int seed) {
  return {seed, 3, 12, 12 + seed};
}

/// Noise with a brighter thing; a TIFF gets the orientation.
void write_input(const fs::path& file, const InputKind& kind, int seed) {
  fs::create_directories(file.parent_path());
  cv::Mat picture(kSide, kSide, kind.type);
  cv::theRNG().state = static_cast<std::uint64_t>(seed) + 1;
  const int white = CV_MAT_DEPTH(kind.type) == CV_16U ? 4095 : 255;
  cv::randu(picture, 0, white / 2);
  picture(thing(seed)) += cv::Scalar::all(white / 2);
  if (std::string_view(kind.settings).find("apply") != std::string_view::npos)
    cv::rotate(picture, picture, cv::ROTATE_180);
  ASSERT_TRUE(cv::imwrite(file.string(), picture));
  if (kind.orientation == 1) return;
  TIFF* tiff = TIFFOpen(file.c_str(), "r+");
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, kind.orientation);
  TIFFRewriteDirectory(tiff);
  TIFFClose(tiff);
}

void write_study(const Workspace& workspace, const InputKind& kind) {
  for (int i = 0; i < 12; ++i) {
    write_input(workspace.path() / fmt::format("data/images/p{:02}{}", i, kind.suffix), kind, i);
    cv::Mat mask(kSide, kSide, CV_8UC1, cv::Scalar(0));
    mask(thing(i)).setTo(1);
    fs::create_directories(workspace.path() / "data/masks");
    ASSERT_TRUE(cv::imwrite((workspace.path() / fmt::format("data/masks/p{:02}.png", i)).string(), mask));
  }
  workspace.write("s.toml", fmt::format(R"(schema = 1
name = "s"
[data]
kind = "folders"
root = "data"
classes = ["background", "thing"]
{}
[model]
architecture = "unet"
size = "small"
width = 0.125
batch_norm_momentum = 0.5
[training]
epochs = 5
batch_size = 2
loss = "cross_entropy"
optimizer = {{ name = "adam", learning_rate = 1e-2 }}
[trials]
seeds = [1]
[run]
threads = 1
device = "cpu"
)",
                                        kind.settings));
}

class Predicting : public testing::TestWithParam<InputKind> {};

TEST_P(Predicting, GivesWhatTheTrialStored) {
  const InputKind& kind = GetParam();
  const Workspace workspace;
  write_study(workspace, kind);
  const ProcessResult run = workspace.segbench({"run", "s.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const fs::path trial = workspace.trials("s").front();
  const core::Predictions stored = core::read_predictions(trial / core::kPredictionsFile);
  std::vector<std::string> command = {"predict", trial.string(), "-o", "out", "--device", "cpu"};
  for (const auto& sample : stored.samples) command.push_back("data/images/" + sample.id + kind.suffix);
  const ProcessResult predicted = workspace.segbench(command);
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_EQ(predicted.err, "");
  bool several = false;
  for (std::size_t i = 0; i < stored.samples.size(); ++i) {
    const fs::path file = workspace.path() / "out" / (stored.samples[i].id + "_mask.png");
    const cv::Mat mask = cv::imread(file.string(), cv::IMREAD_UNCHANGED);
    const auto expected = stored.label_map(i);
    // The network sees 24 x 40, the mask is brought back to the image's size: compare what survives both
    // ways.
    ASSERT_EQ(mask.rows, kSide);
    for (int y = 0; y < mask.rows; ++y) {
      for (int x = 0; x < mask.cols; ++x) {
        const std::int64_t row = (2 * y + 1) * stored.height / (2 * kSide),
                           column = (2 * x + 1) * stored.width / (2 * kSide);
        ASSERT_EQ(mask.at<std::uint8_t>(y, x),
                  expected[static_cast<std::size_t>(row * stored.width + column)])
            << kind.name << " " << y << " " << x;
        several = several || mask.at<std::uint8_t>(y, x) != mask.at<std::uint8_t>(0, 0);
      }
    }
  }
  EXPECT_TRUE(several) << "a prediction of one class compares nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, Predicting,
    testing::Values(
        InputKind{"rgb", "resolution = [24, 40]", ".png", CV_8UC3},
        InputKind{"grey_of_rgb", "resolution = [24, 40]\nchannels = 1", ".png", CV_8UC3},
        InputKind{"grey", "resolution = [24, 40]\nchannels = 1", ".png", CV_8UC1},
        InputKind{"sixteen", "resolution = [24, 40]\nchannels = 1\nrange = [0, 4095]", ".tif", CV_16UC1},
        InputKind{"percentiles", "resolution = [24, 40]\nrange = \"percentiles\"", ".png", CV_16UC3},
        InputKind{"full_sixteen", "resolution = [24, 40]", ".tif", CV_16UC3},
        InputKind{"four_bands", "resolution = [24, 40]\nchannels = 4", ".png", CV_8UC4},
        InputKind{"turned", "resolution = [24, 40]\norientation = \"apply\"", ".tif", CV_8UC3, 3},
        InputKind{"not_turned", "resolution = [24, 40]", ".tif", CV_8UC3, 6}),
    [](const auto& one) { return std::string(one.param.name); });

// A study that chooses its engine: evaluated, verified and predicted with it.
TEST(PredictEngines, PredictWhatTheEagerOneDoes) {
  const Workspace workspace;
  write_study(workspace, {"rgb", "resolution = [24, 40]\n[evaluation]\nengine = \"plan\"", ".png", CV_8UC3});
  const ProcessResult run = workspace.segbench({"run", "s.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const fs::path trial = workspace.trials("s").front();
  EXPECT_THAT(core::read_file(trial / core::kEventsFile), HasSubstr("\"engines\":[\"plan\"]"));
  const ProcessResult verified = workspace.segbench({"verify", trial.string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  std::map<std::string, cv::Mat> masks;
  for (const std::string engine : {"", "eager", "torchscript", "auto"}) {
    const std::string out = "out_" + engine;
    std::vector<std::string> command = {"predict",  trial.string(), "data/images/p01.png", "-o", out,
                                        "--device", "cpu"};
    if (!engine.empty()) command.insert(command.end(), {"--engine", engine});
    const ProcessResult predicted = workspace.segbench(command);
    ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
    masks[engine] = cv::imread((workspace.path() / out / "p01_mask.png").string(), cv::IMREAD_UNCHANGED);
    ASSERT_FALSE(masks[engine].empty());
    EXPECT_LE(cv::countNonZero(masks[engine] != masks[""]), 4) << engine << ", but for ties of rounding";
  }
  const ProcessResult unknown =
      workspace.segbench({"predict", trial.string(), "data/images/p01.png", "-o", "x", "--engine", "fast"});
  EXPECT_EQ(unknown.exit_code, 2);
}

TEST(PredictOutputs, NeverOverwriteTheStudysData) {
  const Workspace workspace;
  const InputKind kind{"rgb", "resolution = [24, 40]", ".png", CV_8UC3};
  write_study(workspace, kind);
  ASSERT_EQ(workspace.segbench({"run", "s.toml"}).exit_code, 0);
  const std::string trial = workspace.trials("s").front().string();
  const std::string before = core::read_file(workspace.path() / "data/images/p01.png");
  const ProcessResult inside =
      workspace.segbench({"predict", trial, "data/images/p01.png", "-o", "data/images"});
  EXPECT_EQ(inside.exit_code, 2);
  EXPECT_THAT(inside.err, HasSubstr("would become a file of the data set"));
  EXPECT_EQ(core::read_file(workspace.path() / "data/images/p01.png"), before);
  EXPECT_EQ(workspace.segbench({"predict", trial, "data/images/p01.png", "-o", "out"}).exit_code, 0);
  const ProcessResult again = workspace.segbench({"predict", trial, "data/images/p01.png", "-o", "out"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("--force replaces it"));
  EXPECT_EQ(workspace.segbench({"predict", trial, "data/images/p01.png", "-o", "out", "--force"}).exit_code,
            0);
}

TEST(PredictOutputs, FoldersListsTilesAndSubmissions) {
  const Workspace workspace;
  write_study(workspace, {"rgb", "resolution = [24, 40]", ".png", CV_8UC3});
  ASSERT_EQ(workspace.segbench({"run", "s.toml"}).exit_code, 0);
  const std::string trial = workspace.trials("s").front().string();
  const ProcessResult folder = workspace.segbench(
      {"predict", trial, "data/images", "-o", "out", "--submission", "sub/s.csv", "--device", "cpu"});
  ASSERT_EQ(folder.exit_code, 0) << folder.err;
  const ProcessResult back =
      workspace.segbench({"submission", "sub/s.csv", "--height", "32", "--width", "32", "-o", "masks"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  int set = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string name = fmt::format("p{:02}", i);
    const cv::Mat mask = cv::imread((workspace.path() / "out" / (name + "_mask.png")).string(),
                                    cv::IMREAD_UNCHANGED),
                  read = cv::imread((workspace.path() / "masks" / (name + ".png")).string(),
                                    cv::IMREAD_UNCHANGED);
    ASSERT_EQ(read.size(), mask.size()) << name;
    EXPECT_EQ(cv::norm(mask * 255, read, cv::NORM_INF), 0) << name;
    set += cv::countNonZero(mask);
  }
  EXPECT_GT(set, 0);
  EXPECT_EQ(workspace.segbench({"predict", trial, "data/images", "--submission", "sub/s.csv"}).exit_code, 2)
      << "there is one already";
  workspace.write("data/frames.txt", "# frames\nimages/p03.png\nimages/p01.png\n");
  const ProcessResult tiles = workspace.segbench(
      {"predict", trial, "data/frames.txt", "-o", "tiled", "--tiles", "--device", "cpu", "--format", "csv"});
  ASSERT_EQ(tiles.exit_code, 0) << tiles.err;
  EXPECT_LT(tiles.out.find("p03.png"), tiles.out.find("p01.png"));
  EXPECT_EQ(cv::imread((workspace.path() / "tiled/p01_mask.png").string(), cv::IMREAD_UNCHANGED).rows, kSide);
  const ProcessResult nothing = workspace.segbench({"predict", trial, "data/masks/none", "-o", "x"});
  EXPECT_EQ(nothing.exit_code, 2);
}

TEST(PredictOutputs, ProbabilitiesAgreeWithTheMasks) {
  const Workspace workspace;
  write_study(workspace, {"rgb", "resolution = [24, 40]", ".png", CV_8UC3});
  ASSERT_EQ(workspace.segbench({"run", "s.toml"}).exit_code, 0);
  const std::string trial = workspace.trials("s").front().string();
  const auto predict = [&](const std::string& output, const std::vector<std::string>& options) {
    std::vector<std::string> command = {"predict",  trial, "data/images/p01.png", "-o", output,
                                        "--device", "cpu"};
    command.insert(command.end(), options.begin(), options.end());
    return workspace.segbench(command);
  };
  const auto mask = [&](const std::string& output) {
    return cv::imread((workspace.path() / output / "p01_mask.png").string(), cv::IMREAD_UNCHANGED);
  };
  const ProcessResult first = predict("out", {"--probabilities"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const core::SafetensorsFile file(workspace.path() / "out/p01_probabilities.safetensors");
  EXPECT_EQ(file.metadata().at("classes"), R"(["background","thing"])");
  const auto& tensor = file.entries().at("probabilities");
  ASSERT_EQ(tensor.shape, (std::vector<std::int64_t>{2, kSide, kSide}));
  const auto* p = reinterpret_cast<const float*>(tensor.data.data());
  ASSERT_EQ(predict("low", {"--threshold", "0.2"}).exit_code, 0);
  const cv::Mat most_probable = mask("out"), above = mask("low");
  int pixels = 0, more = 0;
  for (int i = 0; i < kSide * kSide; ++i) {
    const float background = p[i], thing = p[kSide * kSide + i];
    EXPECT_NEAR(background + thing, 1, 1e-6);
    ASSERT_EQ(most_probable.at<std::uint8_t>(i / kSide, i % kSide), thing > background ? 1 : 0) << i;
    ASSERT_EQ(above.at<std::uint8_t>(i / kSide, i % kSide), thing > 0.2 ? 1 : 0) << i;
    pixels += thing > background ? 1 : 0;
    more += thing > 0.2 ? 1 : 0;
  }
  EXPECT_GT(pixels, 0);
  EXPECT_GT(more, pixels) << "the lower threshold changes nothing, so nothing was compared";
  EXPECT_THAT(predict("out", {"--probabilities"}).err, HasSubstr("p01_probabilities.safetensors"));
  EXPECT_EQ(predict("out", {"--probabilities", "--force"}).exit_code, 0);
  EXPECT_EQ(predict("other", {"--threshold", "1.5"}).exit_code, 2);
}

}  // namespace
}  // namespace segbench::tests
