// SPDX-License-Identifier: MIT
#include "harness/profile/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/profile/iterations.h"
#include "harness/profile/warm_up.h"
#include "harness/trial/event_log.h"
#include "results/profiles/conclude.h"
#include "tests/profile/fake_engine.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

using core::Json;
using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::FakeEngine;
using tests::Script;

constexpr std::size_t kOutputs = 2 * 5 * 32 * 32;

FoundEngine engine(const std::string& name) {
  return {.program = {name, {name}, ""},
          .description = engines::Description{.name = name, .version = "1", .reads = {"segbench"}},
          .missing = ""};
}

class Sessions : public testing::Test {
 protected:
  Sessions() {
    profile_.name = "p";
    profile_.settings.models = {"unet:small"};
    profile_.settings.widths = {0.125};
    profile_.settings.resolution = {"32x32"};
    profile_.settings.classes = 5;
    profile_.settings.batch = {2};
    profile_.settings.least_rounds = 6;
    profile_.settings.most_rounds = 9;
  }

  /// Runs a session with these engines beside "eager", which is the first.
  int run(std::map<std::string, Script> scripts) {
    std::vector<FoundEngine> found;
    for (auto& [name, script] : scripts) {
      if (script.outputs == 0) script.outputs = kOutputs;
      found.push_back(engine(name));
    }
    const Plan plan = make_plan(profile_, found, folder_.path());
    SessionObserver observer;
    const SessionOptions options{
        .folder = folder_ / "session",
        .open = [&](const FoundEngine& one, const std::filesystem::path&,
                    int) { return std::make_unique<FakeEngine>(scripts.at(one.program.name)); },
        .interrupted = [&] { return is_interrupted_ || asked_++ == interrupt_at_ ? 15 : 0; }};
    return run_session(plan, options, observer);
  }

  profiles::ProfileLog log() const {
    return profiles::read_profile_log(folder_ / "session" / profiles::kProfileLog);
  }

  TemporaryFolder folder_;
  study::Profile profile_;
  int asked_ = 0, interrupt_at_ = -1;
  bool is_interrupted_ = false;
};

/// Times with noise that never settles within 2 %.
Script noisy() {
  return {.ns = [](std::int64_t i) { return 1e8 * (1 + static_cast<double>(i * 7919 % 13) / 10); }};
}

TEST_F(Sessions, VisitEveryRowOnceARoundInRandomOrder) {
  ASSERT_EQ(run({{"eager", noisy()}, {"a", noisy()}, {"b", noisy()}}), 0);
  const profiles::ProfileLog found = log();
  EXPECT_EQ(found.finished, "rounds");
  EXPECT_EQ(found.rounds.size(), 9U);
  ASSERT_EQ(found.rows.size(), 3U);
  for (const profiles::RowLog& row : found.rows) {
    ASSERT_EQ(row.visits.size(), 9U);
    EXPECT_EQ(row.visits[0].seconds.size(), row.ready->at("iterations").get<std::size_t>());
    EXPECT_EQ(row.peak_bytes, 1 << 20);
  }
  std::set<std::string> orders;
  std::map<int, std::string> order;
  for (const Json& event : trial::read_event_log(folder_ / "session" / profiles::kProfileLog).events) {
    if (event.at("type") == "visit") order[event.at("round")] += event.at("row").get<std::string>() + " ";
  }
  for (const auto& [round, rows] : order) orders.insert(rows);
  EXPECT_GT(orders.size(), 2U);
}

TEST_F(Sessions, EndWhenEveryMedianIsKnown) {
  ASSERT_EQ(run({{"eager", {}}, {"a", {}}}), 0);
  EXPECT_EQ(log().finished, "precise");
  EXPECT_EQ(log().rounds.size(), 6U);
}

TEST_F(Sessions, EndWhenTheirTimeIsOver) {
  profile_.settings.seconds = 0;
  ASSERT_EQ(run({{"eager", noisy()}}), 0);
  EXPECT_EQ(log().finished, "time");
  EXPECT_EQ(log().rounds.size(), 1U);
}

TEST_F(Sessions, FailARowWhoseOutputIsWrong) {
  ASSERT_EQ(run({{"eager", {}}, {"wrong", {.logit = 1}}, {"mute", {.outputs = 7}}}), 0);
  const profiles::ProfileResults results = profiles::conclude(log());
  std::map<std::string, profiles::RowResult> rows;
  for (const profiles::RowResult& row : results.rows) rows[row.facts.at("engine")] = row;
  EXPECT_THAT(rows["wrong"].failure,
              HasSubstr("its output is wrong: logits differ from those of eager by 1 "));
  EXPECT_TRUE(rows["wrong"].wrong);
  EXPECT_EQ(rows["wrong"].iterations, 0) << "a wrong engine is never timed";
  EXPECT_FALSE(rows["wrong"].median_s.has_value());
  EXPECT_THAT(rows["mute"].failure, HasSubstr("it gives 7 values"));
  EXPECT_TRUE(rows["eager"].median_s.has_value());
}

