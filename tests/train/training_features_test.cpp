// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/files.h"
#include "harness/core/safetensors.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

// What the settings of training beside loss and optimizer do to whole trials, run by the built worker.

namespace segbench::tests {
namespace {

using core::Json;

std::vector<std::string> file_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    names.push_back(file.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// The largest difference between tensors of two files whose names begin with `prefix`.
double largest_difference(const std::filesystem::path& a, const std::filesystem::path& b,
                          const std::string& prefix) {
  const core::SafetensorsFile one(a), other(b);
  double largest = 0;
  int compared = 0;
  for (const auto& [name, entry] : one.entries()) {
    if (!name.starts_with(prefix) || entry.dtype != "F32" || name.find("running") != std::string::npos)
      continue;
    const auto* x = reinterpret_cast<const float*>(entry.data.data());
    const auto* y = reinterpret_cast<const float*>(other.entries().at(name).data.data());
    for (std::size_t i = 0; i < entry.data.size() / sizeof(float); ++i)
      largest = std::max(largest, std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
    ++compared;
  }
  EXPECT_GT(compared, 0) << prefix;
  return largest;
}

/// A network that treats each image alone, with a loss that is a mean over images of one size.
core::VariantConfig of_images_alone(std::int64_t batch_size) {
  core::VariantConfig variant = tiny_variant();
  variant.model = {.architecture = "fcn", .size = "small", .width = 0.05, .params = {{"dropout", 0.0}}};
  variant.training.loss = {"cross_entropy", {{"weight_normalisation", "all_pixels"}}};
  variant.training.optimizer = {"sgd", {{"learning_rate", 0.05}, {"momentum", 0.9}, {"decay", 0.01}}};
  variant.training.batch_size = batch_size;
  return variant;
}

TEST(GradientAccumulation, MakesOneLargeBatchOfSmallOnes) {
  const TinyTrials trials;
  core::VariantConfig small = of_images_alone(2);
  small.training.accumulate_batches = 2;
  const auto large = trials.add("large", of_images_alone(4)), accumulated = trials.add("small", small);
  ASSERT_EQ(train(large).exit_code, 0);
  ASSERT_EQ(train(accumulated).exit_code, 0);
  const auto expected = events_of(large, "epoch"), found = events_of(accumulated, "epoch");
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].at("steps"), 7);
    EXPECT_EQ(found[i].at("learning_rate"), expected[i].at("learning_rate")) << "as many updates";
    EXPECT_NEAR(found[i].at("loss").get<double>(), expected[i].at("loss").get<double>(), 1e-5);
  }
  EXPECT_LT(largest_difference(large / core::kWeightsFile, accumulated / core::kWeightsFile, ""), 1e-5);
}

TEST(GradientClipping, BoundsTheFirstStep) {
  const TinyTrials trials;
  core::VariantConfig clipped = of_images_alone(13);  // one step an epoch
  clipped.training.optimizer = {"sgd", {{"learning_rate", 1.0}}};
  clipped.training.epochs = 2;
  clipped.training.gradient_clip_norm = 1e-3;
  const auto trial = trials.add("clipped", clipped);
  ASSERT_EQ(train(trial, {"--keep-weights", "every_epoch"}).exit_code, 0);
  const auto first = trial / "epochs" / "epoch-0001.safetensors",
             second = trial / "epochs" / "epoch-0002.safetensors";
  const double moved = largest_difference(first, second, "");
  EXPECT_GT(moved, 1e-5);
  EXPECT_LE(moved, 1e-3) << "no number moves by more than the norm of all";
}

TEST(EncoderLearningRate, IsThatOfTheLayersBelowEncoder) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.model = {
      .architecture = "linknet", .size = "full", .width = 0.125, .params = {{"encoder", "resnet18"}}};
  variant.training.epochs = 2;
  variant.training.encoder_learning_rate_factor = 1e-9;
  const auto trial = trials.add("slow_encoder", variant);
  const ProcessResult result = train(trial, {"--keep-weights", "every_epoch"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto first = trial / "epochs" / "epoch-0001.safetensors",
             second = trial / "epochs" / "epoch-0002.safetensors";
  EXPECT_LT(largest_difference(first, second, "encoder."), 1e-7);
  EXPECT_GT(largest_difference(first, second, ""), 1e-3);
}

TEST(EncoderLearningRate, NeedsAnEncoder) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.encoder_learning_rate_factor = 0.1;
  const ProcessResult result = train(trials.add("without", variant));
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err, testing::HasSubstr("no layer below \"encoder.\""));
}

