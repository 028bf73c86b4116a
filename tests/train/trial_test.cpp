// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/core/predictions.h"
#include "harness/core/safetensors.h"
#include "harness/metrics/scores.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

// Whole trials, run by the built worker.

namespace segbench::tests {
namespace {

using core::Json;

std::vector<core::ClassCounts> counts_of(const Json& event) {
  std::vector<core::ClassCounts> counts;
  for (std::size_t c = 0; c < event.at("tp").size(); ++c) {
    counts.push_back({event.at("tp")[c], event.at("fp")[c], event.at("fn")[c]});
  }
  return counts;
}

class WholeTrial : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    trials_ = new TinyTrials;
    trial_ = trials_->add("whole", longer(), 1);
    const ProcessResult result = train(trial_, {"--keep-predictions", "3"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  static void TearDownTestSuite() {
    delete trials_;
    trials_ = nullptr;
  }
  static core::VariantConfig longer() {
    core::VariantConfig variant = tiny_variant();
    variant.training.epochs = 12;
    return variant;
  }

  static TinyTrials* trials_;
  static std::filesystem::path trial_;
};
TinyTrials* WholeTrial::trials_ = nullptr;
std::filesystem::path WholeTrial::trial_;

TEST_F(WholeTrial, EventsComeInTheirOrder) {
  std::vector<std::string> types;
  for (const Json& event : trial::read_event_log(trial_ / core::kEventsFile).events)
    types.push_back(event.at("type"));
  std::vector<std::string> expected = {"trial"};
  for (int epoch = 0; epoch < 12; ++epoch) expected.insert(expected.end(), {"epoch", "evaluation"});
  expected.push_back("selected");
  for (const int images : {4, 5}) {
    expected.push_back("evaluation");
    expected.insert(expected.end(), static_cast<std::size_t>(images), "image");
    expected.insert(expected.end(), {"measure", "measure", "measure"});
  }
  expected.push_back("finished");
  EXPECT_EQ(types, expected);
}

TEST_F(WholeTrial, LearnsItsData) {
  const auto epochs = events_of(trial_, "epoch");
  EXPECT_LT(epochs.back().at("loss").get<double>(), 0.6 * epochs.front().at("loss").get<double>());
  EXPECT_EQ(epochs[0].at("steps"), 4);
  EXPECT_EQ(epochs[0].at("samples"), 13);
  // Keras' decay: the last of the first epoch's four updates is number 3.
  EXPECT_DOUBLE_EQ(epochs[0].at("learning_rate").get<double>(), 0.01 / (1 + 0.001 * 3));
  const Json selected = event_of(trial_, "selected");
  EXPECT_GT(selected.at("value").get<double>(), 0.3) << "far above what guessing gives";
}

TEST_F(WholeTrial, BestEpochIsSelectedByItsOwnEvaluation) {
  double best = -1;
  int epoch = 0;
  for (const Json& event : events_of(trial_, "evaluation")) {
    if (event.at("weights").get<std::string>() != "current") continue;
    const auto value = metrics::score("miou_no_background", counts_of(event), std::nullopt);
    if (value && *value > best) {
      best = *value;
      epoch = event.at("epoch");
    }
  }
  const Json selected = event_of(trial_, "selected");
  EXPECT_EQ(selected.at("epoch"), epoch);
  EXPECT_DOUBLE_EQ(selected.at("value").get<double>(), best);
  for (const Json& event : events_of(trial_, "evaluation")) {
    if (event.at("weights").get<std::string>() != "selected" ||
        event.at("split").get<std::string>() != "selection") {
      continue;
    }
    EXPECT_DOUBLE_EQ(*metrics::score("miou_no_background", counts_of(event), std::nullopt), best)
        << "the selected weights are not the ones that were selected";
  }
}

TEST_F(WholeTrial, FinalEvaluationsTellHowFarProbabilitiesCanBeBelieved) {
  std::vector<std::string> found;
  for (const Json& event : events_of(trial_, "measure")) {
    found.push_back(event.at("split").get<std::string>() + " " + event.at("key").get<std::string>());
    const double value = event.at("value");
    const core::Measure* measure = core::find_metric(event.at("key").get<std::string>());
    ASSERT_NE(measure, nullptr);
    EXPECT_GT(value, measure->least);
    EXPECT_LT(value, measure->most);
  }
  EXPECT_EQ(found, (std::vector<std::string>{"selection ece", "selection brier", "selection nll", "test ece",
                                             "test brier", "test nll"}));
}

TEST_F(WholeTrial, MeasuresWhatTheExperimentAsksFor) {
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 1;
  variant.evaluation.measures = {"boundary_f1",
                                 "hausdorff_95",
                                 "published_voc_course_mean_iou",
                                 "mce",
                                 "classwise_ece",
                                 "carvana_dice",
                                 "ece_left_closed",
                                 "mce_left_closed"};
  const std::filesystem::path trial = trials_->add("measured", variant, 1);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<std::string, int> all, of_images, of_classes;
  for (const Json& event : events_of(trial, "measure")) {
    if (event.at("split") != "test") continue;
    const std::string key = event.at("key");
    ++(event.contains("index") ? of_images : event.contains("class") ? of_classes : all)[key];
    if (key == "published_voc_course_mean_iou") {
      EXPECT_NEAR(event.at("value").get<double>(), 1.0 / 3, 1e-9);
    }
    if (key == "carvana_dice") {
      EXPECT_TRUE(event.at("value").is_null()) << "it is of two classes only";
    }
  }
  EXPECT_EQ(all.size(), 3 + variant.evaluation.measures.size());
  EXPECT_EQ(of_images, (std::map<std::string, int>{{"boundary_f1", 5}, {"hausdorff_95", 5}}));
  EXPECT_EQ(of_classes,
            (std::map<std::string, int>{{"boundary_f1", 3}, {"hausdorff_95", 3}, {"classwise_ece", 3}}));
}

TEST_F(WholeTrial, SearchesAThresholdOnTheSelectionSplitAndDecidesByIt) {
  const TinyTrials binary(TinyData{.num_classes = 2});
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 2;
  variant.evaluation.search_threshold = true;
  variant.evaluation.thresholds = {0.3, 0.9};
  variant.evaluation.test_time_augmentation = {"horizontal_flip"};
  const std::filesystem::path trial = binary.add("searched", variant);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json threshold = event_of(trial, "threshold");
  ASSERT_EQ(threshold.at("curve").size(), 2U);
  for (const Json& point : threshold.at("curve")) EXPECT_LE(point[1], threshold.at("score"));
  for (const Json& event : events_of(trial, "evaluation")) {
    if (event.at("weights") != "selected" || event.at("split") != "selection") continue;
    EXPECT_EQ(*metrics::score("miou_no_background", counts_of(event), std::nullopt),
              threshold.at("score").get<double>());
  }
  const core::SafetensorsFile weights(trial / core::kWeightsFile);
  EXPECT_EQ(Json::parse(weights.metadata().at("input")).at("threshold"), threshold.at("value"));
}

TEST_F(WholeTrial, KeepsAFilmOfAnExampleWhereAskedTo) {
  const std::filesystem::path trial = trials_->add("film");
  const ProcessResult result = train(trial, {"--film-strip"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto film = core::film_of(trial);
  ASSERT_EQ(film.size(), 3U) << "one frame an epoch";
  for (std::size_t i = 0; i < film.size(); ++i) {
    const core::Predictions frame = core::read_predictions(film[i]);
    EXPECT_EQ(frame.epoch, static_cast<std::int64_t>(i + 1));
    ASSERT_EQ(frame.samples.size(), 1U);
    EXPECT_EQ(frame.samples[0].index, 13) << "the first of the selection split";
    EXPECT_EQ(core::count_labels(frame.label_map(0), 3).back(), 0);
  }
  EXPECT_TRUE(core::film_of(trial_).empty());
}

TEST_F(WholeTrial, RefusesAThresholdForManyClasses) {
  core::VariantConfig variant = tiny_variant();
  variant.evaluation.threshold = 0.4;
  const ProcessResult result = train(trials_->add("three", variant));
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err,
              testing::HasSubstr("evaluation.threshold is for two classes, but these data have 3"));
}

TEST_F(WholeTrial, ImagesAddUpToTheirSplit) {
  for (const Json& event : events_of(trial_, "evaluation")) {
    if (event.at("weights").get<std::string>() != "selected") continue;
    std::vector<core::ClassCounts> sum(3);
    std::int64_t valid = 0;
    for (const Json& image : events_of(trial_, "image")) {
      if (image.at("split") != event.at("split")) continue;
      valid += image.at("valid_pixels").get<std::int64_t>();
      for (const Json& row : image.at("counts")) {
        sum[row[0].get<std::size_t>()] += core::ClassCounts{row[1], row[2], row[3]};
      }
    }
    EXPECT_EQ(sum, counts_of(event));
    EXPECT_EQ(valid, event.at("valid_pixels").get<std::int64_t>());
    core::Confusion confusion(3);
    const auto cells = event.at("confusion").get<std::vector<std::int64_t>>();
    std::copy(cells.begin(), cells.end(), confusion.cells().begin());
    EXPECT_EQ(confusion.class_counts(), sum);
  }
}

TEST_F(WholeTrial, TrialEventTellsWhatIsTrained) {
  const Json event = event_of(trial_, "trial");
  EXPECT_EQ(event.at("num_classes"), 3);
  EXPECT_EQ(event.at("class_names").size(), 3U);
  EXPECT_EQ(event.at("class_weights").size(), 3U);
  EXPECT_LT(event.at("class_weights")[0].get<double>(), event.at("class_weights")[1].get<double>());
  EXPECT_GT(event.at("macs").get<std::int64_t>(), 0);
  EXPECT_EQ(event.at("initial_weights_sha256").get<std::string>().size(), 64U);
}

TEST_F(WholeTrial, WeightsFileHoldsTheSelectedWeights) {
  const core::SafetensorsFile file(trial_ / core::kWeightsFile);
  std::vector<core::TensorBytes> tensors;
  std::int64_t values = 0;
  for (const auto& [name, entry] : file.entries()) {
    tensors.push_back({name, entry.dtype, entry.shape, entry.data});
    if (entry.dtype == "F32") values += static_cast<std::int64_t>(entry.data.size() / 4);
  }
  EXPECT_EQ(core::tensors_sha256(tensors), event_of(trial_, "finished").at("selected_weights_sha256"));
  EXPECT_EQ(values, event_of(trial_, "trial").at("parameters").get<std::int64_t>());
  EXPECT_FALSE(std::filesystem::exists(trial_ / core::kCheckpointFile));
}

TEST_F(WholeTrial, PredictingTheTestImagesGivesTheKeptPredictions) {
  const core::Predictions kept = core::read_predictions(trial_ / core::kPredictionsFile);
  ASSERT_EQ(kept.samples.size(), 3U);
  const core::DecodeCache cache(trials_->cache());
  std::string images;
  for (const auto& sample : kept.samples) {
    EXPECT_EQ(sample.id, "sample-" + std::to_string(sample.index));
    const auto image = cache.image(sample.index);
    images.append(image.begin(), image.end());
  }
  core::write_file_atomically(trials_->path() / "in.u8", images);
  const auto predict = [&](const std::string& in) {
    return run_process(
        {SEGBENCH_BINARY_DIR "/segbench-worker", "predict", "--weights",
         (trial_ / core::kWeightsFile).string(), "--trial", (trial_ / core::kTrialFile).string(), "--images",
         in, "--out", (trials_->path() / "out.u8").string(), "--device", "cpu"},
        trials_->path());
  };
  const ProcessResult result = predict((trials_->path() / "in.u8").string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string out = core::read_file(trials_->path() / "out.u8");
  ASSERT_EQ(out.size(), kept.labels.size());
  // The batches differ, so logits may differ in their last bit, and with them a pixel between two classes.
  std::size_t different = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    different += static_cast<std::uint8_t>(out[i]) == kept.labels[i] ? 0 : 1;
  }
  EXPECT_LE(different, out.size() / 1000);

  // A damaged file is not used, whether or not it knows its own hash.
  const std::string weights = core::read_file(trial_ / core::kWeightsFile);
  std::string damaged = weights;
  damaged[damaged.size() - 3] ^= 1;
  core::write_file_atomically(trial_ / core::kWeightsFile, damaged);
  const ProcessResult refused = predict((trials_->path() / "in.u8").string());
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, testing::HasSubstr("damaged"));
  core::write_file_atomically(trial_ / core::kWeightsFile, weights);

  core::write_file_atomically(trials_->path() / "odd.u8", images.substr(1));
  const ProcessResult odd = predict((trials_->path() / "odd.u8").string());
  EXPECT_EQ(odd.exit_code, 2);
  EXPECT_THAT(odd.err, testing::HasSubstr("a multiple of 3840"));
}

TEST_F(WholeTrial, AttemptIsRecordedWithItsEnvironment) {
  const Json started = last_attempt_event(trial_, "started"), ended = last_attempt_event(trial_, "ended");
  EXPECT_EQ(started.at("attempt"), 1);
  EXPECT_TRUE(started.at("resumed_from").is_null());
  EXPECT_EQ(started.at("environment").at("threads"), 1);
  EXPECT_EQ(started.at("environment").at("device"), "cpu");
#ifdef __SANITIZE_ADDRESS__
  const Json mmap;  // the sanitizer's allocator has no such setting, and null says so
#else
  const Json mmap = false;
#endif
  EXPECT_EQ(started.at("environment").at("allocator").at("mmap"), mmap);
  EXPECT_EQ(ended.at("status"), "complete");
  EXPECT_EQ(ended.at("exit_code"), 0);
  EXPECT_GT(ended.at("peak_memory_bytes").get<std::int64_t>(), 1 << 20);
}

TEST_F(WholeTrial, ACompleteTrialIsNotRunAgain) {
  const std::string events = core::read_file(trial_ / core::kEventsFile);
  const std::string attempts = core::read_file(trial_ / core::kAttemptsFile);
  EXPECT_EQ(train(trial_).exit_code, 0);
  EXPECT_EQ(core::read_file(trial_ / core::kEventsFile), events);
  EXPECT_EQ(core::read_file(trial_ / core::kAttemptsFile), attempts);
}

TEST_F(WholeTrial, TheSameTrialTwiceIsTheSameToTheBit) {
  const auto rerun = trials_->add("rerun", longer(), 1);
  ASSERT_EQ(train(rerun).exit_code, 0);
  EXPECT_EQ(computed_events(rerun), computed_events(trial_));
  const auto other = trials_->add("other", longer(), 2);
  ASSERT_EQ(train(other).exit_code, 0);
  EXPECT_NE(event_of(other, "finished").at("weights_sha256"),
            event_of(trial_, "finished").at("weights_sha256"));
}

TEST(Trial, LastEpochIsTestedWhenAsked) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.select = "last";
  variant.training.evaluate_every = 2;
  variant.training.loss = {"cross_entropy", core::Json::object()};
  const auto trial = trials.add("last", variant);
  ASSERT_EQ(train(trial).exit_code, 0);
  const Json finished = event_of(trial, "finished");
  EXPECT_EQ(finished.at("selected_epoch"), 3);
  EXPECT_EQ(finished.at("selected_weights_sha256"), finished.at("weights_sha256"));
  std::vector<int> evaluated;
  for (const Json& event : events_of(trial, "evaluation")) {
    if (event.at("weights").get<std::string>() == "current") evaluated.push_back(event.at("epoch"));
  }
  EXPECT_EQ(evaluated, (std::vector<int>{2, 3}));
  EXPECT_TRUE(event_of(trial, "trial").at("class_weights").empty());
}

TEST(Trial, BinaryHeadAndGreyImages) {
  const TinyTrials trials({.samples = 22, .height = 32, .width = 40, .channels = 1, .num_classes = 2});
  core::VariantConfig variant = tiny_variant();
  variant.data.channels = 1;
  variant.training.epochs = 6;
  variant.training.loss = {"binary_cross_entropy", {{"class_weights", {1.0, 2.0}}}};
  variant.training.select_by = "loss";
  const auto trial = trials.add("binary", variant);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto epochs = events_of(trial, "epoch");
  EXPECT_LT(epochs.back().at("loss").get<double>(), epochs.front().at("loss").get<double>());
  double least = 1e9;
  for (const Json& event : events_of(trial, "evaluation")) {
    if (event.at("weights").get<std::string>() == "current")
      least = std::min(least, event.at("loss").get<double>());
  }
  EXPECT_EQ(event_of(trial, "selected").at("value").get<double>(), least);
}

TEST(Trial, EveryArchitectureTrains) {
  const TinyTrials trials({.samples = 22, .height = 64, .width = 64, .channels = 3, .num_classes = 3});
  for (const char* architecture : {"fcn", "unet", "resunet", "pspnet"}) {
    core::VariantConfig variant = tiny_variant();
    variant.model.architecture = architecture;
    variant.training.epochs = 1;
    const ProcessResult result = train(trials.add(architecture, variant));
    EXPECT_EQ(result.exit_code, 0) << architecture << ": " << result.err;
  }
}

}  // namespace
}  // namespace segbench::tests
