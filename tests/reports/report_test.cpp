// SPDX-License-Identifier: MIT
#include "reports/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
#include "harness/core/files.h"
#include "reports/figures/gnuplot.h"
#include "reports/panels/panels.h"
#include "reports/swap_folder.h"
#include "tests/reports/html_check.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool has_gnuplot() {
  return std::system("gnuplot --version > /dev/null 2>&1") == 0;
}

core::Json model_in(const fs::path& report) {
  return core::Json::parse(core::read_file(report / "model.json"));
}

std::vector<std::string> check(const store::Store& store, const tests::FakeStudy& study) {
  const tests::TemporaryFolder scratch;
  return check_report(store, study.runs.path(), "sizes", {.report = {}, .scratch = scratch.path()})
      .differences;
}

TEST(Report, IsWrittenWhole) {
  if (!has_gnuplot()) GTEST_SKIP() << "SKIPPED: no gnuplot";
  const tests::FakeStudy study;
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes");
  EXPECT_THAT(written.warnings, IsEmpty());
  const fs::path report = study.runs / "sizes" / "report";
  EXPECT_EQ(written.page, report / "index.html");
  for (const char* plot :
       {"strip", "differences", "score_curves", "loss_curves", "size_score", "time_score", "per_class"}) {
    for (const char* suffix : {".gp", ".dat", ".svg", ".png"}) {
      EXPECT_GT(fs::file_size(report / "plots" / (std::string(plot) + suffix)), 50u) << plot << suffix;
    }
  }
  for (const char* table : {"leaderboard", "per_class", "trials", "differences", "claims", "loss_curves"}) {
    for (const char* suffix : {".csv", ".md", ".tex"}) {
      EXPECT_TRUE(fs::exists(report / "tables" / (std::string(table) + suffix))) << table << suffix;
    }
  }
  const std::string page = core::read_file(written.page);
  EXPECT_THAT(tests::read_html(page).defects, IsEmpty());
  EXPECT_THAT(page, HasSubstr("alt=\"Prediction of small for image_0200\""));
  EXPECT_THAT(page, HasSubstr("figure-strip"));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
}

TEST(Report, LeavesOutPredictionsThatCannotBeRead) {
  const tests::FakeStudy study;
  for (const tests::FakeTrial& trial : study.trials) {
    if (trial.label != "small") continue;
    core::write_file_atomically(
        study.runs / "sizes" / "trials" / tests::fake_trial_id(trial) / "predictions.u8", "torn");
  }
  const store::Store store = study.import();
  ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  add_panels(model, store, study.runs.path());
  EXPECT_EQ(model.panels.at(0).tiles.size(), 2u);
  EXPECT_THAT(model.panels_note, HasSubstr("small kept no readable predictions"));
  fs::remove_all(study.runs / "cache");
  ReportModel without = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  EXPECT_THAT(add_panels(without, store, study.runs.path()), IsEmpty());
  EXPECT_THAT(without.panels_note, HasSubstr("no longer there"));
}

TEST(Report, ComesWithoutGnuplotToo) {
  const tests::FakeStudy study;
  ReportOptions options;
  options.gnuplot = "no-such-gnuplot";
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes", options);
  ASSERT_EQ(written.warnings.size(), 1u);
  EXPECT_THAT(written.warnings[0], HasSubstr("no-such-gnuplot"));
  const std::string page = core::read_file(written.page);
  EXPECT_THAT(tests::read_html(page).defects, IsEmpty());
  EXPECT_THAT(page, HasSubstr("gnuplot could not draw"));
  EXPECT_THAT(page, HasSubstr("class=\"strip\"")) << "the leaderboard draws its own dots";
  EXPECT_TRUE(fs::exists(written.page.parent_path() / "plots" / "strip.gp"));
}

TEST(Report, ScriptsTakeNoCommandsFromLabels) {
  if (!has_gnuplot()) GTEST_SKIP() << "SKIPPED: no gnuplot";
  const tests::FakeStudy study;
  tests::edit_study(study.runs.path(), "sizes", [](core::Json& json) {
    json["variants"][0]["label"] = "`touch pwned`'@x\\";
    json["variants"][1]["label"] = "'; system 'touch pwned'; '";
    json["variants"][2]["label"] = "{/:Bold %d} \"$0\"";
  });
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes");
  EXPECT_THAT(written.warnings, IsEmpty());
  const fs::path plots = written.page.parent_path() / "plots";
  EXPECT_FALSE(fs::exists(plots / "pwned"));
  EXPECT_THAT(core::read_file(plots / "score_curves.svg"), HasSubstr("`touch"));
}

