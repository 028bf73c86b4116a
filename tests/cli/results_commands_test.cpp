// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <fstream>
#include <map>

#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/safetensors.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "results/store/import_runs.h"
#include "tests/cli/run_command.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr, testing::IsEmpty, testing::Not;

class ResultsCommands : public testing::Test {
 protected:
  std::filesystem::path runs() const { return folder_ / "runs"; }
  cli::Context context(const std::string& format = "json") const { return {runs(), format, 0}; }
  CommandOutput compare(std::vector<std::string> arguments, const std::string& format = "json") const {
    arguments.insert(arguments.begin(), "compare");
    return run_command(cli::add_compare, context(format), arguments);
  }
  CommandOutput metrics(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "metrics");
    return run_command(cli::add_metrics, context(), arguments);
  }
  CommandOutput import(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "import");
    return run_command(cli::add_import, context(), arguments);
  }
  CommandOutput export_(std::vector<std::string> arguments, const std::string& format = "json") const {
    arguments.insert(arguments.begin(), "export");
    return run_command(cli::add_export, context(format), arguments);
  }
  void write(const std::vector<FakeTrial>& trials) const {
    write_fake_study(runs(), trials);
    const CommandOutput imported = import({});
    ASSERT_EQ(imported.error, "");
    ASSERT_EQ(imported.err, "");
  }

  TemporaryFolder folder_;
};

/// One image whose classes from 1 on are right in `right` of 100 pixels each.
core::Confusion image_with(std::int64_t right) {
  core::Confusion image(3);
  image.at(0, 0) = 800;
  for (int c : {1, 2}) image.at(c, c) = right, image.at(c, 0) = 100 - right;
  return image;
}

TEST_F(ResultsCommands, DataWithoutABackgroundAreComparedByAllClasses) {
  FakeTrial trial;
  trial.background = std::nullopt;
  trial.test_images = {image_with(50)};
  write({trial});
  EXPECT_NEAR(compare({"sizes"}).json()[0].at("mean"), (0.8 / 0.9 + 0.5 + 0.5) / 3, 1e-9);
  EXPECT_THAT(compare({"sizes", "--metric", "miou_no_background"}).error,
              HasSubstr("these data have no background class; use \"miou\""));
  for (const Json& row : metrics({"sizes"}).json()) {
    const std::string name = row.at("convention");
    const bool leaves_out = name == "miou_no_background" || name == "miou_background_pixels_ignored" ||
                            name == "dice_per_image_gt_present" || name == "carvana_dice" ||
                            name == "tgs_precision" || name.starts_with("dice_nnunet") ||
                            name.starts_with("published_");  // measured on request only
    EXPECT_EQ(row.at("small").is_null(), leaves_out) << name;
  }
}

TEST_F(ResultsCommands, CompareShowsMeansIntervalsAndPairedDifferences) {
  std::vector<FakeTrial> trials;
  for (const auto& [label, scores] :
       {std::pair<std::string, std::vector<int>>{"small", {50, 60, 70}}, {"medium", {61, 72, 83}}}) {
    for (std::size_t seed = 0; seed < 3; ++seed) {
      FakeTrial trial;
      trial.label = label;
      trial.seed = seed;
      trial.test_images = {image_with(scores[seed])};
      trials.push_back(trial);
    }
  }
  write(trials);
  const CommandOutput output = compare({"sizes"});
  ASSERT_EQ(output.error, "");
  const Json rows = output.json();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("variant"), "medium");
  EXPECT_EQ(rows[0].at("n"), 3);
  EXPECT_NEAR(rows[0].at("mean"), 0.72, 1e-12);
  EXPECT_NEAR(rows[0].at("ci95_low"), 0.72 - 4.302652729911275 * 0.11 / std::sqrt(3.0), 1e-9);
  EXPECT_TRUE(rows[0].at("to_best").is_null());
  EXPECT_NEAR(rows[1].at("best"), 0.70, 1e-12);
  EXPECT_NEAR(rows[1].at("worst"), 0.50, 1e-12);
  EXPECT_NEAR(rows[1].at("expected_best"), (50 + 60 * 7 + 70 * 19) / 2700.0, 1e-12);
  EXPECT_NEAR(rows[1].at("to_best"), -0.12, 1e-12);
  EXPECT_NEAR(rows[1].at("to_best_ci95_high"), -0.12 + 4.302652729911275 * 0.01 / std::sqrt(3.0), 1e-9);
  EXPECT_EQ(rows[1].at("train_s"), 6.0);
  EXPECT_THAT(output.err, Not(HasSubstr("no verdict")));
}

