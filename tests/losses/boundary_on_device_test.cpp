// SPDX-License-Identifier: MIT
#include "harness/losses/boundary_on_device.h"

#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/core/distance_transform.h"
#include "harness/losses/boundary_distances.h"
#include "tests/support/census.h"

// What a device computes of distances, on tensors of the CPU, against what the CPU computes itself.

namespace segbench::losses {
namespace {

using torch::Tensor;

struct Maps {
  std::int64_t images, height, width, classes;
};

/// Regions of every class with void between them; the first image shows one class alone, the second nothing.
Tensor label_maps(const Maps& size, std::int64_t grain) {
  torch::manual_seed(3);
  const auto blocks = [&](std::int64_t length) { return (length + grain - 1) / grain; };
  Tensor labels = torch::randint(0, size.classes + 1, {size.images, blocks(size.height), blocks(size.width)},
                                 torch::kLong)
                      .repeat_interleave(grain, 1)
                      .repeat_interleave(grain, 2)
                      .narrow(1, 0, size.height)
                      .narrow(2, 0, size.width)
                      .contiguous();
  labels.masked_fill_(labels == size.classes, core::kVoidLabel);
  if (size.images > 2) {
    labels[0].masked_fill_(labels[0] != core::kVoidLabel, size.classes - 1);
    labels[1].fill_(int{core::kVoidLabel});
  }
  return labels.to(torch::kByte);
}

const std::vector<Maps> kSizes = {{4, 13, 17, 3}, {3, 1, 9, 2},  {3, 9, 1, 2},  {1, 1, 1, 2},
                                  {3, 40, 33, 5}, {2, 5, 64, 1}, {2, 31, 8, 21}};

TEST(DistancesOnADevice, AreThoseOfTheCpuToTheLastBit) {
  int finite = 0;
  for (const Maps& size : kSizes) {
    for (const std::int64_t grain : {1, 4}) {
      const Tensor labels = label_maps(size, grain);
      const Tensor others = distances_to_other_classes(labels, size.classes),
                   to_border = signed_distances(labels, size.classes);
      finite += torch::isfinite(others).sum().item<int>();
      // A few numbers at a time, too: some classes, then a single one, and some columns, then a single one.
      for (const std::int64_t most : {kMostDistances, labels.numel() * 3, std::int64_t{1}}) {
        SCOPED_TRACE(testing::Message() << size.height << " x " << size.width << ", " << most << " numbers");
        EXPECT_TRUE(other_distances_on_device(labels, size.classes, most).equal(others));
        EXPECT_TRUE(signed_distances_on_device(labels, size.classes, most).equal(to_border));
      }
    }
  }
  EXPECT_GT(finite, 1000);
}

TEST(DistancesOnADevice, AreExactInImagesOfAnySize) {
  for (const auto& [height, width] : {std::pair<std::int64_t, std::int64_t>{2, 4100}, {4100, 2}, {3, 2890}}) {
    std::vector<std::uint8_t> set(static_cast<std::size_t>(height * width));
    set[0] = 1;
    const Tensor on_device = squared_distances(
        torch::tensor(std::vector<int>(set.begin(), set.end())).to(torch::kBool).view({1, height, width}));
    const std::vector<std::int64_t> expected = core::squared_distances(set, height, width);
    EXPECT_TRUE(on_device.to(torch::kLong).flatten().equal(torch::tensor(expected)));
    EXPECT_EQ(expected.back(), (height - 1) * (height - 1) + (width - 1) * (width - 1));
  }
}

TEST(DistancesOnADevice, WaitForNothing) {
  const Tensor labels = label_maps({4, 30, 40, 5}, 4);
  const tests::Census census;
  other_distances_on_device(labels, 5);
  signed_distances_on_device(labels, 5);
  EXPECT_EQ(census.forbidden(), "");
  EXPECT_LE(census.all(), 400);
}

}  // namespace
}  // namespace segbench::losses
