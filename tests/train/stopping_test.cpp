// SPDX-License-Identifier: MIT
#include "harness/train/stopping.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/train/kept_weights.h"

namespace segbench::train {
namespace {

using Values = std::vector<std::optional<double>>;

core::TrainingConfig training(const std::string& metric) {
  core::TrainingConfig config;
  config.select_by = metric;
  return config;
}

/// After how many evaluations training ends and why: "3 early_stopping"; "" when it does not. What was
/// observed goes through a checkpoint each time.
std::string ending(const core::TrainingConfig& config, const Values& values) {
  core::Json state;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stopping stopping(config);
    stopping.restore(state);
    stopping.observe(values[i]);
    if (!stopping.reason().empty()) return std::to_string(i + 1) + " " + stopping.reason();
    state = core::Json::parse(stopping.state().dump());
  }
  return "";
}

TEST(Stopping, EarlyAfterEvaluationsWithoutImprovement) {
  core::TrainingConfig config = training("miou");
  config.early_stopping_patience = 2;
  EXPECT_EQ(ending(config, {0.1, 0.2, 0.15, 0.3, 0.3, 0.3}), "6 early_stopping");
  EXPECT_EQ(ending(config, {0.1, 0.2, 0.3, 0.4, 0.5}), "");
  EXPECT_EQ(ending(config, {0.3, std::nullopt, std::nullopt}), "3 early_stopping");
  EXPECT_EQ(ending(config, {std::nullopt, 0.0, 0.1}), "") << "a defined value is better than none";
  config.early_stopping_min_delta = 0.15;
  EXPECT_EQ(ending(config, {0.1, 0.2, 0.26, 0.3, 0.35}), "5 early_stopping") << "0.26 is new";
  config.select_by = "loss";
  EXPECT_EQ(ending(config, {1.0, 0.8, 0.6, 0.5, 0.5}), "5 early_stopping");
}

TEST(Stopping, AtAWantedValueInTheMetricsDirection) {
  core::TrainingConfig config = training("miou");
  config.stop_at = 0.8;
  EXPECT_EQ(ending(config, {0.1, 0.79, 0.8}), "3 stop_at");
  config.select_by = "loss";
  EXPECT_EQ(ending(config, {0.9, 0.81, 0.7}), "3 stop_at");
  config.early_stopping_patience = 1;
  EXPECT_EQ(ending(config, {0.5}), "1 stop_at");
}

TEST(Stopping, KeepsNothingWhereItIsNotAskedFor) {
  Stopping stopping(training("miou"));
  stopping.observe(0.5);
  EXPECT_TRUE(stopping.state().is_null());
  EXPECT_EQ(stopping.reason(), "");
}

TEST(KeepBest, TheEarlierOfEqualsAndUndefinedLast) {
  std::vector<KeptEpoch> kept;
  const auto keep = [&](std::int64_t epoch, std::optional<double> value) {
    return keep_best(kept, {epoch, value}, 2, /*higher_is_better=*/true);
  };
  EXPECT_EQ(keep(1, std::nullopt), 0);
  EXPECT_EQ(keep(2, 0.5), 0);
  EXPECT_EQ(keep(3, 0.4), 1);
  EXPECT_EQ(keep(4, 0.4), 4) << "no better than the third";
  EXPECT_EQ(keep(5, 0.6), 3);
  EXPECT_EQ(keep(6, std::nullopt), 6);
  const auto again = kept_epochs_from_json(to_json(kept));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].epoch, 5);
  EXPECT_EQ(again[1].value, 0.5);
}

}  // namespace
}  // namespace segbench::train
