// SPDX-License-Identifier: MIT
#include "harness/trial/files.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/safetensors.h"
#include "harness/trial/event_log.h"
#include "tests/support/temporary_folder.h"

namespace segbench::trial {
namespace {

using testing::HasSubstr;

class TrialFilesTest : public testing::Test {
 protected:
  TrialFilesTest() { std::filesystem::create_directories(trial_); }
  std::filesystem::path weights() const { return trial_ / core::kWeightsFile; }

  /// A complete trial; `records_files`: its log has the hashes of whole files, as new logs do.
  void write_trial(bool records_files) {
    const std::array<float, 3> values = {1, 2, 3};
    const core::TensorBytes tensor{"w", "F32", {3}, std::as_bytes(std::span(values))};
    core::write_safetensors(weights(), {tensor}, {{"study", "a"}});
    core::write_file_atomically(trial_ / core::kPredictionsFile, "labels");
    core::Json finished = {{"epochs", 1}, {"selected_weights_sha256", core::tensors_sha256({tensor})}};
    if (records_files)
      finished["files"] = {{core::kWeightsFile, core::sha256_file(weights())},
                           {core::kPredictionsFile, core::sha256_hex("labels")}};
    EventWriter events(trial_ / core::kEventsFile, 0, LogKind::kChained);
    events.append("trial", {{"trial_id", "0123456789abcdef"}});
    events.append("finished", finished);
  }
  static void change_byte(const std::filesystem::path& file, std::size_t from_end) {
    std::string bytes = core::read_file(file);
    bytes[bytes.size() - from_end] = static_cast<char>(bytes[bytes.size() - from_end] ^ 1);
    std::ofstream(file, std::ios::binary) << bytes;
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path trial_ = folder_ / "0123456789abcdef";
};

TEST_F(TrialFilesTest, WeightsThatAreNotWhatTheTrialLeftAreRefused) {
  for (const bool records_files : {true, false}) {
    write_trial(records_files);
    EXPECT_EQ(file_defect(trial_, core::kWeightsFile), "");
    EXPECT_EQ(checked_weights(trial_), weights());
    change_byte(weights(), 1);
    EXPECT_THAT(file_defect(trial_, core::kWeightsFile), HasSubstr("is not the file that the trial left"));
    EXPECT_THROW(checked_weights(trial_), core::UserError);
    std::ofstream(weights(), std::ios::trunc);
    EXPECT_NE(file_defect(trial_, core::kWeightsFile), "") << "empty";
    std::filesystem::remove(weights());
    EXPECT_THAT(file_defect(trial_, core::kWeightsFile), HasSubstr("is missing"));
    EXPECT_THROW(checked_weights(trial_), core::UserError);
  }
}

TEST_F(TrialFilesTest, MetadataAndPredictionsAreHeldAgainstTheHashOfTheFile) {
  write_trial(true);
  change_byte(weights(), 3 * sizeof(float) + 8);  // in the header
  EXPECT_NE(file_defect(trial_, core::kWeightsFile), "");
  change_byte(trial_ / core::kPredictionsFile, 1);
  EXPECT_NE(file_defect(trial_, core::kPredictionsFile), "");
  write_trial(false);
  change_byte(trial_ / core::kPredictionsFile, 1);
  EXPECT_EQ(file_defect(trial_, core::kPredictionsFile), "")
      << "a log of an older version does not know them";
}

TEST_F(TrialFilesTest, AnIncompleteTrialHasNoWeightsYet) {
  write_trial(true);
  std::filesystem::remove(trial_ / core::kEventsFile);
  try {
    checked_weights(trial_);
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the trial is pending and has no weights yet"));
  }
}

}  // namespace
}  // namespace segbench::trial
