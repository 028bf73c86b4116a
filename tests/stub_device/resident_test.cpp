// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "harness/train/batches.h"
#include "harness/train/environment.h"
#include "harness/train/resident_batches.h"
#include "harness/train/resident_data.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/train_command.h"
#include "harness/trial/event_log.h"
#include "tests/support/census.h"
#include "tests/support/fake_accelerator.h"
#include "tests/support/stub_device.h"
#include "tests/train/tiny_trial.h"

// Batches out of samples that lie in the memory of a device: the same as those that are copied there, and
// what is copied for them.

namespace segbench::train {
namespace {

namespace stub = tests::stub;
using core::Json;
using torch::Tensor;

std::vector<std::int64_t> range(std::int64_t n) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

struct Loaded {
  std::vector<Tensor> images, labels;  ///< of each batch, copies on the CPU
  std::vector<std::int64_t> firsts;
};

Loaded load(BatchSource& source, const BatchPlan& plan) {
  Loaded loaded;
  source.start(plan);
  while (const Batch* batch = source.next()) {
    loaded.images.push_back(batch->images.cpu().clone());
    loaded.labels.push_back(batch->labels.cpu().clone());
    loaded.firsts.push_back(batch->first);
  }
  return loaded;
}

/// By the bits of a sample.
class ResidentData : public testing::TestWithParam<int> {
 protected:
  tests::TinyTrials trials_{tests::TinyData{.bits = GetParam()}};
  core::DecodeCache cache_{trials_.cache()};

