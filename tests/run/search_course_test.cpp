// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/study_file.h"
#include "harness/run/agenda.h"
#include "harness/run/search.h"
#include "harness/trial/event_log.h"
#include "harness/trial/standing.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A search whose trials are run by writing their logs.
class SearchCourseTest : public testing::Test {
 protected:
  static constexpr std::int64_t kEpochs = 9;

  void make(const std::vector<std::int64_t>& rungs, std::size_t draws,
            std::vector<std::uint64_t> seeds = {1}) {
    study_.name = "search";
    study_.file = "search.toml";
    study_.seeds = std::move(seeds);
    for (std::size_t i = 0; i < draws; ++i) {
      core::Variant variant;
      variant.config.data.kind = "shapes";
      variant.config.model = {.architecture = "unet", .size = "small"};
      variant.config.training.epochs = kEpochs;
      variant.config.training.select_by = "pixel_accuracy";
      variant.config.training.loss.name = "cross_entropy";
      variant.config.training.optimizer = {"adam", {{"learning_rate", 0.001 * static_cast<double>(i + 1)}}};
      variant.id = core::variant_id(variant.config);
      variant.label = fmt::format("draw {}", i);
      study_.variants.push_back(variant);
    }
    study_.search = study::Search{.method = rungs.empty() ? "random" : "halving",
                                  .trials = static_cast<std::int64_t>(draws),
                                  .hours = {},
                                  .draws = draws,
                                  .reduction = 3,
                                  .rungs = rungs};
    auto data = std::make_shared<data::PreparedData>();
    data->cache = folder_ / "runs" / "cache" / "f00d";
    data->splits = {.train = {0, 1, 2}, .selection = {3}, .test = {4, 5}};
    data->audit.data_fingerprint = "f00d";
    data_ = StudyData(draws, data);
    plan_ = plan_study(study_, data_, folder_ / "runs");
    for (const PlannedTrial& trial : plan_.trials) write_trial_spec(trial);
  }

  SearchCourse course() const { return SearchCourse(study_, plan_, make_agenda(plan_.trials, false).jobs); }

  static Json evaluation(std::int64_t epoch, double score) {
    const std::int64_t right = std::llround(1000 * score);
    return {{"epoch", epoch},
            {"split", "selection"},
            {"weights", "current"},
            {"loss", 1 - score},
            {"valid_pixels", 2000},
            {"images", 1},
            {"tp", {right, right}},
            {"fp", {1000 - right, 1000 - right}},
            {"fn", {1000 - right, 1000 - right}}};
  }

  /// Does what the worker would: trains to the pause or the end, with this score after every epoch.
  void work(const Job& job, double score, double duration = 10) {
    const std::int64_t until = job.arguments.empty() ? kEpochs : std::stoll(job.arguments.at(1));
    trial::EventWriter events(job.folder / core::kEventsFile, UINT64_MAX, trial::LogKind::kChained);
    std::int64_t done = epochs_[job.id];
    if (done == 0)
      events.append("trial",
                    {{"schema", 1}, {"trial_id", job.id}, {"num_classes", 2}, {"class_names", {"a", "b"}}});
    while (done < until) events.append("evaluation", evaluation(++done, score));
    epochs_[job.id] = done;
    const bool ends = until == kEpochs;
    if (ends) {
      events.append("selected", {{"epoch", 1}, {"metric", "pixel_accuracy"}, {"value", score}});
      events.append("finished", {{"epochs", kEpochs}});
      core::write_file_atomically(job.folder / core::kWeightsFile, "weights");
    }
    end_attempt(job, ends ? "complete" : "interrupted", "", duration);
  }
  void end_attempt(const Job& job, const std::string& status, const std::string& reason, double duration) {
    const std::int64_t attempt = ++attempts_[job.id];
    trial::EventWriter log(job.folder / core::kAttemptsFile);
    log.append("started", {{"attempt", attempt}, {"pid", 1}, {"host", "fake"}});
    log.append("ended", {{"attempt", attempt},
                         {"status", status},
                         {"reason", reason},
                         {"message", ""},
                         {"seconds", duration}});
  }

  tests::TemporaryFolder folder_;
  study::Study study_;
  StudyData data_;
  StudyPlan plan_;
  std::map<std::string, std::int64_t> epochs_, attempts_;
};

/// "draw 3 to 1": whose trial was given, and where it pauses.
std::string told(const std::optional<Job>& job) {
  if (!job) return "nothing";
  return job->label + (job->arguments.empty() ? " to the end" : " to " + job->arguments.at(1));
}

TEST_F(SearchCourseTest, PausesAtTheRungAndGoesOnWithTheBest) {
  make({1, 3, 9}, 6);
  const std::vector<double> scores = {0.5, 0.9, 0.1, 0.2, 0.3, 0.95};
  SearchCourse search = course();
  std::vector<std::string> order;
  while (const std::optional<Job> job = search.next()) {
    order.push_back(told(job));
    work(*job, scores.at(static_cast<std::size_t>(job->label.back() - '0')));
  }
  // After three draws the best one goes on. The second rung holds no more than two in the end, so its best
  // one goes on.
  EXPECT_THAT(order, ElementsAre("draw 0 to 1", "draw 1 to 1", "draw 2 to 1", "draw 1 to 3", "draw 3 to 1",
                                 "draw 4 to 1", "draw 5 to 1", "draw 5 to 3", "draw 5 to the end"));
  const Json record = search.record();
  EXPECT_EQ(record.at("finished"), true);
  EXPECT_EQ(record.at("chosen").at("label"), "draw 5");
  EXPECT_DOUBLE_EQ(record.at("chosen").at("score"), 0.95);
  EXPECT_EQ(record.at("draws")[1].at("scores"), Json({0.9, 0.9}));
  EXPECT_EQ(record.at("promotions").size(), 3U);
  EXPECT_EQ(search.unwanted().size(), 5U) << "all but the one that was trained in full";
  EXPECT_EQ(Json::parse(core::read_file(plan_.folder / core::kSearchFile)), record);
}

