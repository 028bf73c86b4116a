// SPDX-License-Identifier: MIT
#include "harness/data/codecs/pillow_polygon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/json.h"

namespace segbench::data {
namespace {

using testing::ElementsAre;

/// Polygons as ImageDraw.polygon(fill=1, outline=1) of Pillow 13 fills them: runs of 0 and 1 row after row.
TEST(PillowPolygon, HasThePixelsOfPillow) {
  const core::Json golden = core::Json::parse(
      core::read_file(std::string(SEGBENCH_SOURCE_DIR) + "/tests/data/annotations/pillow_polygons.json"));
  ASSERT_EQ(golden.size(), 100U);
  for (const core::Json& polygon : golden) {
    const std::int64_t height = polygon.at("size").at(0), width = polygon.at("size").at(1);
    std::vector<std::uint8_t> inside(static_cast<std::size_t>(height * width)), expected;
    fill_polygon(polygon.at("polygon").get<std::vector<double>>(), height, width, inside);
    std::uint8_t value = 0;
    for (const std::size_t count : polygon.at("rows")) {
      expected.insert(expected.end(), count, value);
      value = value == 0 ? 1 : 0;
    }
    ASSERT_EQ(inside, expected) << polygon;
  }
}

TEST(PillowPolygon, RectanglesIncludeBothCorners) {
  std::vector<std::uint8_t> inside(8);
  fill_rectangle(std::vector<double>{2.9, 1.2, 1.0, -5.0}, 2, 4, inside);
  EXPECT_THAT(inside, ElementsAre(0, 1, 1, 0, 0, 1, 1, 0));
}

}  // namespace
}  // namespace segbench::data
