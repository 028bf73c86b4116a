// SPDX-License-Identifier: MIT
#include "harness/profile/engine_programs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::profile {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const std::vector<EngineProgram>& programs) {
  std::vector<std::string> found;
  for (const EngineProgram& program : programs) found.push_back(program.name);
  return found;
}

TEST(AskedFor, StartsNoEngineThatNobodyNamed) {
  const std::vector<EngineProgram> known = {{"eager", {}, ""}, {"plan", {}, ""}, {"slow", {}, ""}};
  EXPECT_THAT(names(asked_for(known, {"plan"})), ElementsAre("eager", "plan"));
  EXPECT_THAT(names(asked_for(known, {"all"})), ElementsAre("eager", "plan", "slow"));
  EXPECT_THAT(names(asked_for(known, {"auto"})), ElementsAre("eager", "plan", "slow"));
  EXPECT_THAT(names(asked_for(known, {"plam"})), ElementsAre("eager", "plan", "slow"))
      << "so that its error can name them all";
}

}  // namespace
}  // namespace segbench::profile
