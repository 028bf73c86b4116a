// SPDX-License-Identifier: MIT
#include "harness/data/codecs/coco_mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"

namespace segbench::data {
namespace {

using testing::ElementsAre;

/// Polygons with corners inside, outside, on whole and half pixels, and repeated, as pycocotools 2.0 encodes
/// them.
core::Json golden_polygons() {
  return core::Json::parse(
      core::read_file(std::string(SEGBENCH_SOURCE_DIR) + "/tests/data/annotations/coco_polygons.json"));
}

std::vector<std::uint8_t> mask_of(const CocoRuns& runs) {
  std::vector<std::uint8_t> inside(static_cast<std::size_t>(runs.height * runs.width));
  add_runs(runs, runs.height, runs.width, inside);
  return inside;
}

TEST(CocoMask, PolygonsHaveThePixelsOfPycocotools) {
  int drawn = 0;
  for (const core::Json& golden : golden_polygons()) {
    const std::int64_t height = golden.at("size").at(0), width = golden.at("size").at(1);
    const CocoRuns expected{height, width, golden.at("counts").get<std::vector<std::uint32_t>>()};
    const auto xy = golden.at("polygon").get<std::vector<double>>();
    ASSERT_EQ(mask_of(coco_polygon(xy, height, width)), mask_of(expected)) << golden;
    drawn += expected.counts.size() > 1 ? 1 : 0;
  }
  EXPECT_EQ(drawn, 60);
}

TEST(CocoMask, CompressedRunsAreTheSameMask) {
  for (const core::Json& golden : golden_polygons()) {
    const std::int64_t height = golden.at("size").at(0), width = golden.at("size").at(1);
    const CocoRuns plain{height, width, golden.at("counts").get<std::vector<std::uint32_t>>()};
    const CocoRuns packed{height, width, coco_counts(golden.at("compressed").get<std::string>())};
    ASSERT_EQ(mask_of(packed), mask_of(plain)) << golden;
  }
}

TEST(CocoMask, RunsGoDownColumns) {
  EXPECT_THAT(mask_of({2, 3, {1, 2, 3}}), ElementsAre(0, 1, 0, 1, 0, 0));
}

TEST(CocoMask, RefusesDamagedRuns) {
  std::vector<std::uint8_t> inside(6);
  EXPECT_THROW(add_runs({2, 3, {1, 2, 4}}, 2, 3, inside), core::UserError);
  EXPECT_THROW(add_runs({3, 2, {1, 2, 3}}, 2, 3, inside), core::UserError);
  EXPECT_THROW(coco_counts("~"), core::UserError);
  EXPECT_THROW(coco_counts("P"), core::UserError);           // cut off
  EXPECT_THROW(coco_counts("ooooooooo1"), core::UserError);  // longer than any number
}

}  // namespace
}  // namespace segbench::data
