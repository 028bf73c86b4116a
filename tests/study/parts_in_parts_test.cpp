// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/part.h"
#include "tests/study/load.h"

// Parameters that are parts or lists of parts, and schedules.

namespace segbench::study {
namespace {

using core::Json;
using testing::ElementsAre;

core::Variant variant_of(const Folder& folder, const std::string& text,
                         const std::vector<std::string>& overrides = {}) {
  return folder.load(text, overrides).variants.at(0);
}

TEST(PartsInParts, AListIsTheSumOfItsItemsHoweverItIsWritten) {
  const Folder folder;
  const Json expected = Json::parse(R"({"name": "sum", "terms": [
      {"name": "fake_entropy", "class_weights": "none", "weight": 1.0},
      {"name": "fake_mild", "inner": {"name": "fake_entropy", "class_weights": "none"}, "weight": 0.5}]})");
  const std::string plain = "[{ name = \"fake_entropy\" }, { name = \"fake_mild\", weight = 0.5 }]";
  const std::string written_out =
      "{ name = \"sum\", terms = [{ name = \"fake_entropy\", class_weights = \"none\", weight = 1 }, "
      "{ name = \"fake_mild\", inner = \"fake_entropy\", weight = 0.5 }] }";
  const std::string id = variant_of(folder, "[training]\nloss = " + plain).id;
  for (const std::string& loss : {plain, written_out}) {
    for (const core::Variant& variant :
         {variant_of(folder, "[training]\nloss = " + loss), variant_of(folder, "", {"training.loss=" + loss}),
          variant_of(folder, "[[variant]]\ntraining.loss = " + loss)}) {
      EXPECT_EQ(core::to_json(variant.config.training.loss).dump(), expected.dump()) << loss;
      EXPECT_EQ(variant.id, id) << loss;
    }
  }
}

TEST(PartsInParts, EveryParameterOfEveryPartCounts) {
  const Folder folder;
  const auto id = [&](const std::string& loss) {
    return variant_of(folder, "[training]\nloss = " + loss).id;
  };
  const std::string plain = id("[\"fake_entropy\", \"fake_mild\"]");
  EXPECT_NE(id("[\"fake_mild\", \"fake_entropy\"]"), plain);
  EXPECT_NE(id("[\"fake_entropy\", { name = \"fake_mild\", weight = 2 }]"), plain);
  EXPECT_NE(id("[{ name = \"fake_entropy\", class_weights = \"inverse\" }, \"fake_mild\"]"), plain);
  EXPECT_NE(id("[\"fake_entropy\", { name = \"fake_mild\", inner = { name = \"fake_entropy\", "
               "class_weights = [1, 2, 3] } }]"),
            plain);
}

TEST(PartsInParts, AnotherPartReplacesTheInheritedOne) {
  const Folder folder;
  const std::string base =
      "[training]\nloss = { name = \"fake_mild\", inner = { name = \"fake_margin\", margin = 1 } }\n";
  const auto inner = [&](const std::string& more, const std::vector<std::string>& overrides) {
    return core::to_json(variant_of(folder, base + more, overrides).config.training.loss).at("inner");
  };
  EXPECT_EQ(inner("", {"training.loss.inner.margin=3"}), Json({{"name", "fake_margin"}, {"margin", 3.0}}));
  EXPECT_EQ(inner("[[variant]]\ntraining.loss.inner = { name = \"fake_entropy\" }\n", {}),
            Json({{"name", "fake_entropy"}, {"class_weights", "none"}}));
  EXPECT_EQ(inner("", {"training.loss.inner=fake_entropy"}).at("class_weights"), "none");
}

// What an item of a list says stands beside the parameters of its part, so no part may have one of that name.
TEST(PartsInParts, ItemsSayNothingThatAPartSaysToo) {
  const core::PartRegistry& registry = core::PartRegistry::instance();
  int compared = 0;
  for (const core::PartKind kind : core::kPartKinds) {
    for (const core::PartSpec* owner : registry.all(kind)) {
      for (const core::ParamSpec& list : owner->params) {
        for (const core::ParamSpec& beside : list.item_params) {
          for (const core::PartSpec* part : registry.all(*list.part_of)) {
            ++compared;
            for (const core::ParamSpec& param : part->params)
              EXPECT_NE(param.name, beside.name) << owner->name << "." << list.name << ", " << part->name;
          }
        }
      }
    }
  }
  EXPECT_GE(compared, 2);
}

TEST(PartsInParts, AxesOfListsAreNamedAndSelected) {
  const Study study = load_study(experiments() / "valid/parts_in_parts.toml");
  ASSERT_EQ(study.variants.size(), 6U);
  EXPECT_EQ(study.claims.at(0).at("candidate_id"), study.variants[2].id);
  EXPECT_EQ(study.claims.at(0).at("reference_id"), study.variants[1].id);
  EXPECT_THAT(study.variants[0].label, testing::HasSubstr("no schedule"));
  EXPECT_THAT(study.variants[2].label, testing::HasSubstr("fake_entropy+fake_mild"));
}

TEST(Schedule, IsAbsentUnlessItIsGiven) {
  const Folder folder;
  const core::Variant plain = variant_of(folder, "");
  EXPECT_FALSE(core::to_json(plain.config).at("training").contains("schedule"));
  EXPECT_EQ(variant_of(folder, "training.schedule = \"none\"").id, plain.id);
  const std::string decay = "training.schedule = { name = \"inverse_time\", decay = 0.5 }";
  const core::Variant falling = variant_of(folder, decay);
  EXPECT_NE(falling.id, plain.id);
  EXPECT_EQ(core::to_json(falling.config).at("training").at("schedule"),
            Json({{"name", "inverse_time"}, {"decay", 0.5}}));
  EXPECT_EQ(core::to_json(core::variant_config_from_json(core::to_json(falling.config))),
            core::to_json(falling.config));
  EXPECT_EQ(variant_of(folder, decay, {"training.schedule=none"}).id, plain.id);
}

// What it stands for is what it is: results of the two spellings are the same results.
TEST(Schedule, AnOptimizersDecayIsTheScheduleThatItStandsFor) {
  const Folder folder;
  const auto id = [&](const std::string& text) { return variant_of(folder, "[training]\n" + text).id; };
  const std::string decay = id("optimizer = { name = \"adam\", decay = 1e-3 }\n");
  EXPECT_EQ(id("optimizer = \"adam\"\nschedule = { name = \"inverse_time\", decay = 1e-3 }\n"), decay);
  EXPECT_NE(id("optimizer = \"adam\"\nschedule = { name = \"inverse_time\", decay = 1e-2 }\n"), decay);
}

}  // namespace
}  // namespace segbench::study
