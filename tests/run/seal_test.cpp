// SPDX-License-Identifier: MIT
#include "harness/run/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/study/resolved.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

constexpr const char* kStudy = R"(schema = 1
name = "sizes"
[data]
kind = "shapes"
[model]
architecture = "unet"
[training]
epochs = 1
batch_size = 2
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 0.01 }
[matrix]
"model.size" = ["small", "full"]
[[claim]]
candidate = "small"
reference = "full"
metric = "miou"
not_worse_by = )";

class SealTest : public testing::Test {
 protected:
  study::Study load(const std::string& margin) const {
    core::write_file_atomically(folder_ / "sizes.toml", kStudy + margin + "\n");
    return study::load_study(folder_ / "sizes.toml");
  }
  tests::TemporaryFolder folder_;
};

TEST_F(SealTest, IsWrittenOncePerForm) {
  const std::filesystem::path runs = folder_ / "runs";
  const Seal first = seal_study(load("0.01"), runs);
  EXPECT_TRUE(first.is_new);
  const Seal again = seal_study(load("0.01  # a comment changes nothing"), runs);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.time, first.time);
  EXPECT_TRUE(seal_study(load("0.02"), runs).is_new) << "another claim is another form";
  const core::Json seals = core::Json::parse(core::read_file(runs / "sizes" / core::kSealsFile));
  ASSERT_EQ(seals.size(), 2u);
  EXPECT_EQ(seals[0].at("sha256"), first.sha256);
}

TEST_F(SealTest, HoldsForWhatTheStudyFileSaysLater) {
  const study::Study study = load("0.01");
  EXPECT_EQ(core::sealed_form_sha256(study::study_json(study, {}, {}, "segbench run")),
            seal_study(study, folder_ / "runs").sha256);
}

TEST_F(SealTest, ADamagedFileIsNotOverwritten) {
  std::filesystem::create_directories(folder_ / "runs/sizes");
  core::write_file_atomically(folder_ / "runs/sizes" / core::kSealsFile, "no JSON");
  EXPECT_THROW(seal_study(load("0.01"), folder_ / "runs"), core::UserError);
}

}  // namespace
}  // namespace segbench::run
