// SPDX-License-Identifier: MIT
#include "harness/run/carry_in.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/event_log.h"
#include "harness/trial/standing.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

tests::FakeTrial fake(double quality, const std::string& study = "sizes",
                      const std::string& end = "complete") {
  tests::FakeTrial trial;
  trial.study = study;
  trial.quality = quality;
  trial.end = end;
  return trial;
}

TEST(CarryIn, TheSameTrialWithOtherCountsIsAConflictAndNeverOverwritten) {
  const tests::TemporaryFolder here, there;
  const auto ours = write_fake_trial(here.path(), fake(0.8));
  write_fake_trial(there.path(), fake(0.7));
  const std::string before = core::read_file(ours / core::kEventsFile);
  const CarriedIn carried = carry_in(there.path(), here.path());
  EXPECT_THAT(carried.copied, IsEmpty());
  ASSERT_THAT(carried.conflicts, SizeIs(1));
  EXPECT_THAT(carried.conflicts[0], HasSubstr("the same trial with other counts: evaluation"));
  EXPECT_THAT(carried.conflicts[0], HasSubstr(ours.string()));
  EXPECT_EQ(core::read_file(ours / core::kEventsFile), before);
}

TEST(CarryIn, AnEditedCopyIsAConflictThatSaysSo) {
  const tests::TemporaryFolder here, there;
  write_fake_trial(here.path(), fake(0.8));
  const auto theirs = write_fake_trial(there.path(), fake(0.8));
  const auto events = trial::read_event_log(theirs / core::kEventsFile).events;
  trial::EventWriter chained(theirs / core::kEventsFile, 0, trial::LogKind::kChained);
  for (const core::Json& event : events) chained.append(event.at("type").get<std::string>(), event);
  std::string log = core::read_file(theirs / core::kEventsFile);
  const std::size_t counts = log.find("\"tp\":[") + 6;
  log.insert(counts, "1");
  core::write_file_atomically(theirs / core::kEventsFile, log);
  const CarriedIn carried = carry_in(there.path(), here.path());
  ASSERT_THAT(carried.conflicts, SizeIs(1));
  EXPECT_THAT(carried.conflicts[0], HasSubstr("tp of class 0 is"));
  EXPECT_THAT(carried.conflicts[0], HasSubstr("was changed later"));
}

TEST(CarryIn, AnUnfinishedCopyOfACompleteTrialIsLeftAlone) {
  const tests::TemporaryFolder here, there;
  write_fake_trial(here.path(), fake(0.8));
  write_fake_trial(there.path(), fake(0.8, "sizes", "interrupted"));
  const CarriedIn carried = carry_in(there.path(), here.path());
  EXPECT_THAT(carried.conflicts, IsEmpty());
  EXPECT_THAT(carried.notes, ElementsAre(HasSubstr("complete here, and the copy is not")));
}

TEST(CarryIn, EqualCountsAreNoConflict) {
  const tests::TemporaryFolder here, there;
  write_fake_trial(here.path(), fake(0.8));
  write_fake_trial(there.path(), fake(0.8));
  const CarriedIn carried = carry_in(there.path(), here.path());
  EXPECT_THAT(carried.conflicts, IsEmpty());
  EXPECT_THAT(carried.notes,
              ElementsAre(HasSubstr("1 trial left alone: complete here, with the same counts")));
}

TEST(CarryIn, ADamagedTrialDoesNotStopTheOthers) {
  const tests::TemporaryFolder here, there;
  const auto sound = write_fake_trial(there.path(), fake(0.8));
  std::filesystem::create_directories(there / "sizes/trials/0123456789abcdef");
  core::write_file_atomically(there / "sizes/trials/0123456789abcdef/trial.json", "{}");
  const CarriedIn carried = carry_in(there.path(), here.path());
  EXPECT_THAT(carried.notes, ElementsAre(HasSubstr("left alone: ")));
  EXPECT_THAT(carried.copied, ElementsAre(here / "sizes/trials" / sound.filename().string()));
}

TEST(CarryIn, ACompleteTrialReplacesAnInterruptedOne) {
  const tests::TemporaryFolder here, there;
  const auto ours = write_fake_trial(here.path(), fake(0.8, "sizes", "interrupted"));
  const auto theirs = write_fake_trial(there.path(), fake(0.7));
  const CarriedIn carried = carry_in(there.path(), here.path());
  EXPECT_THAT(carried.copied, ElementsAre(ours));
  EXPECT_THAT(carried.conflicts, IsEmpty());
  EXPECT_EQ(core::read_file(ours / core::kEventsFile), core::read_file(theirs / core::kEventsFile));
}

