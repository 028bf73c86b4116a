// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

using testing::HasSubstr;

const ParamSpec kRate{.name = "rate",
                      .types = kNumber,
                      .default_value = 0.5,
                      .help = "a rate",
                      .minimum = 0.0,
                      .maximum = 1.0,
                      .exclusive_minimum = true};

TEST(CheckParam, AcceptsWhatIsAllowed) {
  EXPECT_FALSE(check_param(kRate, 0.25));
  EXPECT_FALSE(check_param(kRate, 1));
  const ParamSpec weights{.name = "weights",
                          .types = kString | kNumberList,
                          .default_value = "none",
                          .help = "",
                          .minimum = 0.0,
                          .choices = {"none", "balanced"}};
  EXPECT_FALSE(check_param(weights, "balanced"));
  EXPECT_FALSE(check_param(weights, Json{1.0, 2, 0}));
  const ParamSpec optional{.name = "n", .types = kInteger, .default_value = Json(), .help = ""};
  EXPECT_FALSE(check_param(optional, Json()));
}

TEST(CheckParam, SaysWhatWasFoundAndWhatIsAllowed) {
  EXPECT_EQ(check_param(kRate, 0.0), "must be a number greater than 0 and at most 1, but is 0.0");
  EXPECT_EQ(check_param(kRate, "high"), "must be a number greater than 0 and at most 1, but is \"high\"");
  EXPECT_TRUE(check_param(kRate, Json()));
  EXPECT_TRUE(check_param(kRate, std::numeric_limits<double>::quiet_NaN()));
  const ParamSpec mode{
      .name = "mode", .types = kString, .default_value = "mean", .help = "", .choices = {"mean", "sum"}};
  EXPECT_EQ(check_param(mode, "meen"), "must be one of mean, sum, but is \"meen\" (did you mean \"mean\"?)");
  const ParamSpec flags{
      .name = "f", .types = kIntegerList, .default_value = Json::array(), .help = "", .maximum = 3};
  EXPECT_TRUE(check_param(flags, Json{1, 4}));
  EXPECT_TRUE(check_param(flags, Json{1, 2.5}));
}

TEST(PartRegistry, RefusesASecondPartOfTheSameName) {
  PartRegistry registry;
  registry.add({.kind = PartKind::kLoss, .name = "x", .summary = "", .source = "", .params = {}});
  registry.add({.kind = PartKind::kOptimizer, .name = "x", .summary = "", .source = "", .params = {}});
  EXPECT_THROW(
      registry.add({.kind = PartKind::kLoss, .name = "x", .summary = "", .source = "", .params = {}}),
      InternalError);
}

// Parts register themselves in any order, so the names are looked up when a value is checked.
TEST(CheckParam, TakesTheNamesOfTheRegistryAsChoices) {
  const ParamSpec encoder{.name = "encoder", .types = kString, .help = "", .choices_of = PartKind::kEncoder};
  static const PartRegistration late{{.kind = PartKind::kEncoder, .name = "late_encoder"}};
  EXPECT_FALSE(check_param(encoder, "late_encoder"));
  const std::string problem = check_param(encoder, "late_encodr").value_or("");
  EXPECT_THAT(problem, HasSubstr("late_encoder"));
  EXPECT_THAT(problem, HasSubstr("(did you mean \"late_encoder\"?)"));
}

TEST(PartRegistry, NamesTheNearestPart) {
  PartRegistry registry;
  registry.add({.kind = PartKind::kLoss, .name = "cross_entropy", .summary = "", .source = "", .params = {}});
  try {
    registry.get(PartKind::kLoss, "crossentropy");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"cross_entropy\"?"));
  }
}

}  // namespace
}  // namespace segbench::core
