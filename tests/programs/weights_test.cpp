// SPDX-License-Identifier: MIT
// Weights: out of one study, read from Python, and into the next one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"
#include "tests/support/http_server.h"
#include "tests/support/python.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The first event of a type; null when there is none.
Json event_of(const std::filesystem::path& trial, const std::string& type) {
  for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type") == type) return event;
  }
  return nullptr;
}

/// tiny_study() of one seed on the U-Net alone, with further lines in [model].
std::string unet_study(const std::string& name, const std::string& model) {
  std::string text = tiny_study(name);
  text.replace(text.find("seeds = [1, 2]"), 14, "seeds = [1]");
  text.erase(text.find("[matrix]"));
  return text + fmt::format(
                    "[model]\narchitecture = \"unet\"\nsize = \"small\"\nwidth = 0.0625\nbatch_norm_momentum "
                    "= 0.5\n{}\n",
                    model);
}

class WeightsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    workspace_->write("first.toml", unet_study("first", ""));
    const ProcessResult result = workspace_->segbench({"run", "first.toml"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const ProcessResult exported =
        workspace_->segbench({"export", "--weights", first().filename(), "learned.safetensors"});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;
  }
  static void TearDownTestSuite() { workspace_.reset(); }
  static std::filesystem::path first() { return workspace_->trials("first").at(0); }

  inline static std::unique_ptr<Workspace> workspace_;
};

TEST_F(WeightsTest, PythonReadsWhatATrialLearned) {
  SEGBENCH_REQUIRE_PYTHON(python, "numpy");
  const std::string script = std::string(SEGBENCH_SOURCE_DIR) + "/docs/read_weights.py";
  const ProcessResult result =
      run_process({python, script, "learned.safetensors", "--npz", "learned.npz"}, workspace_->path());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string sha256 = event_of(first(), "finished").at("selected_weights_sha256");
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("unet: "), HasSubstr("SHA-256 " + sha256), HasSubstr("\tfloat32\t")));
  EXPECT_TRUE(std::filesystem::exists(workspace_->path() / "learned.npz"));
}