TEST(CarryIn, ARenamedStudyTakesOverTheTrialsThatItPlans) {
  const tests::TemporaryFolder runs;
  tests::write_fake_study(runs.path(), {fake(0.8, "old")});
  tests::FakeTrial other = fake(0.8, "old");
  other.seed = 2;
  write_fake_trial(runs.path(), other);
  tests::write_fake_study(runs.path(), {fake(0.8, "new", "pending")});
  EXPECT_THROW(carry_in(runs / "old", runs.path(), "none"), core::UserError);
  EXPECT_THAT(carry_in(runs / "old", runs.path()).copied, IsEmpty()) << "they lie here already";
  const CarriedIn carried = carry_in(runs / "old", runs.path(), "new");
  ASSERT_THAT(carried.copied, SizeIs(1));
  EXPECT_THAT(carried.notes, ElementsAre(HasSubstr("the study \"new\" does not plan it")));
  const core::TrialSpec spec = core::read_trial_spec(carried.copied[0] / core::kTrialFile);
  EXPECT_EQ(spec.study, "new");
  EXPECT_EQ(trial::read_trial_standing(carried.copied[0]).status, core::TrialStatus::kComplete);
  EXPECT_EQ(trial::read_trial_standing(runs / "old/trials" / spec.trial_id).status,
            core::TrialStatus::kComplete)
      << "the old study stays whole";
  EXPECT_THAT(carry_in(runs / "old", runs.path(), "new").copied, IsEmpty()) << "it is here now";
  EXPECT_THAT(conflicts_under(runs.path()), IsEmpty());
}

TEST(CarryIn, ACopyThatFailsLeavesNoTrial) {
  const tests::TemporaryFolder runs, away;
  tests::write_fake_study(away.path(), {fake(0.8)});
  core::write_file_atomically(away / "sizes" / core::kSearchFile, "{}");
  const std::filesystem::path theirs = away / "sizes/trials" / tests::fake_trial_id(fake(0.8));
  const std::filesystem::path left =
      runs / "sizes/trials/.copy.tmp-999999999";  // of a process that was killed
  std::filesystem::create_directories(left / theirs.filename());
  ASSERT_EQ(::mkfifo((theirs / "pipe").c_str(), 0600), 0) << "what is no file cannot be copied";
  EXPECT_THROW(carry_in(away.path(), runs.path(), ""), core::UserError);
  EXPECT_EQ(std::filesystem::exists(left), core::is_on_network(runs.path()));
  std::filesystem::remove_all(left);
  EXPECT_TRUE(std::filesystem::is_empty(runs / "sizes/trials"));
  for (const char* file : {core::kStudyFile, core::kSearchFile})
    EXPECT_TRUE(std::filesystem::exists(runs / "sizes" / file)) << "what plans the trials comes before them";
  std::filesystem::remove(theirs / "pipe");
  EXPECT_THAT(carry_in(away.path(), runs.path(), "").copied, SizeIs(1));
}

TEST(CarryIn, DataThatLieElsewhereMakeNoOtherStudy) {
  const tests::TemporaryFolder here, there;
  tests::write_fake_study(here.path(), {fake(0.8, "sizes", "interrupted")});
  tests::write_fake_study(there.path(), {fake(0.8)});
  const auto edit = [&](const char* key, const core::Json& value) {
    const auto file = there / "sizes/study.json";
    core::Json json = core::Json::parse(core::read_file(file));
    json[core::Json::json_pointer(key)] = value;
    core::write_file_atomically(file, json.dump());
  };
  edit("/variants/0/config/data/root", "/elsewhere/data");
  edit("/command", "segbench run ~/elsewhere.toml");
  EXPECT_THAT(carry_in(there.path(), here.path()).notes, IsEmpty());
  std::filesystem::remove_all(here / "sizes/trials");
  edit("/question", "another one?");
  EXPECT_THAT(carry_in(there.path(), here.path()).notes,
              ElementsAre(HasSubstr("describes the study otherwise")));
}

TEST(FindStudy, KnowsARenamedFolderByBothNames) {
  const tests::TemporaryFolder runs;
  tests::write_fake_study(runs.path(), {fake(0.8)});
  tests::write_fake_study(runs.path(), {fake(0.8, "other")});
  std::filesystem::rename(runs / "sizes", runs / "moved");
  EXPECT_EQ(find_study(runs.path(), "moved"), "moved");
  EXPECT_EQ(find_study(runs.path(), "sizes"), "moved");
  EXPECT_EQ(find_study(runs.path(), "oth"), "other");
  EXPECT_THROW(find_study(runs.path(), "size"), core::UserError);
  EXPECT_THAT(list_trials(runs.path(), "moved"), SizeIs(1));
}

TEST(CarryIn, StudiesThatShareATrialAreComparedToo) {
  const tests::TemporaryFolder runs;
  write_fake_trial(runs.path(), fake(0.8));
  write_fake_trial(runs.path(), fake(0.8, "renamed"));
  EXPECT_THAT(conflicts_under(runs.path()), IsEmpty());
  write_fake_trial(runs.path(), fake(0.6, "edited"));
  EXPECT_THAT(conflicts_under(runs.path()), ElementsAre(HasSubstr("renamed"), HasSubstr("sizes")));
}

}  // namespace
}  // namespace segbench::run