TEST_F(Sessions, GoOnWithoutARowThatDies) {
  ASSERT_EQ(run({{"eager", {}}, {"mortal", {.dies_at = 30}}}), 0);
  const profiles::ProfileLog found = log();
  EXPECT_EQ(found.finished, "precise");
  const profiles::ProfileResults results = profiles::conclude(found);
  EXPECT_THAT(results.rows[1].failure, HasSubstr("killed by signal 11"));
  EXPECT_EQ(found.rows[0].visits.size(), 6U);
}

TEST_F(Sessions, DoNotBlameARowForAnInterrupt) {
  const Script stopped{.ns =
                           [&](std::int64_t i) {
                             is_interrupted_ = i == 29;
                             return 1e8;
                           },
                       .dies_at = 30};
  EXPECT_EQ(run({{"eager", {}}, {"stopped", stopped}}), 15);
  EXPECT_EQ(log().rows[1].failure, "");
  EXPECT_EQ(log().finished, "");
}

TEST_F(Sessions, GoOnWithoutARowThatTalksNonsense) {
  ASSERT_EQ(run({{"eager", {}},
                 {"none", {.says = {{"run", {{"ns", {0, 0}}}}}}},
                 {"note", {.says = {{"load", {{"note", 7}}}}}},
                 {"layers",
                  {.says = {{"layers", {{"names", {"a"}}, {"ns", {1}}}},
                            {"memory", {{"device_peak_bytes", "much"}}}}}}}),
            0);
  std::map<std::string, profiles::RowLog> rows;
  const profiles::ProfileLog found = log();
  for (const profiles::RowLog& row : found.rows) rows[row.facts.at("engine")] = row;
  EXPECT_THAT(rows["none"].failure, HasSubstr("does not hold a positive time of each iteration"));
  EXPECT_THAT(rows["note"].failure, HasSubstr("an answer of it is not understood"));
  EXPECT_EQ(rows["layers"].failure, "");
  EXPECT_TRUE(rows["layers"].layers.empty());
  EXPECT_FALSE(rows["layers"].device_peak_bytes.has_value());
  EXPECT_TRUE(found.defects.empty()) << "what is logged can be read";
  EXPECT_EQ(found.finished, "precise");
}

TEST_F(Sessions, SayWhichEnginesHaveNoRowsOfWhatIsAskedFor) {
  profile_.settings.precision = {"float32", "bfloat16"};
  profile_.settings.device = {"cpu", "cuda:1"};
  FoundEngine both = engine("both");
  both.description->precisions = {"float32", "bfloat16"};
  const Plan plan = make_plan(profile_, {engine("eager"), both}, folder_.path());
  EXPECT_EQ(plan.rows.size(), 3U);
  EXPECT_THAT(plan.notes, testing::ElementsAre("no rows in bfloat16 of engines that do not compute so: eager",
                                               "no engine here computes on cuda:1"));
}

TEST(Iterations, AreAsManyPositiveTimes) {
  const auto answer = [](const Json& run) {
    FakeEngine engine({.says = {{"run", run}}});
    return run_iterations(engine, 2, std::chrono::seconds(1));
  };
  EXPECT_EQ(answer({{"ns", {5, 6}}}).at("stages"), Json::object());
  EXPECT_EQ(answer({{"ns", {5, 6}}, {"stages", {{"argmax", {0, 1}}}}}).at("stages").at("argmax").at(1), 1);
  for (const Json& wrong : std::vector<Json>{{{"ns", {5, 0}}},
                                             {{"ns", {5, -6}}},
                                             {{"ns", {5, "x"}}},
                                             {{"ns", {5}}},
                                             {{"ns", nullptr}},
                                             {{"ns", {5, 6}}, {"stages", 1}},
                                             {{"ns", {5, 6}}, {"stages", {{"argmax", {1}}}}},
                                             {{"ns", {5, 6}}, {"stages", {{"argmax", {1, -1}}}}}})
    EXPECT_THROW(answer(wrong), core::UserError) << wrong.dump();
}

TEST_F(Sessions, GoOnAfterAnInterruptWithWhatIsMeasured) {
  const std::map<std::string, Script> scripts = {{"eager", noisy()}, {"a", noisy()}, {"wrong", {.logit = 1}}};
  interrupt_at_ = 3 + 5;  // in the middle of the third round
  ASSERT_EQ(run(scripts), 15);
  const profiles::ProfileLog before = log();
  EXPECT_EQ(before.finished, "");
  EXPECT_EQ(before.rounds.size(), 2U);
  interrupt_at_ = -1;
  ASSERT_EQ(run(scripts), 0);
  const profiles::ProfileLog after = log();
  EXPECT_EQ(after.attempts, 2);
  EXPECT_EQ(after.finished, "rounds");
  EXPECT_EQ(after.rounds.size(), 9U) << "complete rounds count, the torn one does not";
  EXPECT_TRUE(after.defects.empty());
  const auto lines = core::read_file(folder_ / "session" / profiles::kProfileLog).size();
  ASSERT_EQ(run(scripts), 0);
  EXPECT_EQ(core::read_file(folder_ / "session" / profiles::kProfileLog).size(), lines)
      << "finished is finished";
}