TEST(MovingAverage, IsWhatIsEvaluatedKeptAndTested) {
  const TinyTrials trials;
  for (const char* select : {"last", "best"}) {
    core::VariantConfig variant = tiny_variant();
    variant.training.moving_average = 0.9;
    variant.training.select = select;
    const auto trial = trials.add(std::string("averaged_") + select, variant);
    ASSERT_EQ(train(trial, {"--keep-weights", "every_epoch"}).exit_code, 0);
    const Json finished = event_of(trial, "finished");
    EXPECT_NE(finished.at("weights_sha256"), finished.at("selected_weights_sha256"));
    const std::int64_t epoch = finished.at("selected_epoch");
    EXPECT_EQ(core::read_file(trial / core::kWeightsFile),
              core::read_file(trial / "epochs" / fmt::format("epoch-{:04}.safetensors", epoch)));
    for (const Json& event : events_of(trial, "evaluation")) {
      if (event.at("epoch") != epoch || event.at("split") != "selection") continue;
      EXPECT_EQ(event.at("tp"), events_of(trial, "evaluation")[static_cast<std::size_t>(epoch) - 1].at("tp"))
          << "the selected epoch was evaluated with other weights";
    }
  }
}

TEST(MovingAverage, DoesNotChangeWhatIsTrained) {
  const TinyTrials trials;
  core::VariantConfig averaged = tiny_variant();
  averaged.training.moving_average = 0.9;
  const auto with = trials.add("with", averaged), without = trials.add("without");
  ASSERT_EQ(train(with).exit_code, 0);
  ASSERT_EQ(train(without).exit_code, 0);
  EXPECT_EQ(event_of(with, "finished").at("weights_sha256"),
            event_of(without, "finished").at("weights_sha256"));
}

TEST(Stopping, AtAWantedMetric) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.select_by = "loss";
  variant.training.stop_at = 1000.0;
  const auto trial = trials.add("reached", variant);
  ASSERT_EQ(train(trial).exit_code, 0);
  const Json finished = event_of(trial, "finished");
  EXPECT_EQ(finished.at("epochs"), 1);
  EXPECT_EQ(finished.at("stopped"), "stop_at");
  EXPECT_EQ(events_of(trial, "epoch").size(), 1U);
  EXPECT_EQ(last_attempt_event(trial, "ended").at("status"), "complete");
  ASSERT_EQ(train(trial).exit_code, 0) << "a trial that has stopped is complete";
  EXPECT_EQ(events_of(trial, "epoch").size(), 1U);
}

TEST(Stopping, WhereNothingImproves) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 9;
  variant.training.early_stopping_patience = 2;
  variant.training.early_stopping_min_delta = 1.0;  // no IoU improves by as much
  const auto trial = trials.add("early", variant);
  ASSERT_EQ(train(trial).exit_code, 0);
  EXPECT_EQ(event_of(trial, "finished").at("epochs"), 3);
  EXPECT_EQ(event_of(trial, "finished").at("stopped"), "early_stopping");
  EXPECT_FALSE(events_of(trial, "image").empty()) << "it is tested";
}

TEST(VoidPixels, AloneHaveNoLoss) {
  const TinyTrials trials(TinyData{.is_void = true});
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 1;
  const std::filesystem::path trial = trials.add("void", variant);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(event_of(trial, "epoch").at("loss").is_null());
  EXPECT_TRUE(event_of(trial, "evaluation").at("loss").is_null());
}

TEST(KeptWeights, OfEveryEpochWhereTheUserNames) {
  const TinyTrials trials;
  const auto trial = trials.add("kept"), folder = trials.path() / "named";
  ASSERT_EQ(train(trial, {"--keep-weights", "every_epoch", "--keep-weights-in", folder.string()}).exit_code,
            0);
  const auto kept = folder / "tiny" / trials.spec().trial_id;
  EXPECT_EQ(file_names(kept), (std::vector<std::string>{"epoch-0001.safetensors", "epoch-0002.safetensors",
                                                        "epoch-0003.safetensors"}));
  const std::int64_t selected = event_of(trial, "selected").at("epoch");
  EXPECT_EQ(core::read_file(kept / fmt::format("epoch-{:04}.safetensors", selected)),
            core::read_file(trial / core::kWeightsFile));
}

TEST(KeptWeights, OfTheBestEpochs) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 6;
  variant.training.select_by = "loss";
  const auto trial = trials.add("best", variant);
  ASSERT_EQ(train(trial, {"--keep-weights", "2"}).exit_code, 0);
  std::multimap<double, std::int64_t> epochs;
  for (const Json& event : events_of(trial, "evaluation")) {
    if (event.at("weights") == "current") epochs.emplace(event.at("loss"), event.at("epoch"));
  }
  std::vector<std::string> best;
  for (const auto& [loss, epoch] : epochs) {
    if (best.size() < 2) best.push_back(fmt::format("epoch-{:04}.safetensors", epoch));
  }
  std::sort(best.begin(), best.end());
  EXPECT_EQ(file_names(trial / "epochs"), best);
}

TEST(KeptWeights, AreRefusedInOtherWords) {
  const TinyTrials trials;
  const ProcessResult result = train(trials.add("refused"), {"--keep-weights", "all"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, testing::HasSubstr("none, every_epoch or a number"));
}

}  // namespace
}  // namespace segbench::tests