  BatchFormat format(torch::Device device, const char* normalise = "imagenet_caffe_bgr") const {
    return {.batch_size = 5,
            .normalisation = core::normalisation(normalise, 3),
            .range = {.bits = GetParam(), .bounds = {}},
            .device = device};
  }
  ResidentBatches resident(const augmentations::Augmentations& changes,
                           const std::vector<std::int64_t>& samples,
                           const char* normalise = "imagenet_caffe_bgr") const {
    const BatchFormat how = format(stub::kDevice, normalise);
    return {cache_, changes, how, ResidentSamples(cache_, samples, stub::kDevice),
            std::make_unique<BatchLoader>(cache_, changes, how)};
  }
};
INSTANTIATE_TEST_SUITE_P(Bits, ResidentData, testing::Values(8, 16));

/// Every part alone, with its default and with certainty, and all of them together.
std::vector<std::vector<core::PartChoice>> every_list() {
  std::vector<std::vector<core::PartChoice>> lists = {{}};
  std::vector<core::PartChoice> all;
  for (const std::string& name : augmentations::AugmentationFactory::instance().names()) {
    lists.push_back({{name, Json::object()}});
    lists.push_back({{name, {{"probability", 1}}}});
    all.push_back({name, Json::object()});
  }
  lists.push_back(all);
  std::reverse(all.begin(), all.end());
  lists.push_back(all);
  return lists;
}

/// Samples that come again, and partners of which some do not come.
BatchPlan plan_of(std::uint64_t seed) {
  return {.order = {3, 5, 3, 9, 3, 5, 0, 17, 11, 12, 8, 21, 1},
          .first_batch = 0,
          .augment = true,
          .seed = seed,
          .epoch = 2,
          .partners = range(22)};
}

TEST_P(ResidentData, MakesTheBatchesThatAreCopiedElse) {
  for (const std::vector<core::PartChoice>& list : every_list()) {
    SCOPED_TRACE(list.empty() ? "none" : list.front().name + list.front().params.dump());
    const auto changes = augmentations::make_augmentations(list);
    BatchLoader copied(cache_, changes, format(stub::kDevice)), on_cpu(cache_, changes, format(torch::kCPU));
    ResidentBatches source = resident(changes, range(22));
    const Loaded here = load(source, plan_of(7)), there = load(copied, plan_of(7)),
                 host = load(on_cpu, plan_of(7));
    ASSERT_EQ(here.images.size(), 3U);
    EXPECT_EQ(here.firsts, there.firsts);
    for (std::size_t i = 0; i < here.images.size(); ++i) {
      EXPECT_TRUE(here.images[i].equal(there.images[i])) << i;
      EXPECT_TRUE(here.labels[i].equal(there.labels[i])) << i;
      EXPECT_TRUE(here.labels[i].equal(host.labels[i])) << i;
      EXPECT_TRUE(here.images[i].is_contiguous(torch::MemoryFormat::ChannelsLast));
      // One number of 8 bits after rounding, or two of 16, and what single precision makes of levels up to
      // 255.
      const double apart = (here.images[i] - host.images[i]).abs().max().item<double>();
      EXPECT_LE(apart, (GetParam() == 8 ? 1 : 2.0 / 257) + 1e-4) << i;
    }
  }
}

TEST_P(ResidentData, MovesNumbersToTheBitAsTheCpuDoes) {
  for (const char* name : {"horizontal_flip", "vertical_flip", "affine", "elastic", "scale_crop",
                           "balanced_crop", "cutmix", "classmix", "class_balance"}) {
    SCOPED_TRACE(name);
    const auto changes = augmentations::make_augmentations({{name, {{"probability", 1}}}});
    BatchLoader on_cpu(cache_, changes, format(torch::kCPU, "unit_range"));
    ResidentBatches source = resident(changes, range(22), "unit_range");
    const Loaded here = load(source, plan_of(11)), host = load(on_cpu, plan_of(11));
    for (std::size_t i = 0; i < here.images.size(); ++i) {
      const double most = GetParam() == 8 ? 255 : 65535;
      EXPECT_TRUE((here.images[i] * most).round().equal((host.images[i] * most).round())) << i;
      EXPECT_TRUE(here.labels[i].equal(host.labels[i])) << i;
    }
  }
}

TEST_P(ResidentData, GoesOnInTheMiddleOfAnEpochWithTheSameBatches) {
  std::vector<core::PartChoice> all;
  for (const std::string& name : augmentations::AugmentationFactory::instance().names())
    all.push_back({name, Json::object()});
  const auto changes = augmentations::make_augmentations(all);
  ResidentBatches source = resident(changes, range(22));
  BatchPlan plan = plan_of(3);
  const Loaded whole = load(source, plan);
  for (plan.first_batch = 1; plan.first_batch < 3; ++plan.first_batch) {
    const Loaded rest = load(source, plan);
    const auto left_out = static_cast<std::size_t>(plan.first_batch);
    ASSERT_EQ(rest.images.size() + left_out, whole.images.size());
    for (std::size_t i = 0; i < rest.images.size(); ++i) {
      EXPECT_EQ(rest.firsts[i], whole.firsts[i + left_out]);
      EXPECT_TRUE(rest.images[i].equal(whole.images[i + left_out]));
      EXPECT_TRUE(rest.labels[i].equal(whole.labels[i + left_out]));
    }
  }
  plan.first_batch = 3;
  EXPECT_TRUE(load(source, plan).images.empty());
}

TEST_P(ResidentData, CopiesOnceAPlanAndNothingForABatch) {
  std::vector<core::PartChoice> all;
  for (const std::string& name : augmentations::AugmentationFactory::instance().names())
    all.push_back({name, Json::object()});
  const auto changes = augmentations::make_augmentations(all);
  ResidentBatches source = resident(changes, range(22));
  for (const std::int64_t batch_size : {5, 1}) {
    BatchPlan plan = plan_of(5);
    plan.batch_size = batch_size;
    const int to_host = stub::record().to_host, to_device = stub::record().to_device;
    const tests::Census census;
    source.start(plan);
    int batches = 0;
    while (source.next() != nullptr) ++batches;
    EXPECT_EQ(census.forbidden(), "");
    EXPECT_EQ(batches, (13 + batch_size - 1) / batch_size);
    EXPECT_EQ(stub::record().to_device - to_device, 1);
    EXPECT_EQ(stub::record().to_host - to_host, 0);
  }
}

TEST_P(ResidentData, LeavesPlansOfOtherSamplesToOthers) {
  const auto changes = augmentations::make_augmentations({{"cutmix", {{"probability", 1}}}});
  ResidentBatches source = resident(changes, range(13));
  BatchLoader copied(cache_, changes, format(stub::kDevice));
  BatchPlan others = plan_of(1), partners = plan_of(1);
  partners.order = {3, 5, 3, 9};
  for (const BatchPlan& plan : {others, partners}) {
    const int before = stub::record().to_device;
    const Loaded here = load(source, plan);
    EXPECT_GE(stub::record().to_device - before, 2) << "images and labels of a batch";
    const Loaded there = load(copied, plan);
    ASSERT_EQ(here.images.size(), there.images.size());
    for (std::size_t i = 0; i < here.images.size(); ++i) EXPECT_TRUE(here.images[i].equal(there.images[i]));
  }
  partners.augment = false;
  const int before = stub::record().to_device;
  load(source, partners);
  EXPECT_EQ(stub::record().to_device - before, 1) << "nothing is pasted";
}

TEST(ResidentDataOfATrial, IsThereWhereItFits) {
  const tests::TinyTrials trials;
  const core::TrialSpec spec = trials.spec();
  const auto parts = build_trial(spec, trials.add("one"), stub::kDevice, torch::MemoryFormat::Contiguous);
  const std::int64_t bytes = 17 * 32 * 40 * 4;  // 13 samples to train, 4 to select
  BatchSource* const before = parts->loader.get();
  Json found = keep_data_on_device(spec, stub::kDevice, 8 * bytes - 1, *parts);
  EXPECT_EQ(found.at("in_use"), false);
  EXPECT_THAT(found.at("problem").get<std::string>(), testing::HasSubstr("did not fit"));
  EXPECT_EQ(parts->loader.get(), before);

  core::TrialSpec ensemble = spec;
  ensemble.variant.ensemble = {"one", "other"};
  found = keep_data_on_device(ensemble, stub::kDevice, 8 * bytes, *parts);
  EXPECT_EQ(found.at("in_use"), false);
  EXPECT_THAT(found.at("problem").get<std::string>(), testing::HasSubstr("ensemble"));
  EXPECT_EQ(parts->loader.get(), before);

  stub::record().failure = tests::kMemoryWords[0];
  stub::record().fails_at = stub::record().operations.load();
  found = keep_data_on_device(spec, stub::kDevice, 8 * bytes, *parts);
  stub::record().fails_at = -1;
  EXPECT_EQ(found.at("in_use"), false) << "another trial was faster";
  EXPECT_THAT(found.at("problem").get<std::string>(), testing::HasSubstr("did not fit"));
  EXPECT_EQ(parts->loader.get(), before);

  stub::record().failure = tests::kUnusableWords[4];
  stub::record().fails_at = stub::record().operations.load();
  EXPECT_ANY_THROW(keep_data_on_device(spec, stub::kDevice, 8 * bytes, *parts)) << "no device, no trial";
  stub::record().fails_at = -1;

  found = keep_data_on_device(spec, stub::kDevice, 8 * bytes, *parts);
  EXPECT_EQ(found, Json({{"in_use", true},
                         {"samples", 17},
                         {"bytes", bytes},
                         {"most_bytes", bytes},
                         {"problem", nullptr}}));
  EXPECT_NE(parts->loader.get(), before);
  EXPECT_EQ(most_resident_bytes(std::nullopt), 256 << 20);
}

TEST(ResidentDataOfATrial, ChangesNoNumberAndIsRecorded) {
  const tests::TinyTrials trials;
  core::VariantConfig variant = tests::tiny_variant();
  variant.training.epochs = 2;
  for (const char* name : {"class_balance", "balanced_crop", "classmix", "gaussian_noise"})
    variant.training.augment.push_back({name, {{"probability", 0.5}}});
  const auto train = [&](const std::string& name, const std::vector<std::string>& without) {
    const std::filesystem::path trial = trials.add(name, variant);
    TrainCommand command;
    command.trial_file = trial / core::kTrialFile;
    command.options.device = stub::kDevice;
    command.options.keep_predictions = 0;
    command.options.levers = levers_without(without);
    command.environment = environment(stub::kDevice, 1, {}, memory_format_on(stub::kDevice));
    command.environment["levers"] = to_json(command.options.levers);
    EXPECT_EQ(run_train(command), 0);
    return trial;
  };
  const auto with = train("with", {}), without = train("without", {"resident_data"});
  EXPECT_EQ(tests::computed_events(with), tests::computed_events(without));
  const Json in_use = tests::last_attempt_event(with, "started").at("environment"),
             left_out = tests::last_attempt_event(without, "started").at("environment");
  EXPECT_EQ(in_use.at("levers").at("resident_data"), true);
  EXPECT_EQ(in_use.at("resident_data").at("samples"), 17);
  EXPECT_EQ(left_out.at("levers").at("resident_data"), false);
  EXPECT_FALSE(left_out.contains("resident_data"));
}

}  // namespace
}  // namespace segbench::train