TEST_F(ResultsCommands, CompareCountsWhatFailedAndWarnsBelowThreeSeeds) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
  trials[0].end = "out_of_memory";
  trials[3].end = "pending";
  write(trials);
  const CommandOutput output = compare({});
  const Json rows = output.json();
  EXPECT_EQ(rows[1].at("variant"), "small");
  EXPECT_EQ(rows[1].at("n"), 1);
  EXPECT_EQ(rows[1].at("failed"), 1);
  EXPECT_TRUE(rows[1].at("ci95_low").is_null()) << "one value has no spread";
  EXPECT_THAT(output.err, HasSubstr("no verdict below three seeds: medium (n = 1), small (n = 1)"));
  EXPECT_THAT(output.err, HasSubstr("1 of 4 trials failed"));
  EXPECT_THAT(output.err, HasSubstr("1 of 4 trials are not complete"));
  EXPECT_THAT(compare({}, "table").out, HasSubstr("–"));
}

TEST_F(ResultsCommands, CompareJudgesPublishedNumbers) {
  const std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2, 3});
  write(trials);
  EXPECT_THAT(compare({"--published"}).error, HasSubstr("has no [[published]] numbers"));
  const std::filesystem::path file = runs() / "sizes" / core::kStudyFile;
  Json study = Json::parse(core::read_file(file));
  study["published"] = {{{"variant_id", fake_variant(trials[0]).id},
                         {"variant_label", "small"},
                         {"metric", "pixel_accuracy"},
                         {"convention", "miou_absent_as_one"},
                         {"value", 0.001},
                         {"source", "a paper"}}};
  core::write_file_atomically(file, study.dump());
  ASSERT_EQ(import({}).error, "");
  const CommandOutput output = compare({"--published"});
  ASSERT_EQ(output.error, "");
  const Json rows = output.json();
  ASSERT_EQ(rows.size(), 2U) << "by the metric, and by the convention";
  EXPECT_EQ(rows[0].at("by"), "pixel_accuracy");
  EXPECT_EQ(rows[0].at("agrees"), "differs");
  EXPECT_EQ(rows[0].at("outcome"), "disagrees");
  EXPECT_EQ(rows[1].at("by"), "miou_absent_as_one");
  EXPECT_EQ(rows[1].at("n"), 3);
  EXPECT_LT(rows[0].at("expected_low"), rows[0].at("mean"));
  EXPECT_THAT(output.err, HasSubstr("published 1: a paper, small: pixel accuracy 0.001: disagrees; ours is"));
}

TEST_F(ResultsCommands, CompareByLossPutsTheLowestFirst) {
  write(fake_trials({"small", "medium"}, {1, 2, 3}));
  const Json rows = compare({"--metric", "loss"}).json();
  EXPECT_LT(rows[0].at("mean"), rows[1].at("mean"));
  EXPECT_LE(rows[0].at("best"), rows[0].at("worst"));
  EXPECT_LE(rows[0].at("best"), rows[0].at("expected_best"));
  EXPECT_LE(rows[0].at("expected_best"), rows[0].at("mean"));
}

TEST_F(ResultsCommands, CompareSaysThatTheVerdictGoesByAnotherInterval) {
  write(fake_trials({"small", "medium", "full"}, {1, 2, 3}));
  constexpr const char* kNote =
      "ci95 and to_best_ci95 are 95% intervals over seeds alone; the verdict goes by its own, 96.7% over "
      "seeds";
  EXPECT_THAT(compare({}).err, HasSubstr(kNote));
  EXPECT_THAT(compare({"--metric", "loss"}).err, HasSubstr(std::string(kNote) + "\n"))
      << "no image has a loss";
  EXPECT_THAT(compare({"--tests"}).err, Not(HasSubstr("to_best_ci95"))) << "that table has no such columns";
  const CommandOutput two = compare({"--metric", "loss", "--variant", "small", "--variant", "medium"});
  EXPECT_THAT(two.err, Not(HasSubstr("to_best_ci95"))) << "it is the verdict's own";
}