TEST_F(SearchCourseTest, GoesOnAfterAKillAsIfThereHadBeenNone) {
  make({1, 3, 9}, 6);
  const std::vector<double> scores = {0.5, 0.9, 0.1, 0.2, 0.3, 0.95};
  std::vector<std::string> order;
  for (int i = 0; i < 20; ++i) {  // every job by another course, as after a kill each
    SearchCourse search = course();
    const std::optional<Job> job = search.next();
    if (!job) break;
    order.push_back(told(job));
    work(*job, scores.at(static_cast<std::size_t>(job->label.back() - '0')));
  }
  EXPECT_THAT(order, ElementsAre("draw 0 to 1", "draw 1 to 1", "draw 2 to 1", "draw 1 to 3", "draw 3 to 1",
                                 "draw 4 to 1", "draw 5 to 1", "draw 5 to 3", "draw 5 to the end"));
}

TEST_F(SearchCourseTest, GivesNothingTwiceAndNeverWaitsWhileThereAreDraws) {
  make({1, 9}, 4);
  SearchCourse search = course();
  std::vector<Job> running;
  for (int i = 0; i < 4; ++i) running.push_back(*search.next());
  EXPECT_EQ(search.next(), std::nullopt) << "all are being run";
  work(running[3], 0.9);
  work(running[1], 0.8);
  EXPECT_EQ(search.next(), std::nullopt) << "draw 0 is not known yet";
  work(running[0], 0.7);
  work(running[2], 0.6);
  EXPECT_EQ(told(search.next()), "draw 1 to the end")
      << "the best of the first three; draw 3 came as the fourth";
}

TEST_F(SearchCourseTest, AFailedDrawRanksLastAndADivergedOneIsNoFailureOfTheSearch) {
  make({1, 9}, 3);
  SearchCourse search = course();
  const Job first = *search.next(), second = *search.next(), third = *search.next();
  trial::EventWriter(first.folder / core::kEventsFile, UINT64_MAX, trial::LogKind::kChained)
      .append("trial",
              {{"schema", 1}, {"trial_id", first.id}, {"num_classes", 2}, {"class_names", {"a", "b"}}});
  trial::EventWriter(first.folder / core::kEventsFile, UINT64_MAX, trial::LogKind::kChained)
      .append("diverged", {{"epoch", 1}, {"step", 1}, {"loss", "nan"}, {"what", "loss"}});
  end_attempt(first, "failed", "diverged", 1);
  work(second, 0.2);
  end_attempt(third, "failed", "crashed", 1);
  EXPECT_EQ(told(search.next()), "draw 1 to the end");
  search.look();
  EXPECT_TRUE(search.unwanted().contains(first.id));
  EXPECT_FALSE(search.unwanted().contains(third.id)) << "a crash is told by the exit code";
}

TEST_F(SearchCourseTest, ADrawIsKnownWhenAllItsSeedsAre) {
  make({1, 9}, 3, {1, 2});
  SearchCourse search = course();
  std::vector<Job> jobs;
  for (int i = 0; i < 6; ++i) jobs.push_back(*search.next());
  EXPECT_EQ(jobs[0].label, jobs[1].label);
  EXPECT_NE(jobs[0].seed, jobs[1].seed);
  const std::vector<double> scores = {0.9, 0.1, 0.6, 0.6, 0.2, 0.2};
  for (std::size_t i = 0; i < 5; ++i) work(jobs[i], scores[i]);
  EXPECT_EQ(search.next(), std::nullopt);
  work(jobs[5], scores[5]);
  EXPECT_EQ(told(search.next()), "draw 1 to the end") << "0.6 on average, more than 0.5";
}

TEST_F(SearchCourseTest, BeginsNoDrawOnceItsHoursAreOver) {
  make({}, 5);
  study_.search->hours = 0.01;  // 36 s
  SearchCourse search = course();
  for (int i = 0; i < 4; ++i) {
    const std::optional<Job> job = search.next();
    EXPECT_EQ(job.has_value(), i < 3) << i;
    if (job) work(*job, 0.5 + 0.1 * i, /*duration=*/15);
  }
  search.look();
  EXPECT_EQ(search.record().at("finished"), true);
  EXPECT_EQ(search.record().at("chosen").at("label"), "draw 2");
  EXPECT_EQ(search.unwanted().size(), 2U) << "what was never begun";
}

TEST_F(SearchCourseTest, TakesDrawsOutOfTheAgenda) {
  make({1, 9}, 2);
  study_.search->draws = 1;  // the other one stands beside it
  std::vector<Job> jobs = make_agenda(plan_.trials, false).jobs;
  const std::vector<Job> draws = take_draws(jobs, study_, plan_);
  ASSERT_EQ(draws.size(), 1U);
  EXPECT_EQ(draws[0].label, "draw 0");
  ASSERT_EQ(jobs.size(), 1U);
  study_.search.reset();
  EXPECT_THAT(take_draws(jobs, study_, plan_), IsEmpty());
}

TEST_F(SearchCourseTest, NeedsASelectionSplit) {
  make({}, 2);
  EXPECT_NO_THROW(check_search(study_, data_));
  auto without = std::make_shared<data::PreparedData>(*data_[0]);
  without->splits.selection.clear();
  data_[1] = without;
  try {
    check_search(study_, data_);
    ADD_FAILURE();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a search chooses by the selection split, but there is none"));
  }
}

}  // namespace
}  // namespace segbench::run
