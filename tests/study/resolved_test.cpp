// SPDX-License-Identifier: MIT
#include "harness/study/resolved.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/study/load.h"

namespace segbench::study {
namespace {

using core::Json;

/// A claim or published number without the way in which it names its variants.
Json without_selectors(Json entries) {
  for (Json& entry : entries) {
    for (const char* name : {"candidate", "reference", "variant"}) entry.erase(name);
    if (entry.contains("explained_by"))
      for (Json& cause : entry["explained_by"]) cause.erase("variant");
  }
  return entries;
}

void expect_round_trip(const Study& study) {
  const Folder folder;
  const std::string text = resolved_toml(study);
  SCOPED_TRACE(text);
  const Study again = load_study(folder.write("resolved.toml", text));
  EXPECT_EQ(ids(again), ids(study));
  EXPECT_EQ(labels(again), labels(study));
  EXPECT_EQ(again.seeds, study.seeds);
  EXPECT_EQ(again.name, study.name);
  EXPECT_EQ(again.question, study.question);
  EXPECT_EQ(again.margin, study.margin);
  EXPECT_EQ(resolved_json(again).value("until", Json()), resolved_json(study).value("until", Json()));
  EXPECT_EQ(without_selectors(again.claims), without_selectors(study.claims));
  EXPECT_EQ(without_selectors(again.published), without_selectors(study.published));
  EXPECT_EQ(resolved_json(again)["run"], resolved_json(study)["run"]);
  for (std::size_t i = 0; i < study.variants.size(); ++i) {
    EXPECT_EQ(core::to_json(again.variants[i].config), core::to_json(study.variants[i].config));
  }
}

TEST(ResolvedToml, ResolvesToTheSameVariants) {
  for (const char* name : {"smallest", "sizes", "kitchen_sink", "parts_in_parts"}) {
    expect_round_trip(load_study(experiments() / "valid" / (std::string(name) + ".toml")));
  }
}

TEST(ResolvedToml, KeepsTheRuleThatAddsSeeds) {
  const Folder folder;
  const Study study = folder.load("[trials]\ncount = 9\nuntil = \"decided\"\nlook_every = 2\n");
  EXPECT_EQ(resolved_json(study).at("until"), (Json{{"first_look", 3}, {"look_every", 2}}));
  expect_round_trip(study);
  EXPECT_FALSE(resolved_json(folder.load("[trials]\ncount = 9\n")).contains("until"));
}

TEST(ResolvedToml, KeepsPartsApartAndEscapesText) {
  const Folder folder;
  expect_round_trip(folder.load(
      "question = \"a \\\"b\\\" \\\\ \\u0001 \\n ü\"\nmargin = 0.005\n"
      "[matrix]\nmodel = [{ architecture = \"fake_flat\" }, { architecture = \"fake_halving\", dropout = 0.5 "
      "}]\n"
      "data = [{ kind = \"fake_blobs\", samples = 10 }, { kind = \"fake_streets\", root = \"/a/$${X}/b\" }]\n"
      "\"training.optimizer\" = [\"fake_adaptive\", { name = \"fake_adaptive\", clip = 1 }, { name = "
      "\"fake_descent\", "
      "learning_rate = 1e-7 }]\n",
      {"data.resolution=[32, 64]", "training.gradient_clip_norm=1", "training.gradient_clip_value=0.5",
       "training.accumulate_batches=2", "training.encoder_learning_rate_factor=0.1",
       "training.moving_average=0.99", "training.early_stopping_patience=3",
       "training.early_stopping_min_delta=0.01", "training.stop_at=0.9", "run.keep_weights=3",
       "run.keep_weights_in=kept"}));
}

TEST(StudyJson, HoldsWhatAReportNeeds) {
  const Study study = load_study(experiments() / "valid/sizes.toml", {"training.epochs=3"});
  const Json json = study_json(study, {"t1", "t2"}, {{"warnings", Json::array()}}, "segbench run sizes.toml");
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["name"], "sizes");
  EXPECT_EQ(json["overrides"], Json({"training.epochs=3"}));
  EXPECT_THAT(json["source"].get<std::string>(), testing::HasSubstr("not_worse_by = 0.01"));
  EXPECT_EQ(json["variants"].size(), 3U);
  EXPECT_EQ(json["variants"][0]["axes"], Json({{"model.size", "small"}}));
  EXPECT_EQ(json["variants"][0]["config"]["training"]["epochs"], 3);
  EXPECT_EQ(json["claims"][0]["candidate_label"], "medium");
  EXPECT_EQ(json["trials"], Json({"t1", "t2"}));
  EXPECT_EQ(json["command"], "segbench run sizes.toml");
  EXPECT_TRUE(json["segbench_version"].is_string());
}

}  // namespace
}  // namespace segbench::study
