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

std::string refusal(const std::string& ensemble) {
  std::string members = kEnsembleStudy;
  members.resize(members.find("[[ensemble]]"));
  return Folder().problems("extends = \"$BASE\"\n" + members + "[[ensemble]]\n" + ensemble);
}

TEST(Ensembles, AreRefusedWithoutSoundMembers) {
  EXPECT_THAT(refusal("label = \"x\"\nvariants = [\"a\", \"c\"]\n"), HasSubstr("no variant is called \"c\""));
  EXPECT_THAT(refusal("label = \"x\"\nvariants = [\"a\"]\n"), HasSubstr("needs at least two"));
  EXPECT_THAT(refusal("label = \"x\"\nvariants = [\"a\", \"a\"]\n"), HasSubstr("lists \"a\" twice"));
  EXPECT_THAT(refusal("label = \"a\"\nvariants = [\"a\", \"b\"]\n"), HasSubstr("\"a\" is used twice"));
  EXPECT_THAT(refusal("variants = [\"a\", \"b\"]\n"), HasSubstr("ensemble.label is missing"));
}

}  // namespace
}  // namespace segbench::study