TEST(Report, DrawsASmallFrameForEachOfManyVariants) {
  if (!has_gnuplot()) GTEST_SKIP() << "SKIPPED: no gnuplot";
  const tests::TemporaryFolder runs;
  tests::write_fake_study(runs.path(), tests::fake_trials({"a", "b", "c", "d", "e", "f", "g"}, {1, 2}));
  const WrittenReport written = write_report(tests::import_all(runs.path(), "sizes"), runs.path(), "sizes");
  EXPECT_THAT(written.warnings, IsEmpty());
  EXPECT_THAT(core::read_file(written.page), HasSubstr("class=\"wide\""));
  const std::string svg = core::read_file(written.page.parent_path() / "plots" / "loss_curves.svg");
  for (const char* label : {">a<", ">d<", ">g<"}) EXPECT_THAT(svg, HasSubstr(label));
}

TEST(Report, CheckRecomputesEveryNumber) {
  const tests::FakeStudy study;
  store::Store store = study.import();
  ReportOptions options;
  options.plots = false;
  options.model.metric = "pixel_accuracy";
  write_report(store, study.runs.path(), "sizes", options);
  EXPECT_THAT(check(store, study), IsEmpty()) << "with the report's own metric";

  const fs::path report = study.runs / "sizes" / "report";
  core::Json model = model_in(report);
  model["leaderboard"][0]["score"]["mean"] = 0.99;
  core::write_file_atomically(report / "model.json", model.dump());
  const std::vector<std::string> differences = check(store, study);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_THAT(differences[0], HasSubstr("leaderboard / full / score / mean: the report says 0.99"));

  core::write_file_atomically(report / "model.json", "{");
  EXPECT_THROW(check(store, study), core::UserError);
  fs::remove_all(report);
  EXPECT_THROW(check(store, study), core::UserError);
}

/// Changes one digit of a text file behind `mark`.
void change_a_digit(const fs::path& file, const std::string& mark) {
  std::string text = core::read_file(file);
  const std::size_t begin = text.find(mark);
  ASSERT_NE(begin, std::string::npos) << file << " has no " << mark;
  const std::size_t digit = text.find_first_of("0123456789", begin + mark.size());
  ASSERT_NE(digit, std::string::npos) << file << " has no digit after " << mark;
  text[digit] = text[digit] == '7' ? '8' : '7';
  core::write_file_atomically(file, text);
}

TEST(Report, CheckSeesADigitChangedAnywhere) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  ReportOptions options;
  options.plots = has_gnuplot(), options.latex = true;
  write_report(store, study.runs.path(), "sizes", options);
  const fs::path report = study.runs / "sizes" / "report";
  ASSERT_THAT(check(store, study), IsEmpty());

  std::vector<std::pair<std::string, std::string>> places = {{"index.html", "class=\"say\">"},
                                                             {"index.html", "<data value=\"0."},
                                                             {"index.html", "</data>"},
                                                             {"index.html", "<figcaption"},
                                                             {"tables/leaderboard.csv", "\n"},
                                                             {"tables/trials.md", "\n|"},
                                                             {"tables/per_class.tex", "&"},
                                                             {"plots/strip.dat", "\n"},
                                                             {"plots/strip.gp", "set "},
                                                             {"report.md", "**"},
                                                             {"report.md", "\n| "},
                                                             {"report.tex", "\\textbf{"},
                                                             {"tables/image_differences.csv", "\n"},
                                                             {"tables/hard_images.csv", "\n"},
                                                             {"tables/class_differences.md", "\n|"},
                                                             {"tables/time_parts.tex", "&"},
                                                             {"tables/queries.csv", "\n"},
                                                             {"plots/image_differences.dat", "\n"},
                                                             {"plots/class_differences.dat", "\n"},
                                                             {"plots/critical_difference.dat", "\n"},
                                                             {"plots/time_parts.dat", "\n"}};
  if (options.plots) places.emplace_back("plots/strip.svg", "<text");
  // A check tells of every file, so that all are tried at once, each at one place.
  while (!places.empty()) {
    std::map<std::string, std::string> before;
    std::vector<std::pair<std::string, std::string>> later;
    for (const auto& [file, mark] : places) {
      if (before.contains(file)) {
        later.emplace_back(file, mark);
        continue;
      }
      before[file] = core::read_file(report / file);
      change_a_digit(report / file, mark);
    }
    const std::vector<std::string> found = check(store, study);
    EXPECT_EQ(found.size(), before.size());
    for (const auto& [file, content] : before) {
      EXPECT_THAT(found, ::testing::Contains(::testing::StartsWith(file + ": line "))) << file;
      core::write_file_atomically(report / file, content);
    }
    places = later;
  }
  ASSERT_THAT(check(store, study), IsEmpty()) << "all is as it was";
  std::map<fs::path, std::string> pictures;
  for (const auto& entry : fs::directory_iterator(report / "panels")) pictures[entry.path()];
  if (options.plots) pictures[report / "plots" / "strip.pdf"];
  for (auto& [file, content] : pictures) {
    content = core::read_file(file);
    core::write_file_atomically(file, content + "x");
  }
  const std::vector<std::string> found = check(store, study);
  EXPECT_EQ(found.size(), pictures.size());
  for (const auto& [file, content] : pictures) {
    EXPECT_THAT(found, ::testing::Contains(HasSubstr(file.filename().string() + ": ")));
    core::write_file_atomically(file, content);
  }
  fs::remove(report / "tables" / "leaderboard.csv");
  EXPECT_THAT(check(store, study), ::testing::ElementsAre("tables/leaderboard.csv: is missing"));
}

