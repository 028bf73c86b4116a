// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
#include "harness/core/files.h"
#include "results/exchange/mlflow.h"
#include "results/exchange/optuna.h"
#include "results/exchange/output_folder.h"
#include "results/exchange/tensorboard.h"
#include "tests/conclusions/made_up_study.h"
#include "tests/support/temporary_folder.h"

namespace segbench::exchange {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::AllOf, testing::HasSubstr, testing::Not, testing::UnorderedElementsAre;

conclusions::StudyInputs study() {
  std::vector<conclusions::TrialInputs> trials = {conclusions::trial_of("small", 1, 0.5),
                                                  conclusions::trial_of("it's \"full\"/wide", 2, 0.75)};
  for (conclusions::TrialInputs& trial : trials) {
    trial.record.study = "study";
    trial.record.started = "2026-11-29T10:00:00Z";
    trial.record.ended = "2026-11-29T10:01:00Z";
    trial.record.axes = {{"model.size", trial.record.variant_label}};
    trial.record.variant["model"] = {{"size", trial.record.variant_label}};
    trial.record.variant["training"] = {{"epochs", 2}, {"select_by", "pixel_accuracy"}};
    for (const std::int64_t epoch : {1, 2})
      trial.epochs.push_back({.epoch = epoch,
                              .loss = 1.0 / static_cast<double>(epoch),
                              .learning_rate = 0.1,
                              .steps = 4,
                              .samples = 16,
                              .train_seconds = 10.0,
                              .data_wait_seconds = {}});
    store::EvaluationRecord current = trial.evaluations.front();
    current.weights = "current";
    trial.evaluations.push_back(current);
  }
  return conclusions::study_of(trials);
}

const Series& series_called(const TrialSeries& trial, const std::string& name) {
  for (const Series& series : trial.series) {
    if (series.name == name) return series;
  }
  throw std::out_of_range(name);
}

TEST(TrialSeries, HoldsWhatATrialSaidOverItsEpochs) {
  const conclusions::StudyInputs inputs = study();
  const std::vector<TrialSeries> trials = series_of(inputs);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].name, "small, seed 1");
  EXPECT_EQ(trials[0].settings.at("training.epochs"), "2");
  EXPECT_EQ(seconds_of("1970-01-02T00:00:01Z"), 86401);
  const Series& loss = series_called(trials[0], "train/loss");
  ASSERT_EQ(loss.points.size(), 2u);
  EXPECT_EQ(loss.points[1].step, 2);
  EXPECT_EQ(loss.points[1].value, 0.5);
  EXPECT_EQ(loss.points[1].seconds, seconds_of("2026-11-29T10:00:20Z"));
  EXPECT_EQ(series_called(trials[1], "final/test/pixel_accuracy").points.at(0).value, 0.75);
  EXPECT_EQ(safe_name("../a/b: ü"), "_a_b_ ü");
  EXPECT_LE(safe_name(std::string(500, 'x')).size(), 200u);
  EXPECT_EQ(safe_name("..."), "_");
}

TEST(TrialSeries, HaveFoldersOfTheirOwnHoweverLongTheirLabels) {
  conclusions::StudyInputs inputs = study();
  for (const char last : {'a', 'b'}) {
    for (const std::uint64_t seed : {1, 2}) {
      conclusions::TrialInputs trial = inputs.trials[0];
      // Alike in all that a shortened name shows.
      trial.record.variant_label = std::string(100, 'x') + last + std::string(100, 'x');
      trial.record.trial_id = std::string(1, last) + std::to_string(seed);
      trial.record.seed = seed;
      inputs.trials.push_back(std::move(trial));
    }
  }
  std::set<std::string> folders;
  for (const TrialSeries& trial : series_of(inputs)) {
    EXPECT_LT(trial.folder.size(), 256u);
    folders.insert(trial.folder);
  }
  EXPECT_EQ(folders.size(), 6u);
}

// RFC 3720, B.4.
TEST(TensorBoard, ChecksBytesByCastagnolisPolynomial) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
}

TEST(TensorBoard, FramesRecords) {
  const std::string record = tf_record("abc");
  ASSERT_EQ(record.size(), 8u + 4 + 3 + 4);
  EXPECT_EQ(record.substr(0, 8), std::string("\3\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(record.substr(12, 3), "abc");
  const std::uint32_t crc = crc32c("abc");
  const std::uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
  EXPECT_EQ(static_cast<unsigned char>(record[15]), masked & 0xFF);
  EXPECT_EQ(static_cast<unsigned char>(record[18]), masked >> 24);
}

TEST(TensorBoard, GetsAFileATrial) {
  const tests::TemporaryFolder folder;
  const conclusions::StudyInputs inputs = study();
  EXPECT_EQ(write_tensorboard(folder / "tb", series_of(inputs)), 2u);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder / "tb")) names.push_back(entry.path().filename());
  EXPECT_THAT(names, UnorderedElementsAre("small, seed 1", "it_s _full__wide, seed 2"));
  const std::string file =
      core::read_file(folder / "tb/small, seed 1/events.out.tfevents.1795946400.segbench");
  EXPECT_THAT(file, HasSubstr("brain.Event:2"));
  EXPECT_THAT(file, HasSubstr("final/test/pixel_accuracy"));
  EXPECT_THROW(write_tensorboard(folder / "tb", {}), core::UserError) << "nothing is overwritten";
}

