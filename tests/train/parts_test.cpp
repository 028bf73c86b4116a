// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/part.h"
#include "harness/metrics/class_weights.h"
#include "harness/train/checkpoint.h"
#include "harness/train/checkpoint_clock.h"
#include "harness/train/device.h"
#include "harness/train/failure.h"
#include "harness/train/setup.h"
#include "harness/train/stop_signal.h"
#include "harness/train/trainer.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using core::FailureReason;

template <typename Error>
trial::Ending ending(Error&& error) {
  return ending_of(std::make_exception_ptr(std::forward<Error>(error)));
}

TEST(Endings, LackOfMemoryIsToldFromOtherErrors) {
  EXPECT_EQ(ending(std::bad_alloc()).reason, FailureReason::kOutOfMemory);
  for (const char* words : {"CUDA out of memory. Tried to allocate 2.00 GiB",
                            "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't "
                            "allocate memory: you tried"}) {
    EXPECT_EQ(ending(std::runtime_error(words)).reason, FailureReason::kOutOfMemory) << words;
  }
  const trial::Ending other = ending(std::runtime_error("shapes do not fit\nException raised from"));
  EXPECT_EQ(other.reason, FailureReason::kError);
  EXPECT_EQ(other.message, "shapes do not fit");
  EXPECT_EQ(other.exit_code, 1);
}

TEST(Endings, LibTorchErrorsAreTranslatedToOneLine) {
  try {
    torch::zeros({2, 3}).mm(torch::zeros({2, 3}));
    FAIL() << "matrices that do not fit were multiplied";
  } catch (...) {
    const trial::Ending found = ending_of(std::current_exception());
    EXPECT_EQ(found.reason, FailureReason::kError);
    EXPECT_THAT(found.message, testing::HasSubstr("2x3"));
    EXPECT_EQ(found.message.find('\n'), std::string::npos);
  }
}

TEST(Endings, InterruptsAndDefects) {
  EXPECT_EQ(ending(Interrupted{15}).exit_code, 143);
  EXPECT_EQ(ending(Interrupted{15}).status, core::TrialStatus::kInterrupted);
  EXPECT_EQ(ending(core::InternalError("x")).exit_code, 70);
  EXPECT_EQ(ending(Diverged{3, 7, true}).message, "the loss became nan in step 7 of epoch 3");
}

TEST(ClassWeightNames, DescriptionAndMetricsKnowTheSame) {
  for (const core::PartSpec* loss : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    for (const core::ParamSpec& param : loss->params) {
      if (param.name != "class_weights") continue;
      std::vector<std::string> expected = metrics::weight_convention_names();
      expected.emplace_back("none");
      EXPECT_THAT(param.choices, testing::UnorderedElementsAreArray(expected));
    }
  }
}

TEST(ClassWeights, FollowTheTrainingSamplesOnly) {
  const tests::TinyTrials trials;
  const core::DecodeCache cache(trials.cache());
  const std::vector<std::int64_t> samples = {0, 3, 5};
  const auto pixels = cache.class_pixels(samples);
  const auto weights = class_weights_of({{"class_weights", "inverse_frequency"}}, cache, samples);
  ASSERT_EQ(weights.size(), 3U);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_DOUBLE_EQ(*weights[c], static_cast<double>(pixels[0] + pixels[1] + pixels[2]) /
                                      (3.0 * static_cast<double>(pixels[c])));
  }
  EXPECT_TRUE(class_weights_of(core::Json::object(), cache, samples).empty());
  EXPECT_THROW(class_weights_of({{"class_weights", {1.0, 2.0}}}, cache, samples), core::UserError);
}

