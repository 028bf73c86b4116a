// SPDX-License-Identifier: MIT
#include "harness/core/background.h"

#include <gtest/gtest.h>

#include "harness/core/identity.h"
#include "harness/core/variant.h"

namespace segbench::core {
namespace {

TEST(Background, IsFoundByItsName) {
  EXPECT_EQ(background_by_name({"background", "cell"}), 0);
  EXPECT_EQ(background_by_name({"_background_", "cell"}), 0);
  EXPECT_EQ(background_by_name({"BG", "x"}), 0);
  EXPECT_EQ(background_by_name({"pet", "Background", "border"}), 1);
  EXPECT_EQ(background_by_name({"Unlabelled", "road"}), 0);
  EXPECT_EQ(background_by_name({"other", "road"}), 0);
  EXPECT_EQ(background_by_name({"no_ship", "ship"}), 0);
  EXPECT_EQ(background_by_name({"Non-Building", "Building"}), 0);
  EXPECT_EQ(background_by_name({"Sky", "Building", "other"}), std::nullopt);
  EXPECT_EQ(background_by_name({"pet", "border"}), std::nullopt);
  EXPECT_EQ(background_by_name({"nonage", "northern"}), std::nullopt);
  EXPECT_EQ(background_by_name({}), std::nullopt);
}

TEST(Background, TheSettingComesBeforeTheNameAndTheKind) {
  const PartSpec by_name{.kind = PartKind::kDataSet, .name = "x", .traits = {{"background", "by_name"}}};
  const PartSpec none{.kind = PartKind::kDataSet, .name = "x", .traits = {{"background", nullptr}}};
  const PartSpec silent{.kind = PartKind::kDataSet, .name = "x"};
  const Json classes = {"background", "a", "b"};
  EXPECT_EQ(background_of(by_name, {{"classes", classes}}), 0);
  EXPECT_EQ(background_of(by_name, {{"classes", classes}, {"background", nullptr}}), 0);
  EXPECT_EQ(background_of(by_name, {{"classes", classes}, {"background", false}}), std::nullopt);
  EXPECT_EQ(background_of(by_name, {{"classes", classes}, {"background", "b"}}), 2);
  EXPECT_EQ(background_of(none, Json::object()), std::nullopt);
  EXPECT_EQ(background_of(silent, Json::object()), 0);
}

TEST(Background, AMetricThatLeavesItOutNeedsOne) {
  EXPECT_EQ(default_metric(0), "miou_no_background");
  EXPECT_EQ(default_metric(std::nullopt), "miou");
  EXPECT_EQ(metric_problem("miou_no_background", 2), "");
  EXPECT_EQ(metric_problem("miou", std::nullopt), "");
  EXPECT_EQ(metric_problem("mean_dice_no_background", std::nullopt),
            "\"mean_dice_no_background\" leaves out the background, and these data have no background class; "
            "use \"mean_dice\"");
}

TEST(Background, IsCarriedByAVariantAndNotByItsId) {
  VariantConfig config;
  config.data.kind = "folders";
  config.data.train.official = config.data.selection.official = config.data.test.official = {"train"};
  const std::string id = variant_id(config);
  EXPECT_FALSE(to_json(config)["data"].contains("background"));
  for (const Background& background : {Background(), Background(2)}) {
    config.data.background = background;
    EXPECT_EQ(variant_config_from_json(to_json(config)).data.background, background);
    EXPECT_EQ(variant_id(config), id);
  }
  config.data.params["background"] = nullptr;
  EXPECT_EQ(variant_id(config), id) << "a setting that came later and is not set";
  config.data.params["background"] = false;
  EXPECT_NE(variant_id(config), id);
}

}  // namespace
}  // namespace segbench::core
