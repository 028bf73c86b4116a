// SPDX-License-Identifier: MIT
// `segbench predict --engine`: engines of all kinds, right, wrong, dying and slow ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"
#include "tests/support/python.h"

namespace segbench::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr, testing::Not;
namespace fs = std::filesystem;

constexpr int kImages = 11;  // a batch of 8 and one of 3

/// An engine that relays the protocol to another one, and spoils what comes back.
constexpr const char* kRelay = R"(import json, os, subprocess, sys, time
mode, command = sys.argv[1], sys.argv[2:]
inner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
outputs = 0
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "quit":
        break
    inner.stdin.write(line)
    inner.stdin.flush()
    reply = inner.stdout.readline()
    if request["do"] == "output":
        outputs += 1
        if mode == "wrong":
            with open(request["file"], "r+b") as file:
                file.write(bytes(os.path.getsize(request["file"])))
        if mode == "dies" and outputs == 3:
            sys.exit("the engine has had enough")
        if mode == "slow":
            time.sleep(0.5)
    print(reply, end="", flush=True)
)";

class PredictByEngine : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    std::string text = tiny_study("tiny", 2);
    text = text.substr(0, text.find("[trials]")) + kTwoAndTheirMean + R"([trials]
seeds = [1]
[run]
threads = 1
device = "cpu"
)";
    workspace_->write("tiny.toml", text);
    workspace_->write("relay.py", kRelay);
    for (int i = 0; i < kImages; ++i) {
      cv::Mat blocks(48, 64, CV_8UC3);
      cv::RNG colours(static_cast<std::uint64_t>(i) + 1);
      for (int y = 0; y < 48; y += 8) {
        for (int x = 0; x < 64; x += 8)
          blocks(cv::Rect(x, y, 8, 8)) =
              cv::Scalar(colours.uniform(0, 256), colours.uniform(0, 256), colours.uniform(0, 256));
      }
      fs::create_directories(workspace_->path() / "images");
      ASSERT_TRUE(cv::imwrite((workspace_->path() / fmt::format("images/p{:02}.png", i)).string(), blocks));
    }
    run_ = workspace_->segbench({"run", "tiny.toml"});
  }
  static void TearDownTestSuite() { workspace_.reset(); }
  void SetUp() override { ASSERT_EQ(run_.exit_code, 0) << run_.err; }

  /// The trial with this label.
  static fs::path trial(const std::string& label) {
    for (const auto& folder : workspace_->trials("tiny")) {
      if (core::read_trial_spec(folder / core::kTrialFile).variant_label == label) return folder;
    }
    return {};
  }
  static std::vector<std::string> words(const fs::path& trial, const std::string& output,
                                        const std::vector<std::string>& more) {
    std::vector<std::string> words = {"predict", trial.string(), "images", "-o",
                                      output,    "--device",     "cpu",    "--force"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// Without engines in Python, which depend on the machine.
  static ProcessResult predict(const fs::path& trial, const std::string& output,
                               const std::vector<std::string>& more) {
    return workspace_->segbench(words(trial, output, more), {{"SEGBENCH_PYTHON", "/no/python"}});
  }
  static std::string relay(const std::string& python, const std::string& mode) {
    return fmt::format("mine={} {} {} {} engine plan", python, (workspace_->path() / "relay.py").string(),
                       mode, SEGBENCH_BINARY_DIR "/segbench-worker");
  }
  /// Pixels that differ between two folders of masks, and those that are not of class 0 in the first one.
  static std::pair<int, int> differences(const std::string& a, const std::string& b) {
    int differ = 0, set = 0;
    for (int i = 0; i < kImages; ++i) {
      const auto read = [&](const std::string& folder) {
        return cv::imread((workspace_->path() / folder / fmt::format("p{:02}_mask.png", i)).string(),
                          cv::IMREAD_UNCHANGED);
      };
      const cv::Mat one = read(a), other = read(b);
      EXPECT_EQ(one.size(), other.size()) << a << b << i;
      if (one.size() != other.size() || one.empty()) return {1 << 20, 0};
      differ += cv::countNonZero(one != other), set += cv::countNonZero(one);
    }
    return {differ, set};
  }
  static bool leaves_nothing(const std::string& output) {
    for (const auto& entry : fs::directory_iterator(workspace_->path() / output)) {
      if (entry.path().extension() != ".png") return false;
    }
    return true;
  }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult run_;
};

TEST_F(PredictByEngine, AProgramGivesTheMasksOfEager) {
  for (const char* label : {"a", "both"}) {
    ASSERT_EQ(predict(trial(label), "eager", {"--engine", "eager"}).exit_code, 0);
    const ProcessResult by_program = predict(trial(label), "opencv", {"--engine", "opencv_dnn"});
    ASSERT_EQ(by_program.exit_code, 0) << by_program.err;
    EXPECT_THAT(by_program.err, HasSubstr("engine opencv_dnn; on the first batch "));
    const auto [differ, set] = differences("eager", "opencv");
    EXPECT_LE(differ, 4) << label << ", but for ties of rounding";
    EXPECT_GT(set, 0) << "masks of one class compare nothing";
    EXPECT_TRUE(leaves_nothing("opencv"));
  }
}

TEST_F(PredictByEngine, AutoChoosesOnceAndRemembers) {
  const fs::path of = trial("a"), file = of / "predict_engines.json";
  ASSERT_EQ(predict(of, "eager", {"--engine", "eager"}).exit_code, 0);
  const ProcessResult first = predict(of, "first", {"--engine", "auto"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("opencv_dnn"));
  EXPECT_THAT(first.err, HasSubstr("ms a batch of 8"));
  const core::Json choices = core::Json::parse(core::read_file(file));
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices[0].at("for").at("batch"), 8);
  double fastest = 1e9;
  for (const core::Json& tried : choices[0].at("tried")) {
    if (tried.at("seconds").is_number()) fastest = std::min(fastest, tried.at("seconds").get<double>());
  }
  for (const core::Json& tried : choices[0].at("tried")) {
    EXPECT_TRUE(tried.at("engine") != choices[0].at("engine") || tried.at("seconds") == fastest);
  }
  EXPECT_LE(differences("eager", "first").first, 4);
  const ProcessResult second = predict(of, "second", {"--engine", "auto"});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("predict_engines.json says"));
  EXPECT_EQ(differences("first", "second").first, 0);
  EXPECT_EQ(core::Json::parse(core::read_file(file)), choices);

  core::Json stale = choices;
  stale[0]["engine"] = "opencv_dnn", stale[0]["version"] = "an older one";
  core::write_file_atomically(file, stale.dump());
  const ProcessResult third = predict(of, "third", {"--engine", "auto"});
  ASSERT_EQ(third.exit_code, 0) << third.err;
  EXPECT_THAT(third.err, Not(HasSubstr("predict_engines.json says"))) << "another version may be slower";
  core::Json edited = choices;
  edited[0]["engine"] = 7, edited[0]["version"] = {"no", "text"};
  core::write_file_atomically(file, edited.dump());
  const ProcessResult anew = predict(of, "anew", {"--engine", "auto"});
  ASSERT_EQ(anew.exit_code, 0) << anew.err;
  EXPECT_EQ(core::Json::parse(core::read_file(file)).size(), 1U) << "the entry that says nothing is replaced";
  const ProcessResult small = predict(of, "small", {"--engine", "auto", "--batch", "2"});
  ASSERT_EQ(small.exit_code, 0) << small.err;
  EXPECT_EQ(core::Json::parse(core::read_file(file)).size(), 2U) << "one for each size of batch";
}