TEST_F(ResultsCommands, CompareRefusesScoresOfDifferentData) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2, 3});
  for (std::size_t i = 3; i < 6; ++i) trials[i].data_fingerprint = "beef";
  write(trials);
  const CommandOutput output = compare({});
  EXPECT_EQ(output.exit_code, core::kNotComparable);
  EXPECT_THAT(output.error, HasSubstr("data beef"));
  EXPECT_THAT(output.out, IsEmpty());
  EXPECT_EQ(compare({"--variant", "sm"}).exit_code, 0) << "one of them by itself";
}

TEST_F(ResultsCommands, CompareRanksByWhatTheVariantsSelectBy) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2, 3});
  for (FakeTrial& trial : trials) trial.select_by = "pixel_accuracy";
  write(trials);
  const Json rows = compare({}).json(), accuracy = compare({"--metric", "pixel_accuracy"}).json();
  EXPECT_EQ(rows, accuracy);
  EXPECT_NE(rows, compare({"--metric", "miou_no_background"}).json());
  const CommandOutput report = run_command(cli::add_report, context(), {"report", "--no-plots"});
  ASSERT_EQ(report.error, "");
  const Json model = Json::parse(core::read_file(runs() / "sizes" / core::kReportFolder / "model.json"));
  EXPECT_EQ(model.at("metric"), "pixel_accuracy");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(model.at("leaderboard")[i].at("label"), rows[i].at("variant"));
    EXPECT_EQ(model.at("leaderboard")[i].at("score").at("mean"), rows[i].at("mean"));
  }
}

TEST_F(ResultsCommands, ReportOfDifferentDataIsWrittenAndExitsAsCompareDoes) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2, 3});
  for (std::size_t i = 3; i < 6; ++i) trials[i].data_fingerprint = "beef";
  write(trials);
  const CommandOutput report = run_command(cli::add_report, context(), {"report", "--no-plots"});
  EXPECT_EQ(report.exit_code, core::kNotComparable);
  EXPECT_EQ(report.error, "");
  EXPECT_THAT(report.err, HasSubstr("not comparable"));
  const Json model = Json::parse(core::read_file(runs() / "sizes" / core::kReportFolder / "model.json"));
  EXPECT_EQ(model.at("verdict").at("standing"), "not comparable");
  EXPECT_THAT(model.at("verdict").at("headline").get<std::string>(), HasSubstr("No verdict"));
  EXPECT_TRUE(model.at("to_best").empty());
  EXPECT_EQ(run_command(cli::add_report, context(), {"report", "--check"}).exit_code, 0);
}

TEST_F(ResultsCommands, MetricsNamesNoBinaryConventionAmongManyClasses) {
  write(fake_trials({"small", "medium"}, {1, 2, 3}));
  const CommandOutput output = metrics({});
  for (const Json& row : output.json()) {
    const std::string name = row.at("convention");
    const bool binary = name == "carvana_dice" || name == "tgs_precision";
    const bool on_request = name.starts_with("published_");
    EXPECT_EQ(row.at("small").is_null(), binary || on_request) << name;
  }
  EXPECT_THAT(output.err, HasSubstr("not defined for these 3 classes: carvana_dice, tgs_precision"));
}

TEST_F(ResultsCommands, AStudyIsFoundByItsBeginning) {
  write(fake_trials({"small"}, {1}));
  std::vector<FakeTrial> others = fake_trials({"small"}, {1});
  others[0].study = "losses";
  write(others);
  EXPECT_EQ(compare({"si"}).exit_code, 0);
  EXPECT_THAT(compare({}).error, HasSubstr("There are 2: losses, sizes"));
  EXPECT_THAT(compare({"lozzes"}).error, HasSubstr("did you mean \"losses\""));
  EXPECT_EQ(compare({"lozzes"}).exit_code, core::kUsage);
  EXPECT_EQ(compare({"sizes", "--metric", "beauty"}).exit_code, core::kUsage);
}

