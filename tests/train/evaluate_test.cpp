// SPDX-License-Identifier: MIT
#include "harness/train/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "harness/train/batches.h"
#include "harness/train/environment.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/setup.h"
#include "tests/support/census.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using torch::Tensor;

std::vector<std::int64_t> all_samples() {
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < 22; ++i) samples.push_back(21 - i);
  return samples;
}

class Evaluating : public testing::Test {
 protected:
  Evaluating()
      : parts_(build_trial(trials_.spec(), trials_.add("evaluated"), torch::kCPU,
                           memory_format_on(torch::kCPU))) {}

  Evaluation run(std::int64_t batch_size, std::vector<std::int64_t> keep = {}) {
    BatchLoader loader(parts_->cache, parts_->augmentations,
                       {.batch_size = batch_size,
                        .normalisation = core::normalisation("unit_range"),
                        .device = torch::kCPU});
    return evaluate(*parts_->network, *parts_->loss, loader, batch_size,
                    {.samples = all_samples(),
                     .num_classes = 3,
                     .keep = std::move(keep),
                     .counts_on_device = on_device_});
  }

  tests::TinyTrials trials_;
  std::unique_ptr<TrialParts> parts_;
  std::optional<bool> on_device_;
};

TEST_F(Evaluating, WeightsAndImagesLieInTheMemoryFormatThatIsRecorded) {
  const torch::MemoryFormat format = memory_format_on(torch::kCPU);
  for (const Tensor& parameter : parts_->network->parameters()) {
    EXPECT_TRUE(parameter.dim() != 4 || parameter.is_contiguous(format));
  }
  parts_->loader->start({.order = all_samples(), .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  EXPECT_TRUE(parts_->loader->next()->images.is_contiguous(format));
  EXPECT_EQ(environment(torch::kCPU, 1, {}, format).at("memory_format"), name_of(format));
}

TEST_F(Evaluating, DoesNotDependOnTheBatchSize) {
  const Evaluation one = run(1);
  ASSERT_EQ(one.images.size(), 22U);
  for (const std::int64_t batch_size : {3, 8, 22, 100}) {
    const Evaluation many = run(batch_size);
    ASSERT_EQ(many.images.size(), 22U);
    EXPECT_NEAR(*many.loss, *one.loss, 1e-6 * *one.loss);
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < one.confusion.cells().size(); ++i) {
      moved += std::abs(many.confusion.cells()[i] - one.confusion.cells()[i]);
    }
    EXPECT_LE(moved, 4) << "beyond the last bit of a logit";
  }
}

TEST_F(Evaluating, CountsEveryImageOnceAndLeavesVoidOut) {
  const Evaluation found = run(4);
  std::vector<core::ClassCounts> sum(3);
  const std::vector<std::int64_t> samples = all_samples();
  for (std::size_t i = 0; i < found.images.size(); ++i) {
    const auto& pixels = parts_->cache.manifest().samples[static_cast<std::size_t>(samples[i])].class_pixels;
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_EQ(found.images[i][c].tp + found.images[i][c].fn, pixels[c]) << "image " << i << " class " << c;
      sum[c] += found.images[i][c];
    }
  }
  EXPECT_EQ(found.confusion.class_counts(), sum);
}

TEST_F(Evaluating, CountsOnTheDeviceAreThoseOfTheHost) {
  const Evaluation host = run(4, {0, 3, 4, 21});
  on_device_ = true;
  for (const std::int64_t batch_size : {4, 22}) {
    const Evaluation device = run(batch_size, {0, 3, 4, 21});
    EXPECT_FALSE(device.has_nan);
    ASSERT_EQ(device.images.size(), host.images.size());
    if (batch_size != 4) continue;
    EXPECT_EQ(device.images, host.images);
    EXPECT_TRUE(std::ranges::equal(device.confusion.cells(), host.confusion.cells()));
    EXPECT_EQ(device.loss, host.loss);
    EXPECT_EQ(device.kept_labels, host.kept_labels);
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : architectures::named_tensors(*parts_->network)) {
    if (tensor.is_floating_point()) tensor.fill_(std::numeric_limits<float>::quiet_NaN());
  }
  EXPECT_TRUE(run(4).has_nan);
}