TEST_F(PredictByEngine, AnUnknownOneIsToldWithThoseThatAreKnown) {
  const ProcessResult result = predict(trial("a"), "unknown", {"--engine", "opencv_dn"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("(did you mean \"opencv_dnn\"?)"));
  EXPECT_THAT(result.err, HasSubstr("auto, eager, plan, torchscript"));
  const ProcessResult missing = predict(trial("a"), "unknown", {"--engine", "mnn"});
  EXPECT_NE(missing.exit_code, 0);
  EXPECT_THAT(missing.err, HasSubstr("pip install MNN"));
}

TEST_F(PredictByEngine, OnesOwnIsTakenIfItIsRight) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  ASSERT_EQ(predict(trial("a"), "eager", {"--engine", "eager"}).exit_code, 0);
  const ProcessResult right =
      predict(trial("a"), "mine", {"--engine", "mine", "--engine-command", relay(python, "right")});
  ASSERT_EQ(right.exit_code, 0) << right.err;
  EXPECT_LE(differences("eager", "mine").first, 4);
  const ProcessResult wrong =
      predict(trial("a"), "wrong", {"--engine", "mine", "--engine-command", relay(python, "wrong")});
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_THAT(wrong.err, HasSubstr("the engine \"mine\" cannot be used here: its logits differ"));
  EXPECT_TRUE(leaves_nothing("wrong"));
  const ProcessResult automatic =
      predict(trial("b"), "auto", {"--engine", "auto", "--engine-command", relay(python, "wrong")});
  ASSERT_EQ(automatic.exit_code, 0) << automatic.err;
  EXPECT_THAT(automatic.err, HasSubstr("mine is wrong here"));
}

TEST_F(PredictByEngine, OneThatDiesIsNamedAndLeavesWholeMasks) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const ProcessResult result = predict(
      trial("a"), "dies", {"--engine", "mine", "--batch", "4", "--engine-command", relay(python, "dies")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("mine: it ended with exit code 1: the engine has had enough"));
  EXPECT_TRUE(leaves_nothing("dies"));
}

TEST_F(PredictByEngine, AnInterruptLeavesWholeMasksAndNoProcess) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  Process process(workspace_->command(
                      words(trial("a"), "stopped",
                            {"--engine", "mine", "--batch", "1", "--engine-command", relay(python, "slow")})),
                  workspace_->path());
  const fs::path first = workspace_->path() / "stopped/p00_overlay.png";
  for (int i = 0; i < 1200 && process.running() && !fs::exists(first); ++i) std::this_thread::sleep_for(50ms);
  process.signal(SIGTERM);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted"));
  EXPECT_TRUE(fs::exists(first));
  EXPECT_FALSE(fs::exists(workspace_->path() / "stopped/p10_mask.png"));
  EXPECT_TRUE(leaves_nothing("stopped"));
}

}  // namespace
}  // namespace segbench::tests