TEST_F(ResultsCommands, CompareWithoutAStoreSaysWhatToDo) {
  EXPECT_THAT(compare({}).error, HasSubstr("segbench run STUDY.toml"));
  EXPECT_FALSE(std::filesystem::exists(runs()));
}

TEST_F(ResultsCommands, MetricsWarnsWhenTheConventionChangesTheWinner) {
  FakeTrial careful, bold;
  careful.label = "small", bold.label = "medium";
  core::Confusion few(3), many(3);  // `many` finds all of class 1 and claims much background for it
  few.at(0, 0) = 900, few.at(1, 1) = 50, few.at(1, 0) = 50;
  many.at(0, 0) = 800, many.at(0, 1) = 120, many.at(1, 1) = 100;
  careful.test_images = {few}, bold.test_images = {many};
  write({careful, bold});
  const CommandOutput output = metrics({});
  EXPECT_EQ(output.error, "");
  std::map<std::string, Json> rows;
  for (const Json& row : output.json()) rows[row.at("convention")] = row;
  EXPECT_EQ(rows.at("miou_no_background").at("best"), "small");
  EXPECT_NEAR(rows.at("miou_no_background").at("small"), 0.5, 1e-12);
  EXPECT_EQ(rows.at("miou_background_pixels_ignored").at("best"), "medium");
  EXPECT_EQ(rows.at("miou_background_pixels_ignored").at("medium"), 1.0);
  EXPECT_THAT(output.err, HasSubstr("warning: The convention changes the winner"));

  const CommandOutput one = metrics({fake_trial_id(careful).substr(0, 8), "--explain"});
  EXPECT_EQ(one.json()[0].at("small seed 1"), rows.at("miou_no_background").at("small"));
  EXPECT_TRUE(one.json()[0].contains("source"));
  EXPECT_THAT(one.err, Not(HasSubstr("winner")));
}

TEST_F(ResultsCommands, ImportCarriesTrialsIn) {
  const std::filesystem::path cluster = folder_ / "cluster";
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2, 3});
  write_fake_study(cluster, trials);
  trials[0].end = "interrupted";  // ours is older
  write_fake_trial(runs(), trials[0]);
  trials[1].quality = 0.3;  // ours is complete and stays
  const std::filesystem::path ours = write_fake_trial(runs(), trials[1]);
  const std::string kept = core::read_file(ours / core::kEventsFile);
  const CommandOutput output = import({cluster.string()});
  ASSERT_EQ(output.error, "");
  EXPECT_EQ(output.json()[0].at("trials"), 3);
  EXPECT_THAT(output.err, HasSubstr("are the same trial with other counts"));
  EXPECT_EQ(core::read_file(ours / core::kEventsFile), kept);
  EXPECT_EQ(compare({}).json()[0].at("n"), 3);
  EXPECT_TRUE(std::filesystem::exists(cluster / "sizes" / "trials")) << "copied, not moved";
  EXPECT_THAT(import({(folder_ / "nothing").string()}).error, HasSubstr("there is no trial folder"));
}

TEST_F(ResultsCommands, ImportRebuildsADamagedStoreAndReportsDefects) {
  const std::vector<FakeTrial> trials = fake_trials({"small"}, {1});
  write(trials);
  std::ofstream(runs() / core::kStoreFile, std::ios::binary) << std::string(5000, 'x');
  EXPECT_THAT(import({}).error, HasSubstr("segbench import --rebuild"));
  const std::filesystem::path events =
      runs() / "sizes" / core::kTrialsFolder / fake_trial_id(trials[0]) / core::kEventsFile;
  std::ofstream(events, std::ios::app) << "garbage\n";
  const CommandOutput output = import({"--rebuild"});
  EXPECT_EQ(output.error, "");
  EXPECT_THAT(output.err, HasSubstr("warning: " + events.string() + ":"));
  EXPECT_THAT(output.err, HasSubstr("not taken as complete"));
  EXPECT_EQ(output.json()[0].at("warnings"), 2);
  EXPECT_EQ(compare({}).json()[0].at("n"), 0) << "nothing follows the end of a log that nobody touched";
}