TEST_F(Sessions, TellEveryIterationTheyTimed) {
  ASSERT_EQ(run({{"eager", {.ns = [](std::int64_t i) { return 1e8 + static_cast<double>(i); }}}}), 0);
  const profiles::ProfileLog found = log();
  const profiles::RowLog& row = found.rows[0];
  double expected = 1 + static_cast<double>(row.ready->at("warmup_ns").size());
  for (const profiles::Visit& visit : row.visits) {
    for (const double seconds : visit.seconds) EXPECT_DOUBLE_EQ(seconds, (1e8 + expected++) * 1e-9);
  }
}

TEST_F(Sessions, TellWhatReadingABatchTakesBesideEveryIteration) {
  ASSERT_EQ(run({{"eager", {}}}), 0);
  const profiles::ProfileLog found = log();
  for (const profiles::Visit& visit : found.rows[0].visits) {
    ASSERT_EQ(visit.stages.at("read").size(), visit.seconds.size());
    EXPECT_GT(*std::max_element(visit.stages.at("read").begin(), visit.stages.at("read").end()), 0);
  }
  const profiles::RowResult row = profiles::conclude(found).rows[0];
  EXPECT_GT(row.stages.at("read"), 0);
  EXPECT_FALSE(row.end_to_end_s.has_value()) << "the engine did not tell its own stages";
}

TEST_F(Sessions, SendAllImagesThroughEveryRow) {
  profile_.settings.passes = 3;
  profile_.settings.pass_images = 5;  // batches of 2, 2 and 1
  profile_.settings.published = {{"unet:small", 11.8}, {"another", 1.0}};
  ASSERT_EQ(run({{"eager", {}}, {"a", {.ns = [](std::int64_t) { return 5e7; }}}}), 0);
  const profiles::ProfileLog found = log();
  for (const profiles::RowLog& row : found.rows) {
    ASSERT_EQ(row.passes.size(), 3U);
    const Json& pass = row.passes.at(2);
    EXPECT_EQ(pass.at("images"), 5);
    EXPECT_NEAR(pass.at("seconds").at("forward"), row.facts.at("engine") == "a" ? 0.15 : 0.3, 1e-9);
    EXPECT_GT(pass.at("seconds").at("read"), 0);
  }
  const profiles::RowResult row = profiles::conclude(found).rows[0];
  EXPECT_EQ(row.passes_s.size(), 3U);
  EXPECT_EQ(row.pass_images, 5);
  EXPECT_EQ(row.published_s, 11.8);
}

TEST_F(Sessions, DoNotSendImagesAgainThatWentThrough) {
  profile_.settings.passes = 2;
  const std::map<std::string, Script> scripts = {{"eager", {}}, {"a", {}}};
  interrupt_at_ = 2 + 6 * 2 + 3;  // rows made ready, six rounds, and in the second pass
  ASSERT_EQ(run(scripts), 15);
  const auto before = log();
  EXPECT_EQ(before.finished, "");
  EXPECT_EQ(before.rows[0].passes.size() + before.rows[1].passes.size(), 3U);
  interrupt_at_ = -1;
  ASSERT_EQ(run(scripts), 0);
  const auto after = log();
  EXPECT_EQ(after.rounds.size(), 6U) << "no further round";
  EXPECT_EQ(after.rows[0].passes.size() + after.rows[1].passes.size(), 4U);
  EXPECT_TRUE(after.defects.empty());
  EXPECT_EQ(after.finished, "precise");
}

TEST_F(Sessions, RecordWhichEngineIsAuto) {
  const auto fast = [](std::int64_t) { return 5e7; };
  ASSERT_EQ(run({{"eager", {}}, {"fast", {.ns = fast}}, {"wrong", {.ns = fast, .logit = 1}}}), 0);
  const profiles::ProfileLog found = log();
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    EXPECT_EQ(found.rows[i].is_choice, found.rows[i].facts.at("engine") == "fast");
    EXPECT_EQ(profiles::conclude(found).rows[i].best, found.rows[i].is_choice);
  }
}

TEST(WarmUp, EndsWhenThereIsNoTrend) {
  std::vector<double> falling, level;
  for (int i = 0; i < 20; ++i) {
    falling.push_back(2 - 0.05 * i);
    level.push_back(1 + 0.1 * (i * 7 % 5));
  }
  EXPECT_FALSE(is_stationary(falling));
  EXPECT_TRUE(is_stationary(level));
  EXPECT_FALSE(is_stationary(std::span(level).first(kWarmUpWindow - 1))) << "too few to tell";
}

}  // namespace
}  // namespace segbench::profile