TEST(ClassWeights, ThatLeaveNothingToBeLearntFromAreRefused) {
  const tests::TinyTrials trials;
  const std::filesystem::path file = trials.cache() / core::kCacheManifestFile;
  core::Json manifest = core::Json::parse(core::read_file(file));
  for (core::Json& sample : manifest.at("samples")) sample.at("class_pixels") = {0, 1280, 0, 0};
  core::write_file_atomically(file, manifest.dump());
  const core::DecodeCache cache(trials.cache());
  EXPECT_THROW(class_weights_of({{"class_weights", "neg_log_frequency"}}, cache, {0, 3}), core::UserError)
      << "-ln 1 = 0";
  EXPECT_EQ(class_weights_of({{"class_weights", "inverse_frequency"}}, cache, {0, 3}).at(1), 1.0);
  const tests::TinyTrials of_void({.is_void = true});
  const core::DecodeCache nothing(of_void.cache());
  EXPECT_NO_THROW(class_weights_of({{"class_weights", "neg_log_frequency"}}, nothing, {0, 3}))
      << "which is told elsewhere";
}

TEST(ClassWeights, EachTermOfASumHasItsOwn) {
  const tests::TinyTrials trials;
  const core::DecodeCache cache(trials.cache());
  const std::vector<std::int64_t> samples = {0, 3, 5};
  const core::PartChoice sum{"sum",
                             {{"terms",
                               {{{"name", "cross_entropy"}, {"class_weights", "inverse_frequency"}},
                                {{"name", "dice"}, {"class_weights", {0.0, 1.0, 2.0}}},
                                {{"name", "focal"}}}}}};
  const SettledLoss settled = settle_class_weights(sum, cache, samples);
  const core::Json& terms = settled.choice.params.at("terms");
  const ClassWeights expected = class_weights_of({{"class_weights", "inverse_frequency"}}, cache, samples);
  ASSERT_EQ(settled.class_weights.size(), 2U);
  EXPECT_EQ(settled.class_weights.at("terms[0]"), expected);
  EXPECT_DOUBLE_EQ(terms[0].at("class_weights")[1], *expected[1]);
  EXPECT_EQ(terms[1].at("class_weights"), core::Json({0.0, 1.0, 2.0}));
  EXPECT_FALSE(terms[2].contains("class_weights"));
  core::PartChoice wrong = sum;
  wrong.params["terms"][1]["class_weights"] = {1.0};
  EXPECT_THROW(settle_class_weights(wrong, cache, samples), core::UserError);
}

