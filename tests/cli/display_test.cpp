// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "harness/cli/run_display.h"
#include "harness/cli/terminal.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

TEST(Terminal, DrawsABarInEighths) {
  EXPECT_EQ(bar(0, 3), "   ");
  EXPECT_EQ(bar(0.5, 3), "█▌ ");
  EXPECT_EQ(bar(1, 3), "███");
  EXPECT_EQ(bar(7, 3), "███");
  EXPECT_EQ(bar(std::nan(""), 3), "   ");
}

run::WorkerProgress at(std::int64_t epoch, std::int64_t step) {
  return {.phase = "train",
          .epoch = epoch,
          .epochs = 10,
          .step = step,
          .steps = 4,
          .loss = 0.5,
          .metric = "miou_no_background",
          .score = 0.25};
}

TEST(TimeLeft, IsProportionalToWhatIsDone) {
  EXPECT_DOUBLE_EQ(run::fraction_done(at(1, 0)), 0.0);
  EXPECT_DOUBLE_EQ(run::fraction_done(at(3, 2)), 0.25);
  EXPECT_DOUBLE_EQ(run::fraction_done({.phase = "finish", .epoch = 10, .epochs = 10}), 1.0);
  EXPECT_DOUBLE_EQ(run::fraction_done({.phase = "start"}), 0.0);
  EXPECT_DOUBLE_EQ(run::fraction_done({.phase = "evaluate", .epoch = 5, .epochs = 10, .step = 0, .steps = 9}),
                   0.5);

  const run::TimePoint start{};
  run::TimeLeft left(4, 2);
  EXPECT_EQ(left.of_study(start), std::nullopt);
  left.started("a");
  left.started("b");
  left.progressed("a", 0.0, start);
  EXPECT_EQ(left.of_trial("a", start), std::nullopt);
  left.progressed("a", 0.25, start + seconds(10));
  EXPECT_DOUBLE_EQ(left.of_trial("a", start + seconds(10))->count(), 30);
  // 30 s of a, 40 s of b that has not told yet, 2 x 40 s waiting, two at once.
  EXPECT_DOUBLE_EQ(left.of_study(start + seconds(10))->count(), 75);
}

TEST(TimeLeft, JudgesAResumedTrialByWhatItDidSince) {
  const run::TimePoint start{};
  run::TimeLeft left(1, 1);
  left.started("a");
  left.progressed("a", 0.5, start);
  left.progressed("a", 0.75, start + seconds(10));
  EXPECT_DOUBLE_EQ(left.of_trial("a", start + seconds(10))->count(), 10);
  left.ended("a", false, start + seconds(20));
  EXPECT_EQ(left.of_trial("a", start + seconds(20)), std::nullopt);
  EXPECT_DOUBLE_EQ(left.of_study(start + seconds(20))->count(), 0);
}

TEST(TimeLeft, StartingIsNoProgressOfAResumedTrial) {
  const run::TimePoint start{};
  run::TimeLeft left(10, 1);
  left.started("a");
  left.progressed("a", run::WorkerProgress{.phase = "start", .epochs = 10}, start);
  left.progressed("a",
                  run::WorkerProgress{.phase = "train", .epoch = 10, .epochs = 10, .step = 0, .steps = 8},
                  start + seconds(1));
  EXPECT_EQ(left.of_study(start + seconds(1)), std::nullopt) << "nothing was seen yet";
  left.progressed("a",
                  run::WorkerProgress{.phase = "train", .epoch = 10, .epochs = 10, .step = 4, .steps = 8},
                  start + seconds(11));
  // 200 s for a whole trial: 10 s of this one, and 9 others.
  EXPECT_NEAR(left.of_study(start + seconds(11))->count(), 1810, 1e-6);
}

class DisplayTest : public testing::Test {
 protected:
  DisplayPort port() {
    return {.write = [this](std::string_view text) { written_ += text; },
            .now = [this] { return now_; },
            .width = [this] { return width_; },
            .colour = false};
  }
  /// What was written since the last call.
  std::string take() { return std::exchange(written_, ""); }

  const run::Job job_{
      .kind = &run::training(), .id = "t", .label = "small", .seed = 3, .epochs = 10, .folder = {}};
  const DisplayTotals totals_{.study = "sizes", .planned = 4, .complete = 1, .to_run = 3, .jobs = 1};
  run::TimePoint now_{seconds(1000)};
  std::size_t width_ = 100;
  std::string written_;
};

