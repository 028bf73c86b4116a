// SPDX-License-Identifier: MIT
#include "harness/core/variant.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/part.h"
#include "harness/core/trial.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

VariantConfig example() {
  VariantConfig config;
  config.data = {.kind = "camvid",
                 .root = "data/camvid",
                 .resolution = {{96, 128}},
                 .channels = 3,
                 .normalise = "unit_range",
                 .train = {{"train"}, {}},
                 .selection = {{"val"}, {}},
                 .test = {{}, 0.25},
                 .split_seed = 0,
                 .allow_overlap = false,
                 .params = Json::object()};
  config.model = {.architecture = "unet", .size = "small", .width = 1.0, .params = Json::object()};
  config.training.epochs = 2;
  config.training.batch_size = 8;
  config.training.loss = {"cross_entropy", {{"class_weights", "none"}}};
  config.training.optimizer = {"adam", {{"learning_rate", 1e-3}}};
  config.training.augment = {{"horizontal_flip", {{"probability", 0.5}}}};
  return config;
}

TEST(VariantConfig, RoundTripsThroughJson) {
  const Json json = to_json(example());
  EXPECT_EQ(to_json(variant_config_from_json(Json::parse(json.dump()))), json);
  EXPECT_EQ(json["data"]["splits"]["test"], 0.25);
  EXPECT_THROW(variant_config_from_json(Json::object()), UserError);
}

TEST(VariantId, DependsOnEverySettingButNotOnWhereTheDataLie) {
  VariantConfig moved = example();
  moved.data.root = "/elsewhere";
  EXPECT_EQ(variant_id(moved), variant_id(example()));
  VariantConfig other = example();
  other.training.batch_size = 9;
  EXPECT_NE(variant_id(other), variant_id(example()));
}

// What is written is the same as what is left out at the base's value, and what is not in the base counts.
TEST(VariantId, HashesWhatDiffersFromTheFrozenBase) {
  VariantConfig bare = example();
  bare.training.augment[0].params = Json::object();
  EXPECT_EQ(variant_id(bare), variant_id(example()));  // probability = 0.5 is in the base
  VariantConfig flipped = example();
  flipped.training.augment[0].params["probability"] = 0.6;
  EXPECT_NE(variant_id(flipped), variant_id(example()));
  VariantConfig precise = example();
  precise.training.batch_norm_statistics = "precise";
  EXPECT_NE(variant_id(precise), variant_id(example()));
  EXPECT_EQ(identity_json(example())["training"].count("batch_norm_statistics"), 0U);
}

// A parameter that a part gains, and that is not frozen yet, at its default: ids stay.
TEST(VariantId, ANewParameterAtItsDefaultChangesNothing) {
  const PartRegistration grown{{.kind = PartKind::kLoss,
                                .name = "fake_grown_loss",
                                .params = {{.name = "new", .default_value = 1.0}}}};
  VariantConfig before = example(), after = example();
  before.training.loss = {"fake_grown_loss", Json::object()};
  after.training.loss = {"fake_grown_loss", {{"new", 1.0}}};
  EXPECT_EQ(variant_id(after), variant_id(before));
  after.training.loss.params["new"] = 2.0;
  EXPECT_NE(variant_id(after), variant_id(before));
}

// Stored results are found again by these ids: a change here orphans every result there is.
TEST(VariantId, IsStable) {
  EXPECT_EQ(variant_id(example()), "cf6855d234c9e2ee");
  EXPECT_EQ(trial_id("0123456789abcdef", 1, "feed"), "b82a4e9703c9597c");
}

TEST(TrialSpec, RoundTripsThroughItsFile) {
  const tests::TemporaryFolder folder;
  const TrialSpec spec{.study = "s",
                       .trial_id = "t",
                       .variant_id = "v",
                       .variant_label = "small",
                       .axes = {{"model.size", "small"}},
                       .seed = 3,
                       .data_fingerprint = "f",
                       .variant = example(),
                       .cache = "../../../cache/x",
                       .splits = {{0, 1}, {2}, {3}}};
  write_file_atomically(folder / "trial.json", to_json(spec).dump());
  EXPECT_EQ(to_json(read_trial_spec(folder / "trial.json")), to_json(spec));
  write_file_atomically(folder / "trial.json", R"({"schema": 2})");
  EXPECT_THROW(read_trial_spec(folder / "trial.json"), UserError);
  write_file_atomically(folder / "trial.json", "[");
  EXPECT_THROW(read_trial_spec(folder / "trial.json"), UserError);
}

}  // namespace
}  // namespace segbench::core