TEST(Checkpoints, ComeBackAsTheyWereWritten) {
  const tests::TemporaryFolder folder;
  torch::manual_seed(1);
  const auto tensors = [](double factor) {
    return TrialTensors{
        .weights = {{"w", (torch::rand({4, 3, 2, 2}) * factor).contiguous(torch::MemoryFormat::ChannelsLast)},
                    {"steps", torch::full({}, static_cast<std::int64_t>(9 * factor), torch::kLong)}},
        .optimizer = {{"momentum/w", torch::rand({4, 3, 2, 2}, torch::kDouble) * factor}},
        .best = {{"w", torch::rand({4, 3, 2, 2}) * factor}, {"steps", torch::zeros({}, torch::kLong)}},
        .average = {{"w", torch::rand({4, 3, 2, 2}) * factor}, {"steps", torch::zeros({}, torch::kLong)}}};
  };
  const TrialState state{.epoch = 3,
                         .step_losses = {0.1, 1.0 / 3.0, 2e-300},
                         .updates = 23,
                         .selected = {2, 0.7},
                         .selection_score = 0.6,
                         .events_bytes = 100,
                         .stopping = {{"waited", 2}},
                         .kept_epochs = {{.epoch = 2, .value = 0.7}, {.epoch = 1}},
                         .kept = {.threads = 3, .memory_format = "contiguous"},
                         .timing = {1.5, 0.25, 0.125}};
  TrialTensors written = tensors(1);
  written.gradients = {{"w", torch::rand({4, 3, 2, 2})}};
  const std::filesystem::path file = folder / core::kCheckpointFile;
  save_checkpoint(folder.path(), "trial", state, written);
  EXPECT_EQ(checkpoints_in(folder.path()), std::vector{file});
  EXPECT_EQ(kept_settings(folder.path()).threads, 3);
  EXPECT_EQ(kept_settings(folder.path()).memory_format, "contiguous");
  const TrialTensors read = tensors(0);
  const TrialState found = load_checkpoint(file, "trial", 100, read);
  EXPECT_EQ(found.epoch, 3);
  EXPECT_EQ(found.step_losses, state.step_losses);
  EXPECT_EQ(found.updates, 23);
  EXPECT_EQ(found.selected.epoch, 2);
  EXPECT_EQ(found.selected.value, 0.7);
  EXPECT_EQ(found.selection_score, 0.6);
  EXPECT_EQ(found.timing.data_wait, 0.25);
  EXPECT_EQ(found.stopping, state.stopping);
  EXPECT_EQ(to_json(found.kept_epochs), to_json(state.kept_epochs));
  EXPECT_TRUE(read.weights[0].second.grad().equal(written.gradients[0].second));
  EXPECT_TRUE(read.weights[0].second.grad().is_contiguous(torch::MemoryFormat::ChannelsLast));
  for (const auto group :
       {&TrialTensors::weights, &TrialTensors::optimizer, &TrialTensors::best, &TrialTensors::average}) {
    for (std::size_t i = 0; i < (read.*group).size(); ++i) {
      EXPECT_TRUE((read.*group)[i].second.equal((written.*group)[i].second));
    }
  }
  EXPECT_TRUE(read.weights[0].second.is_contiguous(torch::MemoryFormat::ChannelsLast));

  EXPECT_THROW(load_checkpoint(file, "other", 100, read), core::UserError);
  EXPECT_THROW(load_checkpoint(file, "trial", 99, read), core::UserError) << "events are missing";
  TrialTensors wrong = tensors(0);
  wrong.optimizer.emplace_back("more", torch::zeros({1}));
  EXPECT_THROW(load_checkpoint(file, "trial", 100, wrong), core::UserError);
  EXPECT_EQ(wrong.weights[0].second.abs().max().item<float>(), 0) << "changed before it was refused";
  const std::string content = core::read_file(file);
  for (const std::size_t at :
       {content.size() - 1, content.size() / 2, content.find("\\\"epoch\\\":3") + 10}) {
    std::string damaged = content;
    damaged[at] ^= 1;
    core::write_file_atomically(file, damaged);
    EXPECT_THROW(load_checkpoint(file, "trial", 100, wrong), core::UserError) << at;
  }
  save_checkpoint(folder.path(), "trial", state, written);
  EXPECT_EQ(checkpoints_in(folder.path()).size(), 2U);
  remove_checkpoints(folder.path());
  EXPECT_TRUE(checkpoints_in(folder.path()).empty());
}

TEST(CheckpointClock, WaitsForTimeAndForFiftyTimesTheCost) {
  using std::chrono::seconds;
  const auto start = CheckpointClock::Clock::now();
  CheckpointClock clock(10);
  clock.written(start, start);
  EXPECT_FALSE(clock.is_due(start + seconds(9)));
  EXPECT_TRUE(clock.is_due(start + seconds(10)));
  clock.written(start, start + seconds(2));
  EXPECT_FALSE(clock.is_due(start + seconds(2 + 99)));
  EXPECT_TRUE(clock.is_due(start + seconds(2 + 100)));
}

TEST(Devices, WordsThatAreAllowed) {
  EXPECT_TRUE(resolve_device("cpu").is_cpu());
  EXPECT_EQ(resolve_device("auto").is_cuda(), torch::cuda::is_available());
  for (const char* word : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99", "cuda:99999999999", ""}) {
    EXPECT_THROW(resolve_device(word), core::UserError) << word;
  }
}

}  // namespace
}  // namespace segbench::train