TEST_F(DisplayTest, PlainLinesTellStartEpochsAndEnd) {
  const auto display = make_plain_display(totals_, port());
  display->job_started(job_, 1);
  EXPECT_EQ(take(), "small, seed 3: started\n");
  for (int step = 0; step < 4; ++step) display->job_progress(job_, at(1, step));
  EXPECT_EQ(take(), "");
  now_ += seconds(12);
  display->job_progress(job_, at(2, 0));
  EXPECT_EQ(take(),
            "small, seed 3: epoch 1/10, loss 0.5, mIoU without background 0.250, about 1 min 48 s left\n");
  now_ += seconds(2);
  display->job_progress(job_, at(3, 0));
  EXPECT_EQ(take(), "") << "at most one line in ten seconds";
  display->job_ended(job_, {.status = core::TrialStatus::kComplete}, false);
  EXPECT_THAT(take(), HasSubstr("small, seed 3: complete after 14 s; 2 of 4 trials"));
}

TEST_F(DisplayTest, FailuresAreToldEvenQuietly) {
  const auto display = make_quiet_display(port());
  display->job_started(job_, 1);
  display->job_ended(job_, {.status = core::TrialStatus::kComplete}, false);
  EXPECT_EQ(take(), "");
  display->job_ended(
      job_, {core::TrialStatus::kFailed, core::FailureReason::kCrashed, "killed by SIGSEGV\nlast words"},
      true);
  EXPECT_EQ(take(), "small, seed 3: failed (crashed): killed by SIGSEGV | last words; trying again\n");
  display->job_held(job_, 42);
  EXPECT_THAT(take(), HasSubstr("process 42"));
}

TEST_F(DisplayTest, APauseIsNoFailure) {
  const run::Outcome paused{
      .status = core::TrialStatus::kInterrupted, .message = "paused after epoch 3 of 10", .is_paused = true};
  const auto quiet = make_quiet_display(port());
  quiet->job_ended(job_, paused, false);
  EXPECT_EQ(take(), "");
  const auto plain = make_plain_display(totals_, port());
  plain->job_started(job_, 1);
  take();
  plain->job_ended(job_, paused, false);
  EXPECT_EQ(take(), "small, seed 3: paused after epoch 3 of 10\n");
  const auto live = make_live_display(totals_, port());
  live->job_started(job_, 1);
  take();
  live->job_ended(job_, paused, false);
  EXPECT_THAT(take(), HasSubstr("small, seed 3: paused after epoch 3 of 10\n"));
}

TEST_F(DisplayTest, TheLiveDisplayRedrawsInPlaceAtMostTenTimesASecond) {
  auto display = make_live_display(totals_, port());
  EXPECT_THAT(take(), HasSubstr("1/4 trials"));
  display->job_started(job_, 1);
  EXPECT_THAT(take(), HasSubstr("small, seed 3  starting"));
  now_ += std::chrono::milliseconds(50);
  display->job_progress(job_, at(3, 2));
  EXPECT_EQ(take(), "");
  now_ += std::chrono::milliseconds(50);
  display->job_progress(job_, at(3, 2));
  std::string drawn = take();
  EXPECT_THAT(drawn, HasSubstr("\x1b[2A\x1b[J"));
  EXPECT_THAT(drawn, HasSubstr("epoch 3/10, step 2/4, loss 0.5, mIoU without background 0.250"));
  EXPECT_THAT(drawn, Not(HasSubstr("\x1b[31m"))) << "NO_COLOR";
  now_ += seconds(60);
  display->job_progress(job_, at(5, 2));
  EXPECT_THAT(take(), testing::ContainsRegex("step 2/4, [0-9a-z ]+ left, loss 0.5"));
  display->message("a word");
  EXPECT_THAT(take(), HasSubstr("\x1b[Ja word\n"));
  display.reset();
  EXPECT_THAT(take(), testing::EndsWith("\x1b[?25h")) << "the cursor comes back";
}

TEST_F(DisplayTest, NoLineIsWiderThanTheTerminal) {
  width_ = 30;
  const auto display = make_live_display(totals_, port());
  display->job_started(job_, 1);
  take();
  now_ += seconds(1);
  display->job_progress(job_, at(3, 2));
  std::string drawn = take();
  drawn.erase(0, drawn.find("\x1b[J") + 3);
  std::istringstream lines(drawn);
  for (std::string line; std::getline(lines, line);) EXPECT_LT(text::width(line), 30U) << line;
}

}  // namespace
}  // namespace segbench::cli
