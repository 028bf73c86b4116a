// SPDX-License-Identifier: MIT
#include "harness/core/looks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/study_file.h"

namespace segbench::core {
namespace {

using testing::ElementsAre;
using testing::Pair;

Json study_of(std::size_t seeds) {
  Json study = {{"variants", {{{"id", "a"}}, {{"id", "b"}}, {{"id", "c"}}}}, {"seeds", Json::array()}};
  for (std::size_t s = 1; s <= seeds; ++s) study["seeds"].push_back(s);
  return study;
}

Json sequential(std::size_t seeds) {
  Json study = study_of(seeds);
  study["until"] = {{"first_look", 3}, {"look_every", 2}};
  return study;
}

Json look(const Json& study, std::size_t seeds, const std::vector<std::string>& dropped, bool decided) {
  Json json = {{"rule", rule_sha256(study)}, {"seeds", seeds}, {"decided", decided}};
  json["dropped"] = Json::array();
  for (const std::string& variant : dropped) json["dropped"].push_back({{"variant", variant}});
  return json;
}

TEST(Looks, FollowTheRuleUpToAllSeeds) {
  EXPECT_THAT(planned_looks(sequential(8)), ElementsAre(3, 5, 7, 8));
  EXPECT_THAT(planned_looks(sequential(7)), ElementsAre(3, 5, 7));
  EXPECT_THAT(planned_looks(sequential(3)), ElementsAre(3));
  EXPECT_TRUE(planned_looks(study_of(8)).empty());
}

TEST(Looks, WantMoreSeedsOfWhatMayStillWin) {
  EXPECT_THAT(wanted_seeds(study_of(8)), ElementsAre(Pair("a", 8), Pair("b", 8), Pair("c", 8)));
  Json study = sequential(8);
  EXPECT_THAT(wanted_seeds(study), ElementsAre(Pair("a", 3), Pair("b", 3), Pair("c", 3)));
  study["looks"] = {look(study, 3, {"b"}, false)};
  EXPECT_THAT(wanted_seeds(study), ElementsAre(Pair("a", 5), Pair("b", 3), Pair("c", 5)));
  study["looks"].push_back(look(study, 5, {}, true));
  EXPECT_THAT(wanted_seeds(study), ElementsAre(Pair("a", 5), Pair("b", 3), Pair("c", 5)));
  study["looks"].back()["decided"] = false;
  study["looks"].push_back(look(study, 7, {}, false));
  study["looks"].push_back(look(study, 8, {}, false));
  EXPECT_THAT(wanted_seeds(study), ElementsAre(Pair("a", 8), Pair("b", 3), Pair("c", 8)));
}

TEST(Looks, KeepTheMembersOfAnEnsembleThatRemains) {
  Json study = sequential(8);
  study["variants"].push_back({{"id", "e"}, {"config", {{"ensemble", {"a", "b"}}}}});
  study["looks"] = {look(study, 3, {"a", "c"}, false)};
  EXPECT_THAT(wanted_seeds(study), ElementsAre(Pair("a", 5), Pair("b", 5), Pair("c", 3), Pair("e", 5)));
}

TEST(Looks, OfAnotherRuleDoNotCount) {
  Json study = sequential(8);
  study["looks"] = {look(study, 3, {"b"}, false)};
  study["margin"] = 0.01;
  EXPECT_EQ(wanted_seeds(study).at("b"), 3u);
  EXPECT_EQ(wanted_seeds(study).at("a"), 3u);
}

TEST(Looks, AreSealedWithTheirRule) {
  EXPECT_NE(sealed_form_sha256(study_of(8)), sealed_form_sha256(sequential(8)));
}

}  // namespace
}  // namespace segbench::core
