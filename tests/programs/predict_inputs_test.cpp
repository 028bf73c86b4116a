// SPDX-License-Identifier: MIT
// What users point `segbench predict` at: damaged and odd images, names of every kind, trials without
// weights.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr, testing::Not;
namespace fs = std::filesystem;

class PredictInputs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    std::string text = tiny_study("tiny", 1);
    text = text.substr(0, text.find("[trials]")) + R"([model]
architecture = "unet"
size = "small"
width = 0.0625
batch_norm_momentum = 0.5
[trials]
seeds = [1]
[run]
threads = 1
)";
    workspace_->write("tiny.toml", text);
    run_ = workspace_->segbench({"run", "tiny.toml"});
  }
  static void TearDownTestSuite() { workspace_.reset(); }
  void SetUp() override { ASSERT_EQ(run_.exit_code, 0) << run_.err; }

  static fs::path trial() { return workspace_->trials("tiny").front(); }
  /// Noise in a file below the workspace, written by way of a plain name.
  static std::string picture(const std::string& name, int height = 20, int width = 30) {
    const fs::path file = workspace_->path() / name, plain = workspace_->path() / "plain.png";
    fs::create_directories(file.parent_path());
    cv::Mat noise(height, width, CV_8UC3);
    cv::theRNG().state = name.size();
    cv::randu(noise, 0, 255);
    EXPECT_TRUE(cv::imwrite(plain.string(), noise));
    fs::rename(plain, file);
    return name;
  }
  static ProcessResult predict(const std::vector<std::string>& images, const std::string& output,
                               const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {"predict", trial(), "-o", output, "--device", "cpu"};
    command.insert(command.end(), images.begin(), images.end());
    command.insert(command.end(), more.begin(), more.end());
    return workspace_->segbench(command);
  }
  static cv::Mat mask(const std::string& output, const std::string& stem) {
    return cv::imread((workspace_->path() / output / (stem + "_mask.png")).string(), cv::IMREAD_UNCHANGED);
  }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult run_;
};

TEST_F(PredictInputs, EveryDamagedOneIsNamedBeforeAnythingIsWritten) {
  const std::string whole = core::read_file(workspace_->path() / picture("whole.png"));
  workspace_->write("cut.png", whole.substr(0, whole.size() / 2));
  workspace_->write("text.png", "no picture\n");
  std::string vast = whole;
  for (const std::size_t at : {16U, 20U}) vast[at] = 0x7f;  // a width and a height of two thousand million
  workspace_->write("vast.png", vast);
  const ProcessResult result =
      predict({"whole.png", "cut.png", "text.png", "vast.png", "absent.png"}, "damaged");
  EXPECT_EQ(result.exit_code, 2);
  for (const char* name : {"cut.png", "text.png", "vast.png", "absent.png"})
    EXPECT_THAT(result.err, HasSubstr(name));
  EXPECT_THAT(result.err, Not(HasSubstr("whole.png")));
  EXPECT_FALSE(fs::exists(workspace_->path() / "damaged"));
}

TEST_F(PredictInputs, WhatOnlyDecodingFindsDamagedKeepsNoneOfTheOthersFromTheirMasks) {
  const std::string whole = core::read_file(workspace_->path() / picture("late/a.png"));
  picture("late/c.png");
  workspace_->write("late/b.png", whole.substr(0, whole.size() / 2));
  const ProcessResult result = predict({"late"}, "late_out");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("late/b.png: "));
  for (const char* stem : {"a", "c"}) EXPECT_EQ(mask("late_out", stem).size(), cv::Size(30, 20)) << stem;
  EXPECT_TRUE(mask("late_out", "b").empty());
}

TEST_F(PredictInputs, AnyNameKeepsItsStem) {
  const std::vector<std::string> stems = {"two words", "it's \"quoted\"", "-dash",         "a\nline",
                                          "größe",     "dots.in.it",      "$(touch made)", "\x1b[31mred"};
  std::vector<std::string> files;
  for (const std::string& stem : stems) files.push_back(picture("names/" + stem + ".png"));
  const ProcessResult result = predict(files, "named", {"--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(core::Json::parse(result.out).size(), stems.size());
  for (const std::string& stem : stems)
    EXPECT_TRUE(fs::exists(workspace_->path() / "named" / (stem + "_mask.png"))) << stem;
  EXPECT_FALSE(fs::exists(workspace_->path() / "made"));
  const ProcessResult shown = predict({files.back()}, "shown");
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b[31m"))) << "no terminal is told what a file is called";
}

TEST_F(PredictInputs, OfOneStemAreRefused) {
  const ProcessResult result = predict({picture("one/same.png"), picture("other/same.png")}, "same");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("same_mask.png"));
  EXPECT_FALSE(fs::exists(workspace_->path() / "same"));
}

TEST_F(PredictInputs, OfAnySizeComeBackAtTheirSize) {
  for (const auto& [height, width] : {std::pair{1, 1}, {3, 200}, {200, 3}, {33, 65}}) {
    const std::string stem = fmt::format("{}x{}", height, width);
    const std::string file = picture(stem + ".png", height, width);
    for (const char* way : {"whole", "tiled"}) {
      const ProcessResult result =
          predict({file}, way,
                  std::string_view(way) == "tiled" ? std::vector<std::string>{"--tiles"}
                                                   : std::vector<std::string>{});
      ASSERT_EQ(result.exit_code, 0) << result.err;
      EXPECT_EQ(mask(way, stem).size(), cv::Size(width, height)) << way;
    }
  }
}

TEST_F(PredictInputs, ListsNameWhatIsMissing) {
  picture("frames/a.png");
  workspace_->write("frames/list.txt", "a.png\r\nb.png\n\n");
  const ProcessResult result = predict({"frames/list.txt"}, "frames_out");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("b.png"));
  workspace_->write("frames/list.txt", "# frames\r\na.png\r\n");
  EXPECT_EQ(predict({"frames/list.txt"}, "frames_out").exit_code, 0);
  workspace_->write("frames/none.txt", "# nothing\n");
  EXPECT_THAT(predict({"frames/none.txt"}, "none").err, HasSubstr("the list names no image"));
}

TEST_F(PredictInputs, ATrialWithoutWeightsSaysSo) {
  const fs::path weights = trial() / core::kWeightsFile, aside = trial() / "aside";
  const std::string file = picture("weightless.png");
  fs::rename(weights, aside);
  const ProcessResult missing = predict({file}, "weightless");
  EXPECT_NE(missing.exit_code, 0);
  EXPECT_THAT(missing.err, HasSubstr(core::kWeightsFile));
  core::write_file_atomically(weights, core::read_file(aside).substr(0, 1000));
  const ProcessResult cut = predict({file}, "weightless");
  EXPECT_NE(cut.exit_code, 0);
  EXPECT_THAT(cut.err, HasSubstr(core::kWeightsFile));
  fs::rename(aside, weights);
  EXPECT_EQ(predict({file}, "weightless").exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"predict", "ffffffffff", file, "-o", "x"}).exit_code, 2);
}

}  // namespace
}  // namespace segbench::tests
