// SPDX-License-Identifier: MIT
#include "harness/train/batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/effects/mix.h"
#include "harness/core/error.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using torch::Tensor;

std::vector<std::int64_t> range(std::int64_t n) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

struct Loaded {
  std::vector<Tensor> images, labels;
};

/// Every batch of a plan, copied, one image an entry.
Loaded load(BatchLoader& loader, const BatchPlan& plan) {
  Loaded loaded;
  loader.start(plan);
  while (const Batch* batch = loader.next()) {
    for (std::int64_t i = 0; i < batch->images.size(0); ++i) {
      loaded.images.push_back(batch->images[i].clone());
      loaded.labels.push_back(batch->labels[i].clone());
    }
  }
  return loaded;
}

/// By normalisation and memory format.
class Batches : public testing::TestWithParam<std::tuple<const char*, torch::MemoryFormat>> {
 protected:
  tests::TinyTrials trials_;
  core::DecodeCache cache_{trials_.cache()};
  augmentations::Augmentations changes_ = augmentations::make_augmentations({{"horizontal_flip", {}},
                                                                             {"rotation", {}},
                                                                             {"elastic", {}},
                                                                             {"balanced_crop", {}},
                                                                             {"contrast", {}},
                                                                             {"cutmix", {}},
                                                                             {"classmix", {}}});

  BatchFormat format(std::int64_t batch_size) const {
    const auto [normalise, memory_format] = GetParam();
    return {.batch_size = batch_size,
            .normalisation = core::normalisation(normalise),
            .device = torch::kCPU,
            .memory_format = memory_format};
  }

  /// Straight from the definition.
  std::pair<Tensor, Tensor> expected(std::int64_t index, bool augment, std::uint64_t seed, std::int64_t epoch,
                                     std::uint32_t repeat = 0) const {
    const auto& manifest = cache_.manifest();
    std::vector<std::uint8_t> image(cache_.image(index).begin(), cache_.image(index).end());
    std::vector<std::uint8_t> labels(cache_.labels(index).begin(), cache_.labels(index).end());
    if (augment) {
      const augmentations::SampleFormat sample{.extent = {manifest.height, manifest.width},
                                               .channels = manifest.channels};
      augmentations::Drawn drawn = augmentations::draw(changes_, sample.extent, seed,
                                                       static_cast<std::uint32_t>(epoch), index, repeat);
      std::vector<std::uint8_t> mixed_image = image, mixed_labels = labels;
      for (const augmentations::Mix& mix : drawn.mixes) {
        const std::int64_t partner = augmentations::partner_of(mix, index, range(22));
        augmentations::paste(mix, sample, {cache_.image(partner), cache_.labels(partner)},
                             {mixed_image, mixed_labels});
      }
      std::vector<std::int64_t> pixels(manifest.classes.size() + 1);
      for (std::size_t i = 0; i < 22; ++i) {
        for (std::size_t c = 0; c < pixels.size(); ++c)
          pixels[c] += manifest.samples.at(i).class_pixels.at(c);
      }
      augmentations::choose_view(drawn, sample.extent, mixed_labels, augmentations::class_shares(pixels));
      augmentations::Scratch scratch;
      augmentations::apply(drawn, sample, {mixed_image, mixed_labels}, {image, labels}, scratch);
    }
    const core::Normalisation by = core::normalisation(std::get<0>(GetParam()));
    Tensor values = torch::empty({manifest.channels, manifest.height, manifest.width});
    for (std::int64_t c = 0; c < manifest.channels; ++c) {
      for (std::int64_t p = 0; p < manifest.height * manifest.width; ++p) {
        const auto out = static_cast<std::size_t>(c);
        const std::uint8_t byte = image[static_cast<std::size_t>(p * manifest.channels + by.source[out])];
        values[c].view(-1).data_ptr<float>()[p] = static_cast<float>(by.scale[out] * byte + by.shift[out]);
      }
    }
    return {values, torch::tensor(std::vector<std::int64_t>(labels.begin(), labels.end()), torch::kLong)
                        .to(torch::kByte)
                        .view({manifest.height, manifest.width})};
  }
};

TEST_P(Batches, HoldWhatTheDefinitionSays) {
  BatchLoader loader(cache_, changes_, format(5));
  const BatchPlan plan{
      .order = epoch_order(range(22), 3, 2), .first_batch = 0, .augment = true, .seed = 3, .epoch = 2};
  const Loaded loaded = load(loader, plan);
  ASSERT_EQ(loaded.images.size(), 22U);
  for (std::size_t i = 0; i < loaded.images.size(); ++i) {
    const auto [image, labels] = expected(plan.order[i], true, 3, 2);
    EXPECT_TRUE(loaded.images[i].equal(image)) << i;
    EXPECT_TRUE(loaded.labels[i].equal(labels)) << i;
  }
}

