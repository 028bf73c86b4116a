// SPDX-License-Identifier: MIT
#include "harness/train/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

using testing::HasSubstr;

Command read(std::vector<std::string> words) {
  return read_command_line(std::move(words), "segbench-worker 7.8, LibTorch 9");
}

std::string refusal_of(std::vector<std::string> words) {
  try {
    read(std::move(words));
  } catch (const core::UserError& error) {
    EXPECT_EQ(error.exit_code(), core::kUsage);
    return error.what();
  }
  return "not refused";
}

TEST(WorkerCommandLine, TrainTakesATrialAndHasDefaults) {
  const auto plain = std::get<TrainWords>(read({"train", "a/trial.json"}));
  EXPECT_EQ(plain.trial_file, "a/trial.json");
  EXPECT_EQ(plain.means.device, "auto");
  EXPECT_EQ(plain.means.threads, 0);
  EXPECT_EQ(plain.checkpoint_seconds, 60);
  EXPECT_EQ(plain.checkpoint_steps, 0);
  EXPECT_EQ(plain.keep_predictions, core::kKeptPredictions);
  EXPECT_EQ(plain.progress_descriptor, -1);
  EXPECT_EQ(plain.keep_weights, "none");
  EXPECT_EQ(plain.pause_after, 0);
  EXPECT_EQ(std::get<TrainWords>(read({"train", "t", "--pause-after", "9"})).pause_after, 9);
  const auto all = std::get<TrainWords>(
      read({"train", "--device", "cuda:1", "--threads=3", "t.json", "--checkpoint-seconds", "0.5",
            "--checkpoint-steps", "7", "--progress-fd", "3", "--keep-predictions", "0", "--keep-weights", "5",
            "--keep-weights-in", "kept"}));
  EXPECT_EQ(all.trial_file, "t.json");
  EXPECT_EQ(all.means.device, "cuda:1");
  EXPECT_EQ(all.means.threads, 3);
  EXPECT_EQ(all.checkpoint_seconds, 0.5);
  EXPECT_EQ(all.checkpoint_steps, 7);
  EXPECT_EQ(all.progress_descriptor, 3);
  EXPECT_EQ(all.keep_predictions, 0);
  EXPECT_EQ(all.keep_weights, "5");
  EXPECT_EQ(all.keep_weights_in, "kept");
  EXPECT_EQ(std::get<TrainWords>(read({"train", "t", "--threads", "3", "--threads", "4"})).means.threads, 4);
}

TEST(WorkerCommandLine, PredictProbeAndEnvironment) {
  const auto predict = std::get<PredictWords>(
      read({"predict", "--weights", "w", "--images=i=j", "--out", "o", "--threshold", "0.25"}));
  EXPECT_EQ(predict.by.weights, "w");
  EXPECT_EQ(predict.images, "i=j");
  EXPECT_EQ(predict.out, "o");
  EXPECT_EQ(predict.by.trial_file, "");
  EXPECT_EQ(predict.by.threshold, 0.25);
  const auto predictor =
      std::get<PredictorWords>(read({"predictor", "--weights", "w", "--member", "m", "--engine", "plan"}));
  EXPECT_EQ(predictor.weights, "w");
  EXPECT_EQ(predictor.members, std::vector<std::filesystem::path>{"m"});
  EXPECT_EQ(predictor.engine, "plan");
  EXPECT_EQ(predictor.threshold, std::nullopt);
  const std::string json = R"({"variant": [1, "a b"], "height": -2})";
  EXPECT_EQ(std::get<ProbeWords>(read({"probe", json})).request, json);
  EXPECT_EQ(std::get<EnvironmentWords>(read({"environment", "--device", "cpu"})).means.device, "cpu");
}

TEST(WorkerCommandLine, ConformanceAndBare) {
  const auto all = std::get<ConformanceWords>(read({"conformance"}));
  EXPECT_TRUE(all.only.empty());
  EXPECT_EQ(std::pair(all.share, all.shares), std::pair(1, 1));
  const auto some = std::get<ConformanceWords>(
      read({"conformance", "--device", "cuda:1", "--only", "unet", "--only", "losses", "--share", "2/4"}));
  EXPECT_EQ(some.means.device, "cuda:1");
  EXPECT_EQ(some.only, (std::vector<std::string>{"unet", "losses"}));
  EXPECT_EQ(std::pair(some.share, some.shares), std::pair(2, 4));
  for (const char* share : {"0/4", "5/4", "2", "2/x", "1/2/3", "/"})
    EXPECT_THAT(refusal_of({"conformance", "--share", share}), HasSubstr("is no share such as 2/4")) << share;
  EXPECT_EQ(std::get<BareWords>(read({"bare", "t.json", "--epochs", "7"})).epochs, 7);
  EXPECT_THAT(refusal_of({"bare"}), HasSubstr("TRIAL_JSON"));
}

TEST(WorkerCommandLine, HelpAndVersion) {
  const std::string help = std::get<Notice>(read({"--help"})).text;
  for (const char* word :
       {"train", "predict", "predictor", "probe", "environment", "conformance", "bare", "Exit codes: 0 done"})
    EXPECT_THAT(help, HasSubstr(word));
  const std::string train = std::get<Notice>(read({"train", "--help"})).text;
  for (const char* word :
       {"TRIAL_JSON", "--device", "--threads", "--checkpoint-seconds", "--checkpoint-steps", "--progress-fd",
        "--keep-predictions", "--keep-weights", "--keep-weights-in", "--pause-after"})
    EXPECT_THAT(train, HasSubstr(word));
  EXPECT_EQ(std::get<Notice>(read({"--version"})).text, "segbench-worker 7.8, LibTorch 9\n");
}

TEST(WorkerCommandLine, RefusesWhatItCannotUse) {
  EXPECT_THAT(refusal_of({}), HasSubstr("unknown command \"\""));
  EXPECT_THAT(refusal_of({"trian"}), HasSubstr("(did you mean \"train\"?)"));
  EXPECT_THAT(refusal_of({"train"}), HasSubstr("TRIAL_JSON is required"));
  EXPECT_THAT(refusal_of({"train", "a", "b"}), HasSubstr("b"));
  EXPECT_THAT(refusal_of({"train", "a", "--thread", "3"}), HasSubstr("--thread"));
  EXPECT_THAT(refusal_of({"train", "a", "--threads"}), HasSubstr("--threads"));
  EXPECT_THAT(refusal_of({"predict", "--weights", "w", "--images", "i"}), HasSubstr("--out is required"));
  EXPECT_THAT(refusal_of({"probe"}), HasSubstr("JSON is required"));
  for (const char* bad : {"-1", "two", "2x", "", "1e99999", "nan", " 2"}) {
    for (const char* option : {"--threads", "--checkpoint-steps", "--keep-predictions"})
      EXPECT_THAT(refusal_of({"train", "a", option, bad}), HasSubstr("is not an integer of at least 0"))
          << bad;
    EXPECT_THAT(refusal_of({"train", "a", "--checkpoint-seconds", bad}),
                HasSubstr("is not a number of at least 0"))
        << bad;
  }
}

}  // namespace
}  // namespace segbench::train
