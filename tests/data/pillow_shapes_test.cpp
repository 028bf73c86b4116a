// SPDX-License-Identifier: MIT
#include "harness/data/codecs/pillow_shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/data/kinds/drawn_labels.h"

namespace segbench::data {
namespace {

using testing::ElementsAre;

/// Circles, points, lines and strips of lines as LabelMe 5 draws them with Pillow 12: runs of 0 and 1, row
/// after row.
TEST(PillowShapes, HaveThePixelsOfPillow) {
  const core::Json golden = core::Json::parse(
      core::read_file(std::string(SEGBENCH_SOURCE_DIR) + "/tests/data/annotations/pillow_shapes.json"));
  ASSERT_EQ(golden.size(), 120U);
  for (const core::Json& entry : golden) {
    Outline outline{
        .label = 1, .polygons = {{}}, .figure = figure_of(entry.at("shape").get<std::string>()).value()};
    for (const core::Json& point : entry.at("points"))
      outline.polygons[0].insert(outline.polygons[0].end(), {point.at(0), point.at(1)});
    const OutlinedImage image{entry.at("size").at(0), entry.at("size").at(1), {outline}};
    std::vector<std::uint8_t> expected;
    std::uint8_t value = 0;
    for (const std::size_t count : entry.at("rows")) {
      expected.insert(expected.end(), count, value);
      value = value == 0 ? 1 : 0;
    }
    ASSERT_EQ(draw_labels(image, PolygonRule::kPillow, 0, false).labels, expected) << entry;
  }
}

TEST(PillowShapes, ALineOfNoLengthIsAPixelAndACircleOfNoneNothing) {
  std::vector<std::uint8_t> inside(8);
  fill_circle(1, 1, 0, 2, 4, inside);
  EXPECT_THAT(inside, testing::Each(0));
  fill_lines(std::vector<double>{1.9, 1, 1.2, 1}, 10, 2, 4, inside);
  EXPECT_THAT(inside, ElementsAre(0, 0, 0, 0, 0, 1, 0, 0));
  EXPECT_THROW(fill_circle(0, 0, 1e6, 2, 4, inside), core::UserError);
}

}  // namespace
}  // namespace segbench::data