TEST_P(Batches, HoldARepeatedSampleAugmentedAnew) {
  BatchLoader loader(cache_, changes_, format(4));
  const BatchPlan plan{.order = {3, 5, 3, 9, 3, 5},
                       .first_batch = 0,
                       .augment = true,
                       .seed = 3,
                       .epoch = 2,
                       .partners = range(22)};
  const Loaded whole = load(loader, plan);
  const std::vector<std::uint32_t> repeats = {0, 0, 1, 0, 2, 1};
  for (std::size_t i = 0; i < whole.images.size(); ++i)
    EXPECT_TRUE(whole.images[i].equal(expected(plan.order[i], true, 3, 2, repeats[i]).first)) << i;
  EXPECT_FALSE(whole.images[0].equal(whole.images[2]));
  BatchPlan resumed = plan;
  resumed.first_batch = 1;
  EXPECT_TRUE(load(loader, resumed).images[0].equal(whole.images[4]))
      << "counted from the beginning of the epoch";
}

TEST_P(Batches, LastBatchIsSmallerAndNothingIsLost) {
  BatchLoader loader(cache_, changes_, format(5));
  loader.start({.order = range(22), .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  std::vector<std::int64_t> sizes, firsts;
  while (const Batch* batch = loader.next()) {
    sizes.push_back(batch->images.size(0));
    firsts.push_back(batch->first);
    EXPECT_TRUE(batch->images.is_contiguous(std::get<1>(GetParam())));
    EXPECT_EQ(batch->labels.scalar_type(), torch::kByte);
  }
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{5, 5, 5, 5, 2}));
  EXPECT_EQ(firsts, (std::vector<std::int64_t>{0, 5, 10, 15, 20}));
  EXPECT_EQ(loader.next(), nullptr);
}

TEST_P(Batches, AResumedEpochGoesOnWithTheSameBatches) {
  BatchLoader loader(cache_, changes_, format(4));
  BatchPlan plan{
      .order = epoch_order(range(22), 7, 5), .first_batch = 0, .augment = true, .seed = 7, .epoch = 5};
  const Loaded whole = load(loader, plan);
  plan.first_batch = 3;
  const Loaded rest = load(loader, plan);
  ASSERT_EQ(rest.images.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_TRUE(rest.images[i].equal(whole.images[i + 12]));
}

TEST_P(Batches, APlanCanBeDroppedForAnother) {
  BatchLoader loader(cache_, changes_, format(4));
  for (int i = 0; i < 20; ++i) {
    loader.start({.order = range(22), .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
    for (int taken = 0; taken < i % 4; ++taken) ASSERT_NE(loader.next(), nullptr);
  }
  const Loaded loaded =
      load(loader, {.order = {9, 2}, .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  ASSERT_EQ(loaded.images.size(), 2U);
  EXPECT_TRUE(loaded.images[0].equal(expected(9, false, 0, 0).first));
  EXPECT_TRUE(loaded.images[1].equal(expected(2, false, 0, 0).first));
}

INSTANTIATE_TEST_SUITE_P(Normalisations, Batches,
                         testing::Combine(testing::Values("unit_range", "minus_one_to_one", "imagenet_torch",
                                                          "imagenet_caffe_bgr"),
                                          testing::Values(torch::MemoryFormat::ChannelsLast,
                                                          torch::MemoryFormat::Contiguous)));

TEST(BatchLoading, FailuresReachTheCaller) {
  const tests::TinyTrials trials;
  const core::DecodeCache cache(trials.cache());
  const augmentations::Augmentations none;
  BatchLoader loader(cache, none, {.batch_size = 2, .normalisation = {}, .device = torch::kCPU});
  loader.start({.order = {0, 1, 999}, .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  EXPECT_NE(loader.next(), nullptr);
  EXPECT_THROW(loader.next(), core::InternalError);
  loader.start({.order = {0, 1, 999}, .first_batch = 0, .augment = true, .seed = 0, .epoch = 0});
  EXPECT_THROW(loader.next(), core::InternalError) << "the classes of all samples are counted first";
}

TEST(EpochOrder, IsAPermutationThatSeedAndEpochDecide) {
  const auto samples = range(40);
  const auto order = epoch_order(samples, 1, 1);
  EXPECT_THAT(order, testing::UnorderedElementsAreArray(samples));
  EXPECT_EQ(order, epoch_order(samples, 1, 1)) << "two variants of one seed see the same order";
  EXPECT_NE(order, epoch_order(samples, 1, 2));
  EXPECT_NE(order, epoch_order(samples, 2, 1));
  EXPECT_NE(order, samples);
}

}  // namespace
}  // namespace segbench::train
