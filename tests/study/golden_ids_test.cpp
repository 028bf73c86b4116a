// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/part.h"
#include "tests/study/load.h"

// Stored results are found again by their ids. tests/data/golden_ids.json holds those of every experiment
// file of the project and of the valid ones of these tests, by label. When a default has changed on purpose,
// the file says the old value, and the id stays; a difference is a defect, not a file to be updated.

namespace segbench::study {
namespace {

namespace fs = std::filesystem;
using core::Json;

const fs::path kSource = SEGBENCH_SOURCE_DIR;

TEST(GoldenIds, OfEveryExperimentFileAreKept) {
  const Json golden = Json::parse(core::read_file(kSource / "tests/data/golden_ids.json"));
  std::size_t files = 0;
  for (const char* folder : {"experiments", "tests/data/experiments/valid"}) {
    for (const auto& entry : fs::directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".toml") continue;
      const std::string name = fs::path(folder) / entry.path().filename();
      Json found = Json::object();
      const std::optional<Study> study = load_experiment(entry.path());
      if (!study) continue;
      for (const core::Variant& variant : study->variants) found[variant.label] = variant.id;
      EXPECT_TRUE(golden.contains(name))
          << name << " is new: add it to tests/data/golden_ids.json: " << found.dump();
      EXPECT_EQ(found, golden.value(name, Json())) << name;
      ++files;
    }
  }
  EXPECT_EQ(files, golden.size()) << "a file whose ids are kept has gone";
  EXPECT_GE(files, 10U);
}

// A parameter that a part has gained since, at the value that does what was done without it.
TEST(GoldenIds, StayWhenAPartGainsAParameter) {
  static const core::PartRegistration grown{
      {.kind = core::PartKind::kLoss,
       .name = "fake_grown",
       .params = {{.name = "new", .default_value = 2.0, .base = 1.0},
                  {.name = "parts",
                   .types = core::kPartList,
                   .default_value = Json::array(),
                   .part_of = core::PartKind::kLoss,
                   .item_params = {{.name = "share", .default_value = 0.5}}}}}};
  core::VariantConfig old = load_study(kSource / "experiments/quickstart.toml").variants.front().config;
  old.training.loss = {"fake_grown", Json::object()};
  core::VariantConfig now = old;
  now.training.loss.params = {{"new", 1.0}, {"parts", Json::array()}};
  EXPECT_EQ(core::variant_id(now), core::variant_id(old));
  now.training.loss.params["new"] = 2.0;  // its default today, but not what was done without it
  EXPECT_NE(core::variant_id(now), core::variant_id(old));
  const Json part = {{"name", "fake_grown"}};
  old.training.loss.params["parts"] = Json::array({part});
  now = old;
  now.training.loss.params["parts"][0]["share"] = 0.5;
  EXPECT_EQ(core::variant_id(now), core::variant_id(old));
  now.training.loss.params["parts"][0]["share"] = 0.25;
  EXPECT_NE(core::variant_id(now), core::variant_id(old));
}

}  // namespace
}  // namespace segbench::study