TEST_F(WeightsTest, PyTorchReadsThemAndTheyComeBackAsPth) {
  SEGBENCH_REQUIRE_PYTHON(python, "numpy, torch");
  const std::string script = std::string(SEGBENCH_SOURCE_DIR) + "/docs/read_weights.py";
  const ProcessResult result =
      run_process({python, script, "learned.safetensors", "--torch", "learned.pth"}, workspace_->path());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  workspace_->write("pth.toml", unet_study("pth", "weights = \"learned.pth\""));
  const ProcessResult run = workspace_->segbench({"run", "pth.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::filesystem::path trial = workspace_->trials("pth").at(0);
  EXPECT_EQ(event_of(trial, "weights").at("format"), "torch");
  EXPECT_EQ(event_of(trial, "trial").at("initial_weights_sha256"),
            event_of(first(), "finished").at("selected_weights_sha256"));
}

TEST_F(WeightsTest, AStudyGoesOnWithThemAndSaysSo) {
  workspace_->write("second.toml", unet_study("second", "weights = \"learned.safetensors\""));
  const ProcessResult plan = workspace_->segbench({"plan", "second.toml"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.err, HasSubstr("tensors from learned.safetensors (one to one)"));
  const ProcessResult run = workspace_->segbench({"run", "second.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json event = event_of(workspace_->trials("second").at(0), "weights");
  EXPECT_EQ(event.at("file"), "learned.safetensors");
  ASSERT_EQ(workspace_->segbench({"report", "second"}).exit_code, 0);
  const std::string report = core::read_file(workspace_->path() / "runs/second/report/index.html");
  EXPECT_THAT(report,
              AllOf(HasSubstr("pretrained_weights.file"), HasSubstr(event.at("sha256").get<std::string>()),
                    Not(HasSubstr(workspace_->path().string()))));
  EXPECT_EQ(workspace_->segbench({"verify", "second"}).exit_code, 0);
  ASSERT_EQ(workspace_->segbench({"report", "second"}).exit_code, 0);
  EXPECT_THAT(core::read_file(workspace_->path() / "runs/second/report/index.html"),
              HasSubstr("<code>verified</code></th><td class=\"long\">bitwise</td>"));
}

TEST_F(WeightsTest, WhatDoesNotFitIsToldBeforeAnythingIsMade) {
  workspace_->write(
      "wrong.toml",
      unet_study("wrong", "weights = \"learned.safetensors\"\nweights_exclude = [\"nothing*\"]"));
  for (const char* command : {"plan", "run"}) {
    const ProcessResult result = workspace_->segbench({command, "wrong.toml", "--set", "model.width=0.125"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, AllOf(HasSubstr("learned.safetensors"), HasSubstr("has shape"),
                                  HasSubstr("weights_exclude: the pattern \"nothing*\""),
                                  HasSubstr("more of another shape")));
  }
  EXPECT_FALSE(std::filesystem::exists(workspace_->path() / "runs/wrong"));
}

TEST_F(WeightsTest, FreezingEverythingLeavesNothingToTrain) {
  workspace_->write("frozen.toml", unet_study("frozen", "freeze = [\"*\"]"));
  const ProcessResult result = workspace_->segbench({"run", "frozen.toml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("leaves nothing to train"));
}

TEST_F(WeightsTest, ALearningRateOfTheEncoderNeedsAnEncoder) {
  workspace_->write("slow.toml", unet_study("slow", ""));
  const std::vector<std::string> plan = {"plan", "slow.toml", "--set",
                                         "training.encoder_learning_rate_factor=0.1"};
  const ProcessResult without = workspace_->segbench(plan);
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("no layer below \"encoder.\""));
  std::vector<std::string> with = plan;
  with.insert(with.end(), {"--set", "model.encoder=resnet18"});
  EXPECT_EQ(workspace_->segbench(with).exit_code, 0);
}

TEST_F(WeightsTest, AnyonesOwnModelGoesFromItsFileToTheReport) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch");
  run_python(python, R"(
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Conv2d(3, 8, 5, stride=2, padding=2)
        self.head = torch.nn.Conv2d(8, 7, 1)
    def forward(self, x):
        return {'out': self.head(torch.relu(self.body(x)))}
torch.manual_seed(0)
torch.jit.script(Net()).save('model.pt')
torch.save(Net().state_dict(), 'weights.pt')
)",
             workspace_->path());
  std::string text = tiny_study("own");
  text.erase(text.find("[matrix]"));
  workspace_->write("own.toml", text + "[model]\narchitecture = \"torchscript\"\nfile = \"model.pt\"\n");
  const ProcessResult before = workspace_->segbench({"plan", "own.toml", "--format", "json"});
  ASSERT_EQ(before.exit_code, 0) << before.err;
  EXPECT_TRUE(Json::parse(before.out).at(0).at("parameters").is_null());
  const ProcessResult run = workspace_->segbench({"run", "own.toml", "--report"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(std::filesystem::exists(workspace_->path() / "runs/own/report/index.html"));
  EXPECT_EQ(workspace_->segbench({"report", "own", "--check"}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"verify", workspace_->trials("own").at(0).filename()}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"models"}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"models", "torchscript"}).exit_code, 0);
  const ProcessResult onnx =
      workspace_->segbench({"export", "--onnx", workspace_->trials("own").at(0).filename(), "own.onnx"});
  EXPECT_EQ(onnx.exit_code, 2);
  EXPECT_THAT(onnx.err, HasSubstr("a torchscript network has no layers of its own"));
  EXPECT_FALSE(std::filesystem::exists(workspace_->path() / "own.onnx"));
  const ProcessResult wrong = workspace_->segbench({"plan", "own.toml", "--set", "model.file=weights.pt"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("weights without code"));
}

TEST_F(WeightsTest, FetchingChecksTheHash) {
  HttpServer server("not what the name promises");
  const Environment home = {{"XDG_CACHE_HOME", (workspace_->path() / "cache").string()}};
  const ProcessResult wrong = workspace_->segbench(
      {"data", "fetch-weights", "resnet18", "--mirror", server.address() + "/mirror"}, home);
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("/mirror/resnet18-f37072fd.pth"), HasSubstr("expected f37072fd")));
  EXPECT_THAT(server.requests(), testing::ElementsAre("/mirror/resnet18-f37072fd.pth"));
  server.status = 404;
  const ProcessResult absent =
      workspace_->segbench({"data", "fetch-weights", "resnet18", "--mirror", server.address()}, home);
  EXPECT_EQ(absent.exit_code, 1);
  EXPECT_THAT(absent.err, HasSubstr("404"));
  const ProcessResult unknown = workspace_->segbench({"data", "fetch-weights", "resnet51"}, home);
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"resnet"));
  const ProcessResult list =
      workspace_->segbench({"data", "fetch-weights", "--list", "--format", "json"}, home);
  ASSERT_EQ(list.exit_code, 0) << list.err;
  for (const Json& row : Json::parse(list.out)) {
    EXPECT_EQ(row.at("downloaded"), "no");
    EXPECT_TRUE(row.at("address").get<std::string>().starts_with("https://"));
  }
}

}  // namespace
}  // namespace segbench::tests