TEST_F(Evaluating, WaitsForTheDeviceOnceASplit) {
  on_device_ = true;
  const tests::Census census;
  run(4);
  EXPECT_LE(census.counts().at("aten::_local_scalar_dense"), 1)
      << "of the loss, which is on the host by then";
}

TEST_F(Evaluating, LeavesTheNetworkAsItWas) {
  const Tensor before = architectures::named_tensors(*parts_->network).back().second.clone();
  ASSERT_TRUE(parts_->network->is_training());
  run(4);
  EXPECT_TRUE(parts_->network->is_training());
  EXPECT_TRUE(architectures::named_tensors(*parts_->network).back().second.equal(before));
}

TEST_F(Evaluating, KeepsThePredictionsAskedFor) {
  const Evaluation all = run(4, {0, 3, 4, 21});
  const std::size_t pixels = 32 * 40;
  ASSERT_EQ(all.kept_labels.size(), 4 * pixels);
  const std::vector<std::int64_t> samples = all_samples();
  const std::size_t positions[] = {0, 3, 4, 21};
  for (std::size_t k = 0; k < 4; ++k) {
    const auto counted = core::count_pixels(parts_->cache.labels(samples[positions[k]]),
                                            std::span(all.kept_labels).subspan(k * pixels, pixels), 3);
    EXPECT_EQ(counted.class_counts(), all.images[positions[k]]);
  }
}

TEST_F(Evaluating, SeesAnOutputThatIsNoNumber) {
  EXPECT_FALSE(run(4).has_nan);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : architectures::named_tensors(*parts_->network)) {
    if (tensor.is_floating_point()) tensor.fill_(std::numeric_limits<float>::quiet_NaN());
  }
  EXPECT_TRUE(run(4).has_nan);
}

TEST_F(Evaluating, CanBeStoppedBetweenBatches) {
  struct Stop {};
  BatchLoader loader(parts_->cache, parts_->augmentations,
                     {.batch_size = 4, .normalisation = {}, .device = torch::kCPU});
  const EvaluationRequest request{.samples = all_samples(),
                                  .num_classes = 3,
                                  .keep = {},
                                  .before_batch = [](std::int64_t batch, std::int64_t batches) {
                                    EXPECT_EQ(batches, 6);
                                    if (batch == 2) throw Stop{};
                                  }};
  EXPECT_THROW(evaluate(*parts_->network, *parts_->loss, loader, 4, request), Stop);
  EXPECT_TRUE(parts_->network->is_training());
}

TEST(ConfusionOnDevice, EqualsTheCountsKernel) {
  torch::manual_seed(1);
  for (const int classes : {2, 3, 21}) {
    const Tensor raw = torch::randint(0, classes + 1, {4, 17, 9}, torch::kLong);
    const Tensor truth = raw.masked_fill(raw == classes, core::kVoidLabel).to(torch::kByte);
    const Tensor prediction = torch::randint(0, classes, {4, 17, 9}, torch::kLong).to(torch::kByte);
    const Tensor counts = confusion_on_device(truth, prediction, classes);
    for (std::int64_t n = 0; n < 4; ++n) {
      const auto expected = core::count_pixels({truth[n].data_ptr<std::uint8_t>(), 17 * 9},
                                               {prediction[n].data_ptr<std::uint8_t>(), 17 * 9}, classes);
      for (int g = 0; g < classes; ++g) {
        for (int p = 0; p < classes; ++p) EXPECT_EQ(counts[n][g][p].item<std::int64_t>(), expected.at(g, p));
      }
      EXPECT_EQ(counts[n][classes].sum().item<std::int64_t>(),
                (truth[n] == core::kVoidLabel).sum().item<std::int64_t>());
    }
  }
}

}  // namespace
}  // namespace segbench::train