TEST(NewFolder, IsThereWhenItIsWhole) {
  const tests::TemporaryFolder folder;
  {
    const NewFolder interrupted(folder / "tb");
    core::write_file_atomically(interrupted.path() / "events", "half");
    EXPECT_FALSE(fs::exists(folder / "tb"));
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  fs::create_directory(folder / "tb");
  fs::create_directories(folder / "tb.tmp-999999999/small");  // of a process that was killed
  fs::create_directory_symlink("tb", folder / "link");
  NewFolder whole(folder / "link");
  EXPECT_EQ(fs::exists(folder / "tb.tmp-999999999"), core::is_on_network(folder.path()));
  core::write_file_atomically(whole.path() / "events", "all");
  whole.put_in_place();
  EXPECT_EQ(core::read_file(folder / "tb/events"), "all");
}

TEST(MLflow, GetsARunATrial) {
  const tests::TemporaryFolder folder;
  const conclusions::StudyInputs inputs = study();
  EXPECT_EQ(write_mlflow(folder / "mlruns", "my study", series_of(inputs)), 2u);
  const fs::path experiment = fs::directory_iterator(folder / "mlruns")->path();
  EXPECT_THAT(core::read_file(experiment / "meta.yaml"), HasSubstr("name: 'my study'\n"));
  EXPECT_THAT(core::read_file(experiment / "meta.yaml"),
              AllOf(HasSubstr("/mlruns/"), Not(HasSubstr(".tmp-"))))
      << "where it stands now";
  fs::path full;
  for (const auto& entry : fs::directory_iterator(experiment)) {
    if (!entry.is_directory()) continue;
    if (core::read_file(entry.path() / "params/seed") == "2") full = entry.path();
  }
  EXPECT_THAT(core::read_file(full / "meta.yaml"), HasSubstr("run_name: 'it''s \"full\"/wide, seed 2'\n"));
  EXPECT_THAT(core::read_file(full / "meta.yaml"), HasSubstr("status: 3\n"));
  EXPECT_EQ(core::read_file(full / "params/training.epochs"), "2");
  EXPECT_EQ(core::read_file(full / "metrics/train/loss"), "1795946410000 1 1\n1795946420000 0.5 2\n");
  EXPECT_EQ(core::read_file(full / "tags/segbench.variant"), "it's \"full\"/wide");
}

TEST(Optuna, GetsATrialATrial) {
  const conclusions::StudyInputs inputs = study();
  const std::string journal = optuna_journal(inputs, series_of(inputs));
  std::vector<Json> lines;
  for (std::size_t begin = 0, end; (end = journal.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(Json::parse(journal.substr(begin, end - begin)));
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].at("op_code"), 0);
  EXPECT_EQ(lines[0].at("directions"), Json({2}));
  EXPECT_EQ(lines[1].at("user_attr"), Json({{"metric", "pixel_accuracy"}}));
  const Json& full = lines[3];
  EXPECT_EQ(full.at("state"), 1);
  EXPECT_EQ(full.at("value"), 0.75);
  EXPECT_EQ(full.at("params"), (Json{{"seed", 2}, {"model.size", 1}})) << "the place among the choices";
  const Json size = Json::parse(full.at("distributions").at("model.size").get<std::string>());
  EXPECT_EQ(size.at("attributes").at("choices"), Json({"small", "it's \"full\"/wide"}));
  EXPECT_EQ(full.at("intermediate_values"), (Json{{"1", 0.75}}));
  EXPECT_EQ(full.at("user_attrs").at("test/pixel_accuracy"), 0.75);
  EXPECT_EQ(full.at("datetime_start"), "2026-11-29T10:00:00+00:00");
  EXPECT_EQ(full.at("datetime_complete"), "2026-11-29T10:01:00+00:00");
}

TEST(Optuna, GivesNoEndToATrialThatGoesOnAndNoValueToOneThatFailed) {
  conclusions::StudyInputs inputs = study();
  const auto last_line = [&](core::TrialStatus status) {
    inputs.trials[1].record.status = status;
    const std::string journal = optuna_journal(inputs, series_of(inputs));
    return Json::parse(journal.substr(journal.rfind('\n', journal.size() - 2) + 1));
  };
  const Json interrupted = last_line(core::TrialStatus::kInterrupted);
  EXPECT_EQ(interrupted.at("state"), 0);
  EXPECT_FALSE(interrupted.contains("datetime_complete"));
  EXPECT_EQ(interrupted.at("value"), nullptr);
  const Json failed = last_line(core::TrialStatus::kFailed);
  EXPECT_EQ(failed.at("state"), 3);
  EXPECT_TRUE(failed.contains("datetime_complete"));
  EXPECT_EQ(failed.at("value"), nullptr);
}

}  // namespace
}  // namespace segbench::exchange
