// SPDX-License-Identifier: MIT
// Every augmentation that there is, by the traits that it declares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using core::Json;
using core::PartKind;
using core::PartSpec;
using testing::HasSubstr;
using tests::changed;
using tests::Picture;

constexpr int kDraws = 200;

std::vector<const PartSpec*> parts_of(const std::string& effect) {
  std::vector<const PartSpec*> found;
  for (const PartSpec* part : core::PartRegistry::instance().all(PartKind::kAugmentation)) {
    if (part->traits.at("effect") == effect) found.push_back(part);
  }
  return found;
}

Augmentations always(const PartSpec& part, Json params = Json::object()) {
  params["probability"] = 1;
  return make_augmentations({{part.name, params}});
}

Drawn nth(const Augmentations& augmentations, const Extent& extent, int index) {
  return draw(augmentations, extent, 11, 2, index);
}

TEST(AugmentationParts, EachHasADescriptionATraitAndAnImplementation) {
  EXPECT_EQ(AugmentationFactory::instance().names(),
            core::PartRegistry::instance().names(PartKind::kAugmentation));
  std::size_t parts = 0;
  for (const char* effect :
       {"permutation", "geometry", "values", "erasing", "mixing", "choice", "sampling"}) {
    EXPECT_FALSE(parts_of(effect).empty()) << "nothing tests the effect " << effect;
    parts += parts_of(effect).size();
  }
  EXPECT_EQ(parts, core::PartRegistry::instance().all(PartKind::kAugmentation).size());
  for (const PartSpec* part : core::PartRegistry::instance().all(PartKind::kAugmentation)) {
    EXPECT_EQ(part->params.at(0).name, "probability") << part->name;
    EXPECT_TRUE(part->traits.at("needs_colour").is_boolean());
    for (const core::ParamSpec& param : part->params)
      EXPECT_FALSE(core::check_param(param, param.default_value.value())) << part->name << "." << param.name;
  }
}

TEST(AugmentationParts, EachChangesSomethingAndItsProbabilityIsKept) {
  for (const PartSpec* part : core::PartRegistry::instance().all(PartKind::kAugmentation)) {
    SCOPED_TRACE(part->name);
    const Picture before(16, 16, 3);
    const Augmentations augmentations = always(*part),
                        never = make_augmentations({{part->name, {{"probability", 0}}}});
    int changes = 0;
    for (int i = 0; i < kDraws; ++i) {
      changes += changed(before, nth(augmentations, before.format.extent, i)) == before ? 0 : 1;
      EXPECT_TRUE(nth(never, before.format.extent, i).changes_nothing());
    }
    if (part->traits.at("effect") == "sampling")
      EXPECT_EQ(changes, 0);
    else
      EXPECT_GT(changes, kDraws * 3 / 4);
  }
}

TEST(AugmentationParts, PermutationsMoveEveryPixelOfASquareOnce) {
  const auto sorted_pixels = [](const Picture& picture) {
    std::vector<std::array<int, 3>> pixels;
    tests::each_pixel(picture, [&](std::int64_t row, std::int64_t column) {
      pixels.push_back(
          {picture.number(row, column, 0), picture.number(row, column, 1), picture.label(row, column)});
    });
    std::sort(pixels.begin(), pixels.end());
    return pixels;
  };
  for (const PartSpec* part : parts_of("permutation")) {
    SCOPED_TRACE(part->name);
    for (const int side : {6, 7}) {
      const Picture before(side, side, 2, 16);
      const Augmentations augmentations = always(*part);
      for (int i = 0; i < 20; ++i) {
        const Drawn drawn = nth(augmentations, before.format.extent, i);
        EXPECT_TRUE(drawn.values.empty());
        EXPECT_EQ(sorted_pixels(changed(before, drawn)), sorted_pixels(before));
      }
    }
  }
}

TEST(AugmentationParts, GeometryMovesImageAndMaskAlike) {
  for (const char* effect : {"permutation", "geometry", "choice"}) {
    for (const PartSpec* part : parts_of(effect)) {
      SCOPED_TRACE(part->name);
      // A ramp too gentle for interpolation to leave the nearest pixel's step: label = image / 4, give or
      // take.
      Picture before(32, 40, 1);
      tests::each_pixel(before, [&](std::int64_t row, std::int64_t column) {
        before.set(row, column, 0, static_cast<int>(20 + 3 * row + 2 * column));
        before.labels[static_cast<std::size_t>(row * 40 + column)] =
            static_cast<std::uint8_t>(20 + 3 * row + 2 * column);
      });
      const Augmentations augmentations = always(*part);
      int seen = 0;
      for (int i = 0; i < 20; ++i) {
        const Drawn drawn = nth(augmentations, before.format.extent, i);
        EXPECT_TRUE(drawn.values.empty());
        const Picture after = changed(before, drawn);
        tests::each_pixel(after, [&](std::int64_t row, std::int64_t column) {
          const int label = after.label(row, column), number = after.number(row, column, 0);
          if (label == core::kVoidLabel) {
            EXPECT_EQ(number, 0);
            return;
          }
          ++seen;
          EXPECT_NEAR(number, label, 3) << "half a pixel at most";
        });
      }
      EXPECT_GT(seen, 20 * 32 * 40 / 2);
    }
  }
}

