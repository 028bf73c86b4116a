// SPDX-License-Identifier: MIT
// What single parts draw, against their definitions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using core::Json;
using tests::changed;
using tests::Picture;

constexpr Extent kExtent{30, 50};

template <typename What>
std::vector<What> drawn_by(const std::string& name, Json params, int count = 400) {
  params["probability"] = 1;
  const Augmentations augmentations = make_augmentations({{name, params}});
  std::vector<What> all;
  for (int i = 0; i < count; ++i) {
    const Drawn drawn = draw(augmentations, kExtent, 4, 1, i);
    if constexpr (std::is_same_v<What, Affine>)
      all.push_back(drawn.geometry);
    else
      all.push_back(std::get<What>(drawn.values.at(0)));
  }
  return all;
}

/// All lie in [low, high] and come near to both ends.
void expect_fills(const std::vector<double>& values, double low, double high) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double play = 0.03 * (high - low);
  EXPECT_GE(*least, low - 1e-9);
  EXPECT_LE(*least, low + play);
  EXPECT_LE(*most, high + 1e-9);
  EXPECT_GE(*most, high - play);
}

template <typename What, typename Number>
std::vector<double> numbers(const std::vector<What>& all, Number number) {
  std::vector<double> values;
  for (const What& one : all) values.push_back(number(one));
  return values;
}

TEST(Rotation, IsAnticlockwiseByAnAngleOfTheRange) {
  const auto maps = drawn_by<Affine>("rotation", {{"degrees", {-30, 60}}});
  expect_fills(numbers(maps, [](const Affine& m) { return std::atan2(m.yx, m.xx) * 180 / std::numbers::pi; }),
               -30, 60);
  for (const Affine& m : maps) {
    EXPECT_NEAR(m.xx * m.yy - m.xy * m.yx, 1, 1e-12);
    EXPECT_NEAR(m.xx, m.yy, 1e-12);
  }
  // By 90 degrees, what is at the right comes to the top.
  const Picture before(9, 9, 1);
  const Affine quarter = drawn_by<Affine>("rotation", {{"degrees", {90, 90}}}, 1)[0];
  EXPECT_EQ(changed(before, quarter).number(0, 4, 0), before.number(4, 8, 0));
}

TEST(Rotate90, DrawsThreeTurnsOfThreeAndTurnsAnticlockwise) {
  const auto maps = drawn_by<Affine>("rotate90", Json::object());
  int counts[3] = {};
  const Affine once{.xx = 0, .xy = -1, .yx = 1, .yy = 0};
  for (const Affine& m : maps) ++counts[m == once ? 0 : m == compose(once, once) ? 1 : 2];
  for (const int count : counts) EXPECT_NEAR(count, 133, 48);  // five standard deviations
  EXPECT_NE(std::find(maps.begin(), maps.end(), compose(once, compose(once, once))), maps.end());
  const Picture before(8, 8, 1);
  EXPECT_EQ(changed(before, once).number(0, 3, 0), before.number(3, 7, 0));
}

TEST(Translation, IsAFractionOfEachSide) {
  const auto maps = drawn_by<Affine>("translation", {{"shift", {-0.1, 0.3}}});
  expect_fills(numbers(maps, [](const Affine& m) { return -m.x0 / 50; }), -0.1, 0.3);
  expect_fills(numbers(maps, [](const Affine& m) { return -m.y0 / 30; }), -0.1, 0.3);
}

TEST(Shear, LeansUprightLines) {
  const auto maps = drawn_by<Affine>("shear", {{"degrees", {-20, 45}}});
  expect_fills(numbers(maps, [](const Affine& m) { return std::atan(m.xy) * 180 / std::numbers::pi; }), -20,
               45);
  for (const Affine& m : maps) EXPECT_EQ((Affine{.xy = m.xy}), m);
}

TEST(ScaleCrop, ShowsAWindowInsideOrTheWholeImage) {
  const auto maps = drawn_by<Affine>("scale_crop", {{"scale", {0.5, 2}}}, 2000);
  expect_fills(numbers(maps, [](const Affine& m) { return 1 / m.xx; }), 0.5, 2);
  std::vector<double> places;
  for (const Affine& m : maps) {
    EXPECT_EQ(m.xx, m.yy);
    // The ends of the frame as read, against those of the image.
    const double left = m.x0 - m.xx * 25, right = m.x0 + m.xx * 25, top = m.y0 - m.yy * 15,
                 bottom = m.y0 + m.yy * 15;
    const double sign = m.xx < 1 ? 1 : -1;
    EXPECT_GE(sign * (left + 25), -1e-9);
    EXPECT_GE(sign * (25 - right), -1e-9);
    EXPECT_GE(sign * (top + 15), -1e-9);
    EXPECT_GE(sign * (15 - bottom), -1e-9);
    if (std::abs(1 - m.xx) > 0.2) places.push_back(m.x0 / (25 * std::abs(1 - m.xx)));
  }
  expect_fills(places, -1, 1);
}

