// SPDX-License-Identifier: MIT
// Anyone's own model: TorchScript modules made here and by Python.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <torch/script.h>
#include <unistd.h>

#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "tests/support/python.h"
#include "tests/train/tiny_trial.h"

namespace segbench::tests {
namespace {

using architectures::NetworkOptions;
using testing::AllOf;
using testing::HasSubstr;

/// A module of one convolution with `outputs` filters whose forward is `body`: y is the convolution's output.
void save_module(const std::filesystem::path& file, const std::string& body, int outputs = 3) {
  torch::manual_seed(3);
  torch::jit::Module module("tiny");
  const auto parameter = [](const torch::Tensor& values) { return values.detach().requires_grad_(true); };
  module.register_parameter("weight", parameter(torch::randn({outputs, 3, 1, 1}) * 0.3), /*is_buffer=*/false);
  module.register_parameter("bias", parameter(torch::zeros({outputs})), /*is_buffer=*/false);
  module.register_buffer("steps", torch::zeros({1}));
  module.define("def forward(self, x):\n  y = torch.conv2d(x, self.weight, self.bias)\n  " + body + "\n");
  module.save(file.string());
}

NetworkOptions options_of(const std::filesystem::path& file, int outputs = 3) {
  NetworkOptions options;
  options.architecture = architectures::kTorchScript;
  options.num_outputs = outputs;
  options.image_height = 12;
  options.image_width = 10;
  options.file = core::FileChoice{.path = file.string(), .sha256 = core::sha256_file(file)};
  return options;
}

std::string refusal(const NetworkOptions& options) {
  try {
    architectures::make_network(options, 1);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

class TorchScript : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "model.pt"; }
  TemporaryFolder folder_;
};

TEST_F(TorchScript, FrozenGivesTheSameLogitsWhateverTheFormOfItsOutput) {
  const torch::Tensor images = torch::rand({2, 3, 12, 10});
  for (const char* body :
       {"return y", "return {\"out\": torch.max_pool2d(torch.relu(y), [2, 2])}", "return (y, x)"}) {
    save_module(file(), body);
    const NetworkOptions options = options_of(file());
    const torch::NoGradGuard no_grad;
    const torch::Tensor expected = architectures::load_torchscript(options)->forward(images);
    const auto frozen =
        architectures::freeze_torchscript(options, {.execution = architectures::Execution::kScript});
    const torch::Tensor found = frozen->forward(images);
    EXPECT_TRUE(found.allclose(expected, 1e-5, 1e-6)) << body;
    EXPECT_TRUE(frozen->parameters().empty()) << "its weights are constants";
  }
  core::write_file_atomically(file(), "no module");
  EXPECT_THROW(architectures::freeze_torchscript(options_of(file()), {}), core::UserError);
}

TEST_F(TorchScript, EveryFormOfOutputIsRecognised) {
  const torch::Tensor x = torch::arange(2 * 3 * 12 * 10, torch::kFloat).view({2, 3, 12, 10}) / 300;
  save_module(file(), "return y");
  const torch::Tensor expected = architectures::make_network(options_of(file()), 1)->forward(x);
  EXPECT_EQ(expected.sizes().vec(), (std::vector<std::int64_t>{2, 3, 12, 10}));
  for (const char* body :
       {"return {'out': y}", "return {'aux': x, 'logits': y}", "return (y, x)", "return [y, x]"}) {
    save_module(file(), body);
    EXPECT_TRUE(torch::equal(architectures::make_network(options_of(file()), 1)->forward(x), expected))
        << body;
  }
  save_module(file(), "return torch.avg_pool2d(y, [2, 2])");
  EXPECT_EQ(architectures::make_network(options_of(file()), 1)->forward(x).sizes(), expected.sizes());
}

TEST_F(TorchScript, OtherOutputsAreRefusedBeforeTraining) {
  save_module(file(), "return y", 5);
  EXPECT_THAT(refusal(options_of(file())),
              AllOf(HasSubstr("model.pt"), HasSubstr("[1, 5, 12, 10]"), HasSubstr("[1, 3,")));
  save_module(file(), "return y.mean()");
  EXPECT_THAT(refusal(options_of(file())), HasSubstr("one channel per class"));
  for (const char* body : {"return 1", "return {'other': y}", "return 'y'"}) {
    save_module(file(), body);
    EXPECT_THAT(refusal(options_of(file())), HasSubstr("returns something else")) << body;
  }
  save_module(file(), "return torch.conv2d(y, torch.ones([1, 99, 1, 1]))");
  EXPECT_THAT(refusal(options_of(file())),
              AllOf(HasSubstr("model.pt"), HasSubstr("cannot take images [1, 3, 12, 10]"),
                    HasSubstr("evaluation mode"), HasSubstr("99"), testing::Not(HasSubstr("interpreter"))));
  save_module(file(), "return y.double()");
  EXPECT_THAT(refusal(options_of(file())), AllOf(HasSubstr("Double"), HasSubstr("float32")));
  save_module(file(), "return y.argmax(1, True).expand([x.size(0), 3, x.size(2), x.size(3)])");
  EXPECT_THAT(refusal(options_of(file())), AllOf(HasSubstr("Long"), HasSubstr("argmax")));
}

std::string probed(const NetworkOptions& options) {
  try {
    architectures::probe_torchscript(options, 4, {4, 2});
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_F(TorchScript, IsTriedAsATrialWouldUseIt) {
  save_module(file(), "return y");
  EXPECT_EQ(probed(options_of(file())), "accepted");
  save_module(file(), "return torch.reshape(y, [1, 3, 12, 10])");  // traced with one image
  EXPECT_THAT(probed(options_of(file())),
              AllOf(HasSubstr("[4, 3, 12, 10]"), HasSubstr("shape '[1, 3, 12, 10]'")));
  save_module(file(), "return torch.reshape(y, [1 if x.size(0) == 1 else 4, 3, 12, 10])");
  EXPECT_THAT(probed(options_of(file())), AllOf(HasSubstr("[2, 3, 12, 10]"), HasSubstr("training mode")));
  save_module(file(), "return y.detach()");
  EXPECT_THAT(probed(options_of(file())), AllOf(HasSubstr("model.pt"), HasSubstr("no gradient")));
  NetworkOptions frozen = options_of(file());
  frozen.freeze = {"*"};
  EXPECT_EQ(probed(frozen), "accepted");
}

TEST_F(TorchScript, OtherTypesOfWeightsAreRefused) {
  torch::jit::Module module("half");
  module.register_parameter("weight", torch::zeros({3}, torch::kHalf), /*is_buffer=*/false);
  module.define("def forward(self, x):\n  return x + self.weight.float().view([1, 3, 1, 1])\n");
  module.save(file().string());
  EXPECT_THAT(refusal(options_of(file())),
              AllOf(HasSubstr("weight"), HasSubstr("Half"), HasSubstr("module.float()")));
}

TEST(CauseOf, FindsTheInnermostSentence) {
  using architectures::cause_of;
  EXPECT_EQ(
      cause_of("The following operation failed in the TorchScript interpreter.\nTraceback of TorchScript "
               "(most recent call last):\n  File \"<string>\", line 3, in forward\n    return a\n           "
               "~ <--- HERE\nRuntimeError: shape '[1]' is invalid\n"),
      "RuntimeError: shape '[1]' is invalid");
  EXPECT_EQ(cause_of("The following operation failed in the TorchScript interpreter.\n  line\n  the end \n"),
            "  the end");
  EXPECT_EQ(cause_of("not enough memory\nframe 1"), "not enough memory");
  EXPECT_EQ(cause_of("a CUDA Error: in words"), "a CUDA Error: in words");
}

TEST_F(TorchScript, OtherFilesAreRefused) {
  save_module(file(), "return y");
  NetworkOptions options = options_of(file());
  options.file->sha256 = core::sha256_hex("another");
  EXPECT_THAT(refusal(options), HasSubstr("but the trial was planned with"));
  const std::string whole = core::read_file(file());
  for (const std::string& content :
       {whole.substr(0, whole.size() / 2), std::string("hello"), std::string()}) {
    core::write_file_atomically(file(), content);
    EXPECT_THAT(refusal(options_of(file())), HasSubstr("not a TorchScript module"));
  }
}

TEST_F(TorchScript, ItsTensorsHaveItsNamesAndPatternsFreezeThem) {
  save_module(file(), "return y");
  NetworkOptions options = options_of(file());
  std::vector<std::string> names;
  for (const auto& [name, tensor] : architectures::named_tensors(*architectures::make_network(options, 1))) {
    names.push_back(name);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("weight", "bias", "steps"));
  options.freeze = {"wei*"};
  const auto network = architectures::make_network(options, 1);
  const architectures::NetworkSummary summary = architectures::summarise_torchscript(*network);
  EXPECT_EQ(summary.trainable, 3);
  EXPECT_EQ(summary.non_trainable, 9 + 1);
  options.freeze = {"nothing*"};
  EXPECT_THAT(refusal(options), HasSubstr("no parameter that fits"));
}

core::VariantConfig variant_of(const std::filesystem::path& file) {
  core::VariantConfig variant = tiny_variant();
  variant.model = {.architecture = architectures::kTorchScript, .size = "full", .width = 1.0};
  variant.model.file = core::FileChoice{.path = file.string(), .sha256 = core::sha256_file(file)};
  variant.training.optimizer.params["learning_rate"] = 0.05;
  return variant;
}

TEST_F(TorchScript, ATrialFineTunesItAndGoesOnAfterAStop) {
  save_module(file(), "return {'out': torch.relu(y) - torch.relu(-y)}");
  const TinyTrials trials;
  core::VariantConfig variant = variant_of(file());
  variant.training.epochs = 12;
  const auto alone = trials.add("alone", variant), stopped = trials.add("stopped", variant);
  const ProcessResult result = train(alone);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(event_of(alone, "trial").at("parameters"), 3 * 3 + 3 + 1);
  EXPECT_EQ(event_of(alone, "trial").at("trainable_parameters"), 3 * 3 + 3);
  EXPECT_TRUE(event_of(alone, "trial").at("macs").is_null());
  EXPECT_NE(event_of(alone, "trial").at("initial_weights_sha256"),
            event_of(alone, "finished").at("weights_sha256"));
  for (int attempt = 0, code = 1; code != 0 && attempt < 30; ++attempt) {
    Process process(train_command(stopped, {"--checkpoint-seconds", "0"}), stopped);
    if (attempt < 3) {
      for (int i = 0;
           i < 20000 && process.running() && !std::filesystem::exists(stopped / core::kCheckpointFile); ++i)
        ::usleep(1000);
      process.signal(SIGKILL);
    }
    code = process.wait().exit_code;
  }
  EXPECT_EQ(computed_events(stopped), computed_events(alone));
}

TEST_F(TorchScript, AModuleWithoutParametersIsEvaluated) {
  torch::jit::Module module("fixed");
  module.define("def forward(self, x):\n  return torch.cat([x[:, :1], x[:, 1:2], x[:, 2:3]], 1)\n");
  module.save(file().string());
  const TinyTrials trials;
  const auto trial = trials.add("fixed", variant_of(file()));
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(event_of(trial, "trial").at("parameters"), 0);
}

TEST_F(TorchScript, WhatPythonExportsTrains) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch");
  run_python(python, R"(
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, stride=2, padding=1), torch.nn.BatchNorm2d(8),
                                        torch.nn.ReLU(), torch.nn.Dropout(0.1))
        self.head = torch.nn.Conv2d(8, 3, 1)
    def forward(self, x):
        return {'out': self.head(self.body(x)), 'features': x}
torch.manual_seed(0)
torch.jit.script(Net()).save('model.pt')
)",
             folder_.path());
  const TinyTrials trials;
  const auto first = trials.add("first", variant_of(file())),
             second = trials.add("second", variant_of(file()));
  const ProcessResult result = train(first);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(train(second).exit_code, 0);
  EXPECT_EQ(computed_events(first), computed_events(second));
  EXPECT_LT(event_of(first, "finished").at("epochs").get<int>(), 100);
}

}  // namespace
}  // namespace segbench::tests
