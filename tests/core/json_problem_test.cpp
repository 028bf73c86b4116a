// SPDX-License-Identifier: MIT
#include "harness/core/json_problem.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "harness/core/json.h"

namespace segbench::core {
namespace {

template <typename Action>
std::string problem_of(Action action) {
  try {
    action();
  } catch (const Json::exception& error) {
    return json_problem(error);
  }
  return "nothing was thrown";
}

TEST(JsonProblem, LeavesOutTheLibrarysNames) {
  EXPECT_EQ(problem_of([] { return Json::parse("{\n\"a\": }"); }), "invalid JSON at line 2, column 6");
  EXPECT_EQ(problem_of([] { return Json::object().at("seed"); }), "key 'seed' not found");
  EXPECT_EQ(problem_of([] { return Json(nullptr).get<std::string>(); }), "type must be string, but is null");
  EXPECT_EQ(json_problem(std::runtime_error("something else")), "something else");
}

}  // namespace
}  // namespace segbench::core
