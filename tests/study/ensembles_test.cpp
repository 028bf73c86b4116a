// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/identity.h"
#include "harness/study/resolved.h"
#include "tests/study/load.h"

namespace segbench::study {
namespace {

using testing::HasSubstr;

const char* const kEnsembleStudy = R"(
[[variant]]
label = "a"
training = { epochs = 1 }
[[variant]]
label = "b"
training = { epochs = 2 }
[[ensemble]]
label = "both"
variants = ["b", "a"]
)";

TEST(Ensembles, AreVariantsThatNameTheirMembers) {
  const Study study = Folder().load(kEnsembleStudy);
  ASSERT_EQ(study.variants.size(), 3U);
  const core::Variant& both = study.variants[2];
  EXPECT_EQ(both.label, "both");
  std::vector<std::string> ids = {study.variants[0].id, study.variants[1].id};
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(both.config.ensemble, ids);
  EXPECT_EQ(both.axes, core::Json::object());
  EXPECT_EQ(both.id, core::variant_id(both.config));
  EXPECT_NE(both.id, study.variants[0].id);
  EXPECT_EQ(core::to_json(core::variant_config_from_json(core::to_json(both.config))),
            core::to_json(both.config));
  const Folder folder;
  const Study again = load_study(folder.write("resolved.toml", resolved_toml(study)));
  EXPECT_EQ(again.variants[2].id, both.id) << "the resolved form is the same study";
}

TEST(Ensembles, DoNotDependOnTheOrderOfTheirMembers) {
  std::string turned = kEnsembleStudy;
  turned.replace(turned.find(R"(["b", "a"])"), 10, R"(["a", "b"])");
  EXPECT_EQ(Folder().load(turned).variants[2].id, Folder().load(kEnsembleStudy).variants[2].id);
}

TEST(Ensembles, ClaimsNameThemByLabelAndSettingsMeanMembers) {
  const Study study = Folder().load(std::string(kEnsembleStudy) + R"(
[[claim]]
candidate = "both"
reference = { "training.epochs" = 1 }
metric = "miou"
better_by = 0.0
)");
  EXPECT_EQ(study.claims[0]["candidate_id"], study.variants[2].id);
  EXPECT_EQ(study.claims[0]["reference_id"], study.variants[0].id);
}

std::string members() {
  std::string text = kEnsembleStudy;
  text.resize(text.find("[[ensemble]]"));
  return text;
}

TEST(Ensembles, TakeSeveralSeedsOfAVariant) {
  const std::string text = members() + R"(
[trials]
seeds = [1, 2, 3, 4]
[[ensemble]]
label = "two of a"
variants = ["a"]
seeds = 2
[[ensemble]]
label = "four of a"
variants = ["a"]
seeds = 4
)";
  const Study study = Folder().load(text);
  ASSERT_EQ(study.variants.size(), 4U);
  EXPECT_EQ(study.variants[2].config.ensemble, std::vector<std::string>{study.variants[0].id});
  EXPECT_EQ(study.variants[2].config.ensemble_seeds, 2);
  EXPECT_NE(study.variants[2].id, study.variants[3].id);
  EXPECT_EQ(core::to_json(core::variant_config_from_json(core::to_json(study.variants[3].config))),
            core::to_json(study.variants[3].config));
  const Folder folder;
  const Study again = load_study(folder.write("resolved.toml", resolved_toml(study)));
  EXPECT_EQ(ids(again), ids(study)) << "the resolved form is the same study";
}

std::string ensemble_refusal(const std::string& ensemble, const std::string& before = "") {
  return Folder().problems("extends = \"$BASE\"\n" + before + members() + "[[ensemble]]\n" + ensemble);
}

TEST(Ensembles, AreRefusedWithoutSoundMembers) {
  EXPECT_THAT(ensemble_refusal("label = \"x\"\nvariants = [\"a\", \"c\"]\n"),
              HasSubstr("no variant is called \"c\""));
  EXPECT_THAT(ensemble_refusal("label = \"x\"\nvariants = [\"a\"]\n"), HasSubstr("needs at least two"));
  EXPECT_THAT(ensemble_refusal("label = \"x\"\nvariants = [\"a\", \"a\"]\n"), HasSubstr("lists \"a\" twice"));
  EXPECT_THAT(ensemble_refusal("label = \"a\"\nvariants = [\"a\", \"b\"]\n"),
              HasSubstr("\"a\" is used twice"));
  EXPECT_THAT(ensemble_refusal("variants = [\"a\", \"b\"]\n"), HasSubstr("ensemble.label is missing"));
  const std::string of_seeds = "label = \"x\"\nvariants = [\"a\"]\nseeds = 3\n";
  EXPECT_THAT(ensemble_refusal(of_seeds, "trials.seeds = [1, 3, 5]\n"),
              HasSubstr("ensemble.seeds is 3, but the study has no 3 seeds in a row; its seeds: 1, 3, 5"));
  EXPECT_THAT(ensemble_refusal(of_seeds, "data.folds = 3\n"), HasSubstr("each seed leaves out another fold"));
  EXPECT_THAT(ensemble_refusal("label = \"x\"\nvariants = []\nseeds = 3\n"), HasSubstr("needs at least one"));
}

}  // namespace
}  // namespace segbench::study