TEST(Colours, FactorsFillTheirRange) {
  const auto gain = [](const Tone& tone) { return tone.gain; };
  expect_fills(numbers(drawn_by<Tone>("brightness", {{"factor", {0.5, 1.5}}}), gain), 0.5, 1.5);
  expect_fills(numbers(drawn_by<Tone>("contrast", {{"factor", {0.2, 3}}}), gain), 0.2, 3);
  expect_fills(
      numbers(drawn_by<Tone>("gamma", {{"exponent", {0.4, 2}}}), [](const Tone& t) { return t.exponent; }),
      0.4, 2);
  expect_fills(numbers(drawn_by<Noise>("gaussian_noise", {{"deviation", {0.1, 0.2}}}),
                       [](const Noise& n) { return n.deviation; }),
               0.1, 0.2);
  expect_fills(numbers(drawn_by<Blur>("gaussian_blur", {{"deviation", {1, 3}}}),
                       [](const Blur& b) { return b.deviation; }),
               1, 3);
  EXPECT_TRUE(drawn_by<Tone>("contrast", Json::object(), 1)[0].about_mean);
  std::set<std::uint64_t> keys;
  for (const Noise& noise : drawn_by<Noise>("gaussian_noise", Json::object())) keys.insert(noise.key);
  EXPECT_EQ(keys.size(), 400U);
}

/// The product with (red, green, blue).
std::vector<double> times(const ColourMatrix& matrix, const std::vector<double>& colour) {
  std::vector<double> product;
  for (std::size_t row = 0; row < 3; ++row) {
    product.push_back(0);
    for (std::size_t k = 0; k < 3; ++k) product.back() += matrix.rows.at(3 * row + k) * colour[k];
  }
  return product;
}

TEST(Saturation, GoesFromGreyToTheImageAndOn) {
  const std::vector<double> colour = {0.9, 0.2, 0.4};
  const double luminance = 0.299 * 0.9 + 0.587 * 0.2 + 0.114 * 0.4;
  for (const double factor : {0.0, 0.5, 1.0, 2.0}) {
    const auto matrix = drawn_by<ColourMatrix>("saturation", {{"factor", {factor, factor}}}, 1)[0];
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(times(matrix, colour)[c], luminance + factor * (colour[c] - luminance), 1e-12);
  }
}

TEST(Hue, TurnsAboutTheGreyAxis) {
  const auto turn = [](double degrees) {
    return drawn_by<ColourMatrix>("hue", {{"degrees", {degrees, degrees}}}, 1)[0];
  };
  const auto expect_colour = [](const std::vector<double>& found, const std::vector<double>& expected) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(found[c], expected[c], 0.002);
  };
  const std::vector<double> colour = {0.5, 0.3, 0.8};
  expect_colour(times(turn(0), colour), colour);
  for (const double degrees : {-70.0, 33.0, 180.0}) {
    expect_colour(times(turn(degrees), {0.6, 0.6, 0.6}), {0.6, 0.6, 0.6});
    const std::vector<double> turned = times(turn(degrees), colour);
    EXPECT_NEAR(0.213 * turned[0] + 0.715 * turned[1] + 0.072 * turned[2],
                0.213 * 0.5 + 0.715 * 0.3 + 0.072 * 0.8, 0.001);
    expect_colour(times(turn(-degrees), turned), colour);
    expect_colour(times(turn(degrees), times(turn(20), colour)),
                  times(turn(degrees + 20 > 180 ? degrees - 340 : degrees + 20), colour));
  }
}

TEST(Erasing, DrawsRectanglesOfAnAreaInsideTheImage) {
  const auto erases = drawn_by<Erase>(
      "erasing", {{"rectangles", 4}, {"area", {0.05, 0.3}}, {"aspect", {0.5, 2}}, {"value", 0.7}});
  std::vector<double> areas, aspects, lefts;
  for (const Erase& erase : erases) {
    EXPECT_EQ(erase.rectangles.size(), 4U);
    EXPECT_EQ(erase.value, 0.7);
    for (const Rectangle& r : erase.rectangles) {
      EXPECT_GE(r.top, 0);
      EXPECT_GE(r.left, 0);
      EXPECT_LE(r.top + r.height, 30);
      EXPECT_LE(r.left + r.width, 50);
      areas.push_back(static_cast<double>(r.height * r.width) / 1500);
      aspects.push_back(static_cast<double>(r.height) / static_cast<double>(r.width));
      lefts.push_back(static_cast<double>(r.left) / static_cast<double>(50 - r.width));
    }
  }
  const auto [least, most] = std::minmax_element(areas.begin(), areas.end());
  EXPECT_NEAR(*least, 0.05, 0.015);  // sides are whole pixels
  EXPECT_NEAR(*most, 0.3, 0.03);
  EXPECT_NEAR(*std::max_element(aspects.begin(), aspects.end()), 2, 0.35);
  expect_fills(lefts, 0, 1);
}

}  // namespace
}  // namespace segbench::augmentations