TEST(AugmentationParts, ValuesLeaveTheMaskAlone) {
  for (const PartSpec* part : parts_of("values")) {
    SCOPED_TRACE(part->name);
    for (const int bits : {8, 16}) {
      const Picture before(10, 14, 3, bits);
      const Augmentations augmentations = always(*part);
      for (int i = 0; i < 10; ++i) {
        const Drawn drawn = nth(augmentations, before.format.extent, i);
        EXPECT_EQ(drawn.geometry, Affine{});
        EXPECT_EQ(changed(before, drawn).labels, before.labels);
      }
    }
  }
}

TEST(AugmentationParts, ErasingTakesTheMaskOnlyWhereAsked) {
  for (const PartSpec* part : parts_of("erasing")) {
    SCOPED_TRACE(part->name);
    const Picture before(20, 30, 3);
    for (const char* labels : {"kept", "void"}) {
      const Augmentations augmentations = always(*part, {{"labels", labels}});
      std::size_t voided = 0;
      for (int i = 0; i < 50; ++i) {
        const Picture after = changed(before, nth(augmentations, before.format.extent, i));
        voided +=
            static_cast<std::size_t>(std::count(after.labels.begin(), after.labels.end(), core::kVoidLabel));
      }
      EXPECT_EQ(voided > 0, std::string(labels) == "void");
      EXPECT_LT(voided, 50U * 600U / 4);
    }
  }
}

TEST(AugmentationParts, MixingPastesImageAndMaskAlike) {
  for (const PartSpec* part : parts_of("mixing")) {
    SCOPED_TRACE(part->name);
    const Picture before(20, 30, 3), partner(before.format, 99);
    const Augmentations augmentations = always(*part);
    int pasted = 0;
    for (int i = 0; i < 20; ++i) {
      const Drawn drawn = nth(augmentations, before.format.extent, i);
      EXPECT_TRUE(!drawn.moves() && drawn.values.empty());
      const Picture after = changed(before, drawn);
      tests::each_pixel(after, [&](std::int64_t row, std::int64_t column) {
        const bool is_partner = after.number(row, column, 0) == partner.number(row, column, 0) &&
                                after.number(row, column, 1) == partner.number(row, column, 1);
        const Picture& source = is_partner ? partner : before;
        pasted += is_partner ? 1 : 0;
        EXPECT_EQ(after.label(row, column), source.label(row, column));
        for (int c = 0; c < 3; ++c) EXPECT_EQ(after.number(row, column, c), source.number(row, column, c));
      });
    }
    EXPECT_GT(pasted, 20 * 600 / 20);
    EXPECT_LT(pasted, 20 * 600);
  }
}

/// What its check says of parameters beside images of so many channels.
std::vector<core::PartProblem> problems_of(const PartSpec& part, const Json& params, int channels = 3) {
  return part.check(params, {{"data", {{"channels", channels}}}});
}

Json defaults_of(const PartSpec& part) {
  return core::with_defaults(part, Json::object());
}

TEST(AugmentationParts, RangesAreTwoNumbersInOrderAndEndsAreReached) {
  int ranges = 0;
  for (const PartSpec* part : core::PartRegistry::instance().all(PartKind::kAugmentation)) {
    EXPECT_TRUE(problems_of(*part, defaults_of(*part)).empty()) << part->name;
    for (const core::ParamSpec& param : part->params) {
      if ((param.types & core::kNumberList) == 0) continue;
      SCOPED_TRACE(part->name + "." + param.name);
      ++ranges;
      for (const Json& bad : {Json::array({0.5}), Json::array({0.5, 0.4}), Json::array({0.1, 0.2, 0.3})}) {
        Json params = defaults_of(*part);
        params[param.name] = bad;
        const auto problems = problems_of(*part, params);
        ASSERT_EQ(problems.size(), 1U) << bad;
        EXPECT_EQ(problems[0].key, "." + param.name);
        EXPECT_THAT(problems[0].message, HasSubstr("must be [low, high] with low <= high"));
      }
      // Both ends at an end that is allowed: one outcome, and it can be applied.
      for (const double end : {param.minimum.value(), param.maximum.value()}) {
        const Picture before(9, 12, 3);
        const Augmentations augmentations = always(*part, {{param.name, {end, end}}});
        EXPECT_EQ(changed(before, nth(augmentations, before.format.extent, 1)).labels.size(),
                  before.labels.size());
      }
    }
  }
  EXPECT_GT(ranges, 5);
}

TEST(AugmentationParts, ThoseOfColourRefuseOtherChannels) {
  int colour = 0;
  for (const PartSpec* part : core::PartRegistry::instance().all(PartKind::kAugmentation)) {
    SCOPED_TRACE(part->name);
    const auto problems = problems_of(*part, defaults_of(*part), 1);
    if (part->traits.at("needs_colour") == true) {
      ++colour;
      ASSERT_EQ(problems.size(), 1U);
      EXPECT_THAT(problems[0].message, HasSubstr("data.channels = 3, but there are 1"));
    } else {
      EXPECT_TRUE(problems.empty());
      for (const int channels : {1, 5}) {
        const Picture before(8, 8, channels, 16);
        EXPECT_EQ(changed(before, nth(always(*part), before.format.extent, 1)) == before,
                  part->traits.at("effect") == "sampling")
            << channels;
      }
    }
  }
  EXPECT_GE(colour, 2);
}

}  // namespace
}  // namespace segbench::augmentations
