// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

using testing::ElementsAre, testing::HasSubstr;

const std::vector<std::string> kNames = {"Sky", "Car", "Tree", "Truck_Bus"};

TEST(MergeClasses, PutsTheNewClassWhereItsFirstOneStood) {
  const MergedClasses merged = merge_classes(kNames, {{"vehicle", {"Truck_Bus", "Car"}}});
  EXPECT_THAT(merged.names, ElementsAre("Sky", "vehicle", "Tree"));
  EXPECT_THAT(merged.index_of, ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(merged.first_of, ElementsAre(0, 1, 2));
  EXPECT_THAT(merge_classes(kNames, {{"Car", {"Car", "Truck_Bus"}}}).names,
              ElementsAre("Sky", "Car", "Tree"));
}

TEST(MergeClasses, SaysWhatIsWrong) {
  EXPECT_EQ(merge_problem(kNames, {{"vehicle", {"Car", "Truck_Bus"}}}), "");
  EXPECT_THAT(merge_problem(kNames, {{"vehicle", {"Cat"}}}), HasSubstr("unknown class \"Cat\""));
  EXPECT_THAT(merge_problem(kNames, {{"vehicle", {"Cat"}}}), HasSubstr("did you mean \"Car\"?"));
  EXPECT_THAT(merge_problem(kNames, {{"a", {"Car"}}, {"b", {"Sky", "Car"}}}),
              HasSubstr("lists \"Car\" twice"));
  EXPECT_THAT(merge_problem(kNames, {{"Sky", {"Car", "Tree"}}}), HasSubstr("not merged"));
  EXPECT_THAT(merge_problem(kNames, {{"all", kNames}}), HasSubstr("fewer than two classes"));
  EXPECT_THAT(merge_problem(kNames, {{"none", {}}}), HasSubstr("unites no class"));
  EXPECT_THROW(merge_classes(kNames, {{"none", {}}}), UserError);
}

TEST(NumClasses, CountsMergedOnes) {
  const Json data = {{"kind", "nowhere"}, {"params", {{"classes", {"a", "b", "c"}}}}};
  EXPECT_EQ(num_classes_of(data), 3);
  EXPECT_EQ(num_classes_of({{"kind", "nowhere"}, {"params", Json::object()}}), std::nullopt);
}

TEST(ClassTrait, IsReadBack) {
  PartSpec kind;
  kind.traits = {{"classes", class_trait({{"road", {128, 64, 255}, 7}})}};
  const std::vector<ListedClass> classes = listed_classes(kind);
  ASSERT_EQ(classes.size(), 1U);
  EXPECT_EQ(classes[0].name, "road");
  EXPECT_EQ(classes[0].value, 7);
  EXPECT_EQ(classes[0].colour, (std::array<std::uint8_t, 3>{128, 64, 255}));
  EXPECT_THAT(class_names(kind, Json::object()), ElementsAre("road"));
  EXPECT_THAT(class_names(kind, {{"classes", {"a", "b"}}}), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace segbench::core
