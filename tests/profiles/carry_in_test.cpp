// SPDX-License-Identifier: MIT
#include "results/profiles/carry_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profiles {
namespace {

namespace fs = std::filesystem;

/// A session's log in a `runs` folder.
fs::path session(const fs::path& runs, const std::string& name, const std::string& log) {
  const fs::path folder = runs / name / "profile" / "20260101T000000";
  fs::create_directories(folder / "networks");
  core::write_file_atomically(folder / "profile.jsonl", log);
  return folder;
}

TEST(CarriedInSessions, AreCopiedOnceAndNeverReplaceOthers) {
  const segbench::tests::TemporaryFolder folder;
  const fs::path there = folder / "there", here = folder / "here";
  session(there, "new", "a\n");
  session(there, "longer", "a\nb\n");
  session(there, "other", "x\ny\n");
  session(there, "shorter", "a\n");
  session(here, "longer", "a\n");
  session(here, "other", "z\n");
  session(here, "shorter", "a\nb\n");
  const fs::path rest = "profile/20260101T000000";
  EXPECT_THAT(carry_in_sessions(there, here),
              testing::ElementsAre(here / "longer" / rest, here / "new" / rest));
  EXPECT_EQ(core::read_file(here / "new" / rest / "profile.jsonl"), "a\n");
  EXPECT_EQ(core::read_file(here / "longer" / rest / "profile.jsonl"), "a\nb\n");
  EXPECT_EQ(core::read_file(here / "other" / rest / "profile.jsonl"), "z\n");
  EXPECT_EQ(core::read_file(here / "shorter" / rest / "profile.jsonl"), "a\nb\n");
  EXPECT_TRUE(carry_in_sessions(there, here).empty());
  EXPECT_TRUE(carry_in_sessions(here, here).empty());
}

TEST(CarriedInSessions, AreMadeAgainWhereACopyWasInterrupted) {
  const segbench::tests::TemporaryFolder folder;
  const fs::path there = folder / "there", here = folder / "here";
  core::write_file_atomically(session(there, "p", "a\n") / "networks" / "n.onnx", "n");
  const fs::path target = here / "p" / "profile" / "20260101T000000";
  fs::create_directories(target);
  core::write_file_atomically(target / "networks", "");  // where a folder is to be made
  EXPECT_THROW(carry_in_sessions(there, here), core::UserError);
  EXPECT_FALSE(fs::exists(target / "profile.jsonl"));
  fs::remove(target / "networks");
  EXPECT_THAT(carry_in_sessions(there, here), testing::ElementsAre(target));
  EXPECT_EQ(core::read_file(target / "networks" / "n.onnx"), "n");
  EXPECT_EQ(core::read_file(target / "profile.jsonl"), "a\n");
}

}  // namespace
}  // namespace segbench::profiles
