// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/safetensors.h"
#include "tests/train/tiny_trial.h"

// Trials that begin with the weights of a file.

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr;

core::FileChoice choose(const std::filesystem::path& file) {
  return {.path = file.string(), .sha256 = core::sha256_file(file)};
}

/// tiny_variant() beginning with what another trial learned.
core::VariantConfig continued(const std::filesystem::path& weights) {
  core::VariantConfig variant = tiny_variant();
  variant.model.weights = choose(weights);
  return variant;
}

class Pretrained : public testing::Test {
 protected:
  Pretrained() : first_(trials_.add("first")) { EXPECT_EQ(train(first_).exit_code, 0); }
  std::filesystem::path learned() const { return first_ / core::kWeightsFile; }

  TinyTrials trials_;
  std::filesystem::path first_;
};

TEST_F(Pretrained, ATrialBeginsWithWhatAnotherLearned) {
  const auto second = trials_.add("second", continued(learned()));
  const ProcessResult result = train(second);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(event_of(second, "trial").at("initial_weights_sha256"),
            event_of(first_, "finished").at("selected_weights_sha256"));
  const Json event = event_of(second, "weights");
  EXPECT_EQ(event.at("file"), "weights.safetensors");
  EXPECT_EQ(event.at("sha256"), core::sha256_file(learned()));
  EXPECT_EQ(event.at("name_check"), "none");
  EXPECT_EQ(event.at("convention"), "one to one");
  EXPECT_EQ(event.at("tensors"), core::SafetensorsFile(learned()).entries().size());
  EXPECT_LT(event_of(second, "epoch").at("loss"), event_of(first_, "epoch").at("loss"));
  EXPECT_EQ(event_of(trials_.path() / "trials" / "first", "trial").contains("weights"), false);
}

TEST_F(Pretrained, WhatIsExcludedKeepsItsRandomValues) {
  core::VariantConfig variant = continued(learned());
  const core::SafetensorsFile stored(learned());
  const std::string one = stored.entries().begin()->first;
  variant.model.weights_exclude = {one};
  const auto second = trials_.add("second", variant, 2);
  ASSERT_EQ(train(second).exit_code, 0);
  const Json event = event_of(second, "weights");
  EXPECT_EQ(event.at("excluded"), Json({one}));
  EXPECT_EQ(event.at("kept"), Json({one}));
  EXPECT_EQ(event.at("tensors"), stored.entries().size() - 1);
  EXPECT_NE(event_of(second, "trial").at("initial_weights_sha256"),
            event_of(first_, "finished").at("selected_weights_sha256"));
}

TEST_F(Pretrained, GreyImagesGetTheSumOfTheFirstConvolution) {
  TinyData grey;
  grey.channels = 1;
  const TinyTrials grey_trials(grey);
  core::VariantConfig variant = continued(learned());
  variant.data.channels = 1;
  const auto trial = grey_trials.add("grey", variant);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(event_of(trial, "weights").at("folded"), 1);
}

TEST_F(Pretrained, AnotherFileThanPlannedIsRefused) {
  const std::filesystem::path copy = trials_.path() / "copy.safetensors";
  core::write_file_atomically(copy, core::read_file(learned()));
  const auto second = trials_.add("second", continued(copy));
  std::string other = core::read_file(copy);
  other.back() = static_cast<char>(other.back() ^ 1);
  core::write_file_atomically(copy, other);
  EXPECT_NE(train(second).exit_code, 0);
  EXPECT_THAT(last_attempt_event(second, "ended").at("message").get<std::string>(),
              testing::AllOf(HasSubstr("copy.safetensors"), HasSubstr("but the trial was planned with")));
}

TEST_F(Pretrained, AFileOfAnotherNetworkIsRefused) {
  core::VariantConfig variant = continued(learned());
  variant.model.width *= 2;
  const auto second = trials_.add("second", variant);
  EXPECT_NE(train(second).exit_code, 0);
  EXPECT_THAT(last_attempt_event(second, "ended").at("message").get<std::string>(), HasSubstr("has shape"));
}

TEST_F(Pretrained, AStoppedTrialGoesOnToTheSameEnd) {
  core::VariantConfig variant = continued(learned());
  variant.training.epochs = 12;
  const auto alone = trials_.add("alone", variant), stopped = trials_.add("stopped", variant);
  ASSERT_EQ(train(alone).exit_code, 0);
  int attempts = 0;
  for (int code = 1; code != 0 && attempts < 40; ++attempts) {
    Process process(train_command(stopped, {"--checkpoint-seconds", "0"}), stopped);
    if (attempts < 3) {
      for (int i = 0;
           i < 20000 && process.running() && !std::filesystem::exists(stopped / core::kCheckpointFile); ++i)
        ::usleep(1000);
      ::usleep(50'000);
      process.signal(SIGKILL);
    }
    code = process.wait().exit_code;
  }
  EXPECT_GE(attempts, 2);
  EXPECT_EQ(computed_events(stopped), computed_events(alone));
  EXPECT_EQ(core::read_file(stopped / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

}  // namespace
}  // namespace segbench::tests
