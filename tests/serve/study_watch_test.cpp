// SPDX-License-Identifier: MIT
#include "harness/serve/study_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/serve/chart.h"
#include "harness/serve/curves.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using serve::CurvePoint;
using testing::HasSubstr;

FakeTrial ended(const std::string& label, const std::string& end) {
  FakeTrial trial;
  trial.label = label;
  trial.end = end;
  return trial;
}

/// Waits until the watch looks again.
std::shared_ptr<const serve::Snapshot> later(serve::StudyWatch& watch) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
  return watch.now();
}

TEST(StudyWatch, SeesWhatTheLogsSay) {
  const TemporaryFolder runs;
  const std::vector<FakeTrial> trials = {ended("small", "complete"), ended("medium", "diverged"),
                                         ended("full", "pending")};
  write_fake_study(runs.path(), trials);
  serve::StudyWatch watch(runs.path(), "sizes");
  const auto first = watch.now();
  EXPECT_EQ(first->trials.size(), 3u);
  EXPECT_EQ(first->counts.of(core::TrialStatus::kComplete), 1u);
  EXPECT_EQ(first->counts.of(core::TrialStatus::kFailed), 1u);
  EXPECT_EQ(first->counts.of(core::TrialStatus::kPending), 1u);
  EXPECT_EQ(first->index_of(fake_trial_id(trials[1])), 1u);
  EXPECT_EQ(first->index_of("none"), 3u);
  EXPECT_EQ(watch.now(), first) << "nothing is read twice within a second";
  const auto same = later(watch);
  EXPECT_EQ(same->version, first->version);
  write_fake_trial(runs.path(), ended("full", "complete"));
  const auto changed = later(watch);
  EXPECT_EQ(changed->counts.of(core::TrialStatus::kComplete), 2u);
  EXPECT_NE(changed->version, first->version);
  EXPECT_NE(changed->outcomes, first->outcomes);
}

TEST(StudyWatch, KeepsWhatItKnewOfAStudyThatIsBeingWritten) {
  const TemporaryFolder runs;
  write_fake_study(runs.path(), {ended("small", "complete")});
  EXPECT_THROW(serve::StudyWatch(runs.path(), "none"), core::UserError);
  serve::StudyWatch watch(runs.path(), "sizes");
  std::ofstream(runs / "sizes/study.json") << "{\"trials\": [";
  EXPECT_EQ(later(watch)->trials.size(), 1u);
}

TEST(Curves, AreThoseOfTheLog) {
  const TemporaryFolder runs;
  write_fake_study(runs.path(), {ended("small", "complete")});
  const auto folder = runs / ("sizes/trials/" + fake_trial_id(ended("small", "complete")));
  const serve::Curves curves = serve::read_curves(folder);
  ASSERT_EQ(curves.train_loss.size(), 3u);
  EXPECT_EQ(curves.train_loss[2].epoch, 3);
  ASSERT_EQ(curves.score.size(), 3u);
  EXPECT_EQ(curves.metric, "miou_no_background");
  for (const CurvePoint& point : curves.score) {
    ASSERT_TRUE(point.value.has_value());
    EXPECT_GT(*point.value, 0);
    EXPECT_LE(*point.value, 1);
  }
  serve::CurveShelf shelf;
  const auto kept = shelf.of(folder);
  EXPECT_EQ(shelf.of(folder), kept) << "read once";
  EXPECT_TRUE(serve::read_curves(runs / "nowhere").score.empty());
  // A line that is being written is not there yet, one that is whole is.
  const std::string log = core::read_file(folder / "events.jsonl");
  const std::size_t second = log.find("\"epoch\":2");
  std::ofstream(folder / "events.jsonl") << log.substr(0, second + 5);
  EXPECT_EQ(shelf.of(folder)->train_loss.size(), 1u);
}

TEST(Charts, ShowValuesAndLeaveGaps) {
  const std::vector<CurvePoint> points = {{1, 0.25}, {2, {}}, {3, 0.75}, {4, 0.5}};
  const std::string svg = serve::chart_svg({.title = "a <b> & \"c\"",
                                            .series = {{.name = "x<script>", .colour = 2, .points = &points}},
                                            .epochs = 4,
                                            .marked_epoch = 3});
  EXPECT_THAT(svg, HasSubstr("aria-label=\"a &lt;b&gt; &amp; &quot;c&quot;\""));
  EXPECT_THAT(svg, HasSubstr("x&lt;script&gt;"));
  EXPECT_THAT(svg, HasSubstr("class=\"mark\""));
  const std::string path =
      svg.substr(svg.find(" d=\"") + 4, svg.find('"', svg.find(" d=\"") + 4) - svg.find(" d=\"") - 4);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2) << path;
  EXPECT_EQ(std::count(path.begin(), path.end(), 'L'), 1) << path;
  const std::vector<CurvePoint> nothing = {{1, {}}, {2, {}}};
  EXPECT_EQ(serve::chart_svg({.title = "t", .series = {{.name = "n", .points = &nothing}}}), "");
  EXPECT_EQ(serve::sparkline_svg(nothing, "t"), "");
  EXPECT_EQ(serve::sparkline_svg({{1, 0.5}}, "t"), "");
  EXPECT_THAT(serve::sparkline_svg(points, "t"), HasSubstr("<svg class=\"spark\""));
  const std::vector<CurvePoint> flat = {{1, 0.0}, {2, 0.0}};
  EXPECT_EQ(serve::chart_svg({.title = "t", .series = {{.name = "n", .points = &flat}}}).find("nan"),
            std::string::npos);
}

TEST(Charts, HaveRoundTicks) {
  EXPECT_EQ(serve::round_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(serve::round_ticks(-1, 1, 4), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  EXPECT_EQ(serve::round_ticks(1, 25, 6), (std::vector<double>{5, 10, 15, 20, 25}));
  EXPECT_TRUE(serve::round_ticks(1, 1, 5).empty());
  for (const double tick : serve::round_ticks(0.6123, 0.6131, 5)) {
    EXPECT_GE(tick, 0.6123);
    EXPECT_LE(tick, 0.6131 + 1e-9);
  }
}

}  // namespace
}  // namespace segbench::tests