TEST_F(ResultsCommands, MeasuresAreExportedAndComparedBy) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
  for (FakeTrial& trial : trials) trial.measures = {{"ece", trial.label == "small" ? 0.1 : 0.2}, {"new", 3}};
  write(trials);
  const core::Json rows = export_({"measures"}).json();
  std::map<std::string, core::Json> of_first;
  for (const core::Json& row : rows) {
    if (row.at("trial_id") == rows[0].at("trial_id")) of_first[row.at("measure")] = row;
  }
  EXPECT_EQ(of_first.at("ece").at("better"), "lower");
  EXPECT_EQ(of_first.at("ece").at("split"), "test");
  EXPECT_TRUE(of_first.at("new").at("better").is_null()) << "one of a later version is kept";
  EXPECT_EQ(of_first.at("parameters").at("value"), static_cast<double>(trials[2].parameters))
      << "of the medium one";
  EXPECT_TRUE(of_first.at("parameters").at("split").is_null()) << "of the trial as a whole";
  const core::Json board = compare({"--metric", "ece"}).json();
  EXPECT_EQ(board[0].at("variant"), "small") << "lower is better";
  EXPECT_DOUBLE_EQ(board[0].at("mean").get<double>(), 0.1);
  EXPECT_EQ(compare({"--metric", "nll"}).json()[0].at("n"), 0) << "nobody measured it";
  EXPECT_NE(compare({"--metric", "train_seconds"}).error, "");
}

TEST_F(ResultsCommands, ExportWritesTablesAndWeights) {
  const std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
  write(trials);
  const std::map<std::string, std::size_t> rows = {
      {"trials", 4},      {"epochs", 12}, {"evaluations", 20}, {"counts", 60}, {"images", 4 * 2 * 4 * 3},
      {"measures", 4 * 5}};
  for (const auto& [table, count] : rows) {
    const CommandOutput output = export_({table});
    ASSERT_EQ(output.error, "") << table;
    EXPECT_EQ(output.json().size(), count) << table;
  }
  const std::filesystem::path file = folder_ / "counts.csv";
  EXPECT_THAT(export_({"counts", "sizes", "-o", file.string()}, "csv").out, IsEmpty());
  EXPECT_THAT(core::read_file(file),
              testing::StartsWith("trial_id,variant,seed,epoch,split,weights,class,class_name,tp,fp,fn\n"));

  const std::string id = fake_trial_id(trials[0]), target = folder_ / "small.safetensors";
  const std::filesystem::path trial = runs() / "sizes" / core::kTrialsFolder / id;
  EXPECT_THAT(export_({"--weights", id, target}).error, HasSubstr("weights.safetensors is missing"));
  const std::array<float, 2> values = {1, 2};
  const core::TensorBytes tensor{"w", "F32", {2}, std::as_bytes(std::span(values))};
  core::write_safetensors(trial / core::kWeightsFile, {tensor}, {});
  EXPECT_THAT(export_({"--weights", id, target}).error, HasSubstr("is not the file that the trial left"));
  std::string log = core::read_file(trial / core::kEventsFile);
  const std::string hash = core::sha256_hex(id);
  for (std::size_t at; (at = log.find(hash)) != std::string::npos;)
    log.replace(at, hash.size(), core::tensors_sha256({tensor}));
  core::write_file_atomically(trial / core::kEventsFile, log);
  EXPECT_EQ(export_({"--weights", id, target}).error, "");
  EXPECT_EQ(core::read_file(target), core::read_file(trial / core::kWeightsFile));
  EXPECT_THAT(export_({"--weights", id, target}).error, HasSubstr("is there already"));
  EXPECT_EQ(export_({}).exit_code, core::kUsage);
  EXPECT_EQ(export_({"--weights", "zzz", target}).exit_code, core::kUsage);
}

}  // namespace
}  // namespace segbench::tests