TEST(Report, CheckPassesAfterAVerificationAndWithoutTheDecodedData) {
  const tests::FakeStudy study;
  store::Store store = study.import();
  ReportOptions options;
  options.plots = false;
  write_report(store, study.runs.path(), "sizes", options);
  tests::FakeTrial verified = study.trials[0];
  verified.verified = "bitwise";
  store.import_trial(tests::write_fake_trial(study.runs.path(), verified), study.runs.path());
  EXPECT_THAT(check(store, study), IsEmpty());
  fs::remove_all(study.runs / "cache");
  EXPECT_THAT(check(store, study), IsEmpty());
  change_a_digit(study.runs / "sizes" / "report" / "index.html", "class=\"say\">");
  EXPECT_EQ(check(store, study).size(), 1u);

  verified.verified = "seeded";
  store.import_trial(tests::write_fake_trial(study.runs.path(), verified), study.runs.path());
  write_report(store, study.runs.path(), "sizes", options);
  const fs::path file = study.runs / "sizes" / "report" / "model.json";
  std::string model = core::read_file(file);
  model.replace(model.find("\"seeded\""), 8, "\"bitwise\"");
  core::write_file_atomically(file, model);
  EXPECT_THAT(check(store, study), Not(IsEmpty())) << "a grade that nobody found";
}

TEST(Report, CheckSeesATrialThatCameLater) {
  const tests::FakeStudy study;
  store::Store store = study.import();
  ReportOptions options;
  options.plots = false;
  write_report(store, study.runs.path(), "sizes", options);
  tests::FakeTrial changed = study.trials[0];
  changed.quality = 0.95;
  store.import_trial(tests::write_fake_trial(study.runs.path(), changed), study.runs.path());
  EXPECT_THAT(check(store, study), Not(IsEmpty()));
}

TEST(Report, RefusesToReplaceWhatIsNoReport) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  ReportOptions options;
  options.plots = false;
  options.output = study.runs / "mine";
  fs::create_directories(options.output);
  core::write_file_atomically(options.output / "thesis.tex", "years of work");
  EXPECT_THROW(write_report(store, study.runs.path(), "sizes", options), core::UserError);
  EXPECT_EQ(core::read_file(options.output / "thesis.tex"), "years of work");
  fs::remove(options.output / "thesis.tex");
  EXPECT_NO_THROW(write_report(store, study.runs.path(), "sizes", options)) << "an empty folder is fine";
  EXPECT_NO_THROW(write_report(store, study.runs.path(), "sizes", options)) << "and so is a report";
}

TEST(NewFolder, LeavesTheOldOneWholeUntilItIsPutInPlace) {
  const tests::TemporaryFolder root;
  const fs::path place = root / "report";
  fs::create_directories(place);
  write_plainly(place / "marker", "old");
  fs::create_directories(root / "report.tmp-999999999");  // of a process that was killed
  {
    NewFolder abandoned(place, "marker");
    write_plainly(abandoned.path() / "marker", "half");
  }
  EXPECT_EQ(core::read_file(place / "marker"), "old");
  EXPECT_EQ(fs::exists(root / "report.tmp-999999999"), core::is_on_network(root.path()));
  {
    NewFolder folder(place, "marker");
    write_plainly(folder.path() / "marker", "new");
    folder.put_in_place();
  }
  EXPECT_EQ(core::read_file(place / "marker"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(root.path()), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace segbench::reports
