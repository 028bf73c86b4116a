// SPDX-License-Identifier: MIT
#include <fstream>

#include "harness/core/determinism.h"
#include "harness/core/files.h"
#include "harness/metrics/scores.h"
#include "harness/trial/event_log.h"
#include "tests/store/store_fixture.h"

namespace segbench::tests {
namespace {

using core::FailureReason, core::TrialStatus;
using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty;

class Import : public StoreTest {};

TEST_F(Import, KeepsWhatAPretrainedTrialBeganWith) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {7, 8});
  trials[0].pretrained = "resnet50-0676ba61.pth";
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_THAT(import_all(store), IsEmpty());
  const core::Json weights = store.trial(fake_trial_id(trials[0])).pretrained;
  EXPECT_EQ(weights.at("file"), "resnet50-0676ba61.pth");
  EXPECT_EQ(weights.at("tensors"), 265);
  EXPECT_EQ(weights.at("left_out"), core::Json({"fc.weight", "fc.bias"}));
  EXPECT_TRUE(store.trial(fake_trial_id(trials[1])).pretrained.is_null());
}

TEST_F(Import, KeepsWhatASecondRunShowed) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {7, 8, 9});
  trials[0].verified = "tolerance";
  trials[1].verified = "perfect";
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_THAT(import_all(store),
              ElementsAre(HasSubstr("grade must be bitwise, tolerance or seeded, but is \"perfect\"")));
  const core::Json verification = store.trial(fake_trial_id(trials[0])).verification;
  EXPECT_EQ(verification.at("grade"), "tolerance");
  EXPECT_EQ(verification.at("largest_iou_difference"), 0.0005);
  EXPECT_TRUE(store.trial(fake_trial_id(trials[1])).verification.is_null());
  EXPECT_TRUE(store.trial(fake_trial_id(trials[2])).verification.is_null());

  const std::filesystem::path left =
      runs() / "sizes/trials" / fake_trial_id(trials[0]) / core::kDeterminismFile;
  core::write_file_atomically(left, "{\"grade\": ");
  EXPECT_THAT(import_all(store), testing::Contains(HasSubstr("determinism.json: left out")));
  EXPECT_TRUE(store.trial(fake_trial_id(trials[0])).verification.is_null())
      << "the store follows the folders";
}

TEST_F(Import, KeepsEverythingOfACompleteTrial) {
  const std::vector<FakeTrial> trials = fake_trials({"small"}, {7});
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_THAT(import_all(store), IsEmpty());

  const store::TrialRecord trial = store.trial(fake_trial_id(trials[0]).substr(0, 6));
  EXPECT_EQ(trial.study, "sizes");
  EXPECT_EQ(trial.variant_label, "small");
  EXPECT_EQ(trial.axes, (core::Json{{"model.size", "small"}}));
  EXPECT_EQ(trial.variant, to_json(fake_variant(trials[0]).config));
  EXPECT_EQ(trial.seed, 7U);
  EXPECT_EQ(trial.status, TrialStatus::kComplete);
  EXPECT_EQ(trial.attempts, 1);
  EXPECT_EQ(trial.epochs_done, 3);
  EXPECT_THAT(trial.class_names, ElementsAre("background", "road", "car"));
  EXPECT_EQ(trial.parameters, 4'000'000);
  EXPECT_EQ(trial.train_seconds, 6.0);
  EXPECT_EQ(trial.peak_memory_bytes, 512 << 20);
  EXPECT_EQ(trial.environment.at("cpu"), "Fake CPU @ 3 GHz");
  EXPECT_EQ(trial.folder, "sizes/trials/" + trial.trial_id);
  EXPECT_EQ(trial.started, "2026-01-02T03:04:05.000Z");

  const std::vector<store::EpochRecord> epochs = store.epochs(trial.trial_id);
  ASSERT_EQ(epochs.size(), 3U);
  EXPECT_EQ(epochs[1].epoch, 2);
  EXPECT_EQ(epochs[1].samples, 80);

  const std::vector<store::EvaluationRecord> evaluations = store.evaluations(trial.trial_id);
  ASSERT_EQ(evaluations.size(), 5U) << "three on selection, and the two final ones";
  const std::vector<store::EvaluationRecord> final = store.final_evaluations("sizes", "test");
  ASSERT_EQ(final.size(), 1U);
  ASSERT_TRUE(final[0].confusion);
  EXPECT_EQ(final[0].confusion->class_counts(), final[0].counts);
  EXPECT_EQ(final[0].confusion->valid_pixels(), final[0].valid_pixels);

  std::vector<core::ClassCounts> sums(3);
  const std::vector<store::ImageRecord> images = store.images(trial.trial_id, "test");
  ASSERT_EQ(images.size(), 4U);
  for (const store::ImageRecord& image : images) {
    for (std::size_t c = 0; c < 3; ++c) sums[c] += image.counts[c];
  }
  EXPECT_EQ(sums, final[0].counts);
  EXPECT_EQ(images[2].index, 202);
  EXPECT_EQ(images[2].id, "image_0202");
}

TEST_F(Import, TellsHowEachTrialStands) {
  const std::vector<std::pair<std::string, std::pair<TrialStatus, FailureReason>>> ends = {
      {"complete", {TrialStatus::kComplete, FailureReason::kNone}},
      {"pending", {TrialStatus::kPending, FailureReason::kNone}},
      {"running", {TrialStatus::kRunning, FailureReason::kNone}},  // on a host that cannot be asked
      {"interrupted", {TrialStatus::kInterrupted, FailureReason::kNone}},
      {"diverged", {TrialStatus::kFailed, FailureReason::kDiverged}},
      {"out_of_memory", {TrialStatus::kFailed, FailureReason::kOutOfMemory}},
      {"crashed", {TrialStatus::kFailed, FailureReason::kCrashed}},
      {"timeout", {TrialStatus::kFailed, FailureReason::kTimeout}},
      {"error", {TrialStatus::kFailed, FailureReason::kError}}};
  std::vector<FakeTrial> trials;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    trials.push_back(fake_trials({"small"}, {i})[0]);
    trials.back().end = ends[i].first;
  }
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  import_all(store);
  const std::vector<store::TrialRecord> found = store.trials("sizes");
  ASSERT_EQ(found.size(), ends.size()) << "trials that never started are pending";
  for (std::size_t i = 0; i < ends.size(); ++i) {
    EXPECT_EQ(found[i].seed, i);
    EXPECT_EQ(found[i].status, ends[i].second.first) << ends[i].first;
    EXPECT_EQ(found[i].reason, ends[i].second.second) << ends[i].first;
  }
  EXPECT_THAT(found[4].message, HasSubstr("the loss became nan in step 7 of epoch 2"));
  const std::vector<store::StudyRecord> studies = store.studies();
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_EQ(studies[0].trials, 9);
  EXPECT_EQ(studies[0].complete, 1);
  EXPECT_EQ(studies[0].failed, 5);
  EXPECT_EQ(rows("SELECT count(*) FROM failures", 1)[0], "6");
}

TEST_F(Import, TheSchedulersVerdictOnAnAttemptReplacesTheWorkersWord) {
  FakeTrial trial;
  trial.end = "interrupted";
  const std::filesystem::path folder = write_fake_trial(runs(), trial);
  trial::EventWriter(folder / core::kAttemptsFile)
      .append("ended", {{"attempt", 1},
                        {"status", "failed"},
                        {"reason", "timeout"},
                        {"message", "ran longer than 60 min"},
                        {"exit_code", 143},
                        {"peak_memory_bytes", nullptr},
                        {"seconds", 3600},
                        {"written_by", "scheduler"}});
  trial::EventWriter(folder / core::kAttemptsFile)
      .append("shared", {{"attempt", 1}, {"trials_at_once", 3}, {"with", {"a", "b"}}});
  store::Store store = store::Store::open(file());
  EXPECT_TRUE(store.import_trial(folder, runs()).empty());
  const store::TrialRecord record = store.trials("sizes").at(0);
  EXPECT_EQ(record.status, TrialStatus::kFailed);
  EXPECT_EQ(record.reason, FailureReason::kTimeout);
  EXPECT_EQ(record.message, "ran longer than 60 min");
  const std::vector<store::AttemptRecord> attempts = store.attempts(record.trial_id);
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].status, "failed");
  EXPECT_EQ(attempts[0].reason, "timeout");
  EXPECT_EQ(attempts[0].seconds, 3600);
  EXPECT_EQ(attempts[0].trials_at_once, 3);
  EXPECT_EQ(attempts[0].shared_with, R"(["a","b"])");
  EXPECT_EQ(attempts[0].peak_memory_bytes, 512 << 20) << "what the worker measured stays";
}

TEST_F(Import, AnEditedLogIsToldAndIsNoEvidence) {
  const std::filesystem::path folder = write_fake_trial(runs(), FakeTrial{});
  std::vector<core::Json> events = trial::read_event_log(folder / core::kEventsFile).events;
  {
    trial::EventWriter log(folder / core::kEventsFile, 0, trial::LogKind::kChained);
    for (core::Json& event : events) log.append(event["type"].get<std::string>(), event);
  }
  store::Store store = store::Store::open(file());
  EXPECT_TRUE(store.import_trial(folder, runs()).empty());
  EXPECT_EQ(store.trials("sizes").at(0).status, TrialStatus::kComplete);
  std::string text = core::read_file(folder / core::kEventsFile);
  const std::size_t digit = text.find("\"loss\":", text.find("\"type\":\"epoch\"")) + 7;
  text[digit] = text[digit] == '7' ? '8' : '7';
  core::write_file_atomically(folder / core::kEventsFile, text);
  const std::vector<std::string> warnings = store.import_trial(folder, runs());
  EXPECT_THAT(warnings,
              testing::Contains(HasSubstr("was changed later; `segbench run` trains the trial again")));
  EXPECT_EQ(store.trials("sizes").at(0).status, TrialStatus::kInterrupted);
  EXPECT_TRUE(store.final_evaluations("sizes", "test").empty());
}

TEST_F(Import, ACopyOfAStudyReplacesNothingAndIsTold) {
  std::vector<FakeTrial> older = fake_trials({"small"}, {1, 2});
  older[0].end = "interrupted";
  write_fake_study(runs(), older);
  std::filesystem::rename(runs() / "sizes", runs() / "sizes_backup");
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
  trials[1].end = "interrupted";  // complete in the copy alone
  write_fake_study(runs(), trials);
  std::filesystem::copy(runs() / "sizes", runs() / "a_copy", std::filesystem::copy_options::recursive);
  store::Store store = store::Store::open(file());
  const store::ImportSummary summary = store::import_runs(store, runs());
  EXPECT_EQ(summary.studies, 1);
  EXPECT_THAT(summary.warnings, testing::UnorderedElementsAre(
                                    HasSubstr("a_copy: another copy of the study \"sizes\", which lies in " +
                                              (runs() / "sizes").string()),
                                    HasSubstr("sizes_backup: another copy of the study \"sizes\"")));
  const std::vector<store::TrialRecord> found = store.trials("sizes");
  ASSERT_EQ(found.size(), 4U);
  for (const store::TrialRecord& trial : found) {
    EXPECT_EQ(trial.status, TrialStatus::kComplete);
    const bool from_copy = trial.trial_id == fake_trial_id(trials[1]);
    EXPECT_TRUE(trial.folder.starts_with(from_copy ? "sizes_backup/" : "sizes/")) << trial.folder;
  }
}

TEST_F(Import, ARenamedStudyFolderIsTold) {
  write_fake_study(runs(), fake_trials({"small"}, {1}));
  std::filesystem::rename(runs() / "sizes", runs() / "renamed");
  store::Store store = store::Store::open(file());
  EXPECT_THAT(store::import_runs(store, runs()).warnings,
              testing::ElementsAre(HasSubstr("renamed: the folder of the study \"sizes\" was renamed")));
  EXPECT_EQ(store.trials("sizes").size(), 1U);
}

TEST_F(Import, ALostSpecificationIsRecoveredFromTheLog) {
  write_fake_study(runs(), fake_trials({"small"}, {1, 2}));
  const auto content = [&] {
    store::Store store = store::Store::open(file());
    const auto warnings = store::import_runs(store, runs()).warnings;
    const std::vector<store::TrialRecord> trials = store.trials("sizes");
    EXPECT_EQ(trials.size(), 2U);
    return std::pair(warnings,
                     std::tuple(trials.at(0).status, trials.at(0).variant.get(), trials.at(0).selected_epoch,
                                store.final_evaluations("sizes", "test").size()));
  };
  const auto [none, expected] = content();
  const std::filesystem::path spec = runs() / "sizes" / core::kTrialsFolder /
                                     fake_trial_id(fake_trials({"small"}, {1})[0]) / core::kTrialFile;
  core::Json edited = core::Json::parse(core::read_file(spec));
  edited["seed"] = 77;
  const std::vector<std::optional<std::string>> damages = {"", edited.dump(), std::nullopt};
  for (const std::optional<std::string>& text : damages) {
    std::filesystem::remove(spec);
    if (text) std::ofstream(spec) << *text;
    const auto [warnings, found] = content();
    EXPECT_THAT(warnings,
                testing::ElementsAre(HasSubstr("trial.json: not usable; the trial is taken from its log")));
    EXPECT_EQ(found, expected);
  }
}

TEST_F(Import, RefreshReadsOnlyWhatChanged) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2, 3});
  trials[2].end = "interrupted";
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_EQ(store::refresh(store, runs()).trials, 3) << "an empty store knows none";
  EXPECT_EQ(store::refresh(store, runs()).trials, 0);
  EXPECT_EQ(store::refresh(store, runs()).studies, 0);
  trials[2].end = "complete";
  write_fake_trial(runs(), trials[2]);
  std::filesystem::remove(runs() / "sizes" / core::kTrialsFolder / fake_trial_id(trials[0]) /
                          core::kEventsFile);
  EXPECT_EQ(store::refresh(store, runs()).trials, 2);
  EXPECT_EQ(store.studies().at(0).complete, 2);
}

TEST_F(Import, TwiceIsTheSameAndSoIsARebuild) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
  trials[3].end = "crashed";
  write_fake_study(runs(), trials);
  {
    store::Store store = store::Store::open(file());
    import_all(store);
  }
  const std::vector<std::string> once = dump();
  EXPECT_GT(once.size(), 100U);
  {
    store::Store store = store::Store::open(file());
    import_all(store);
    store.prune(runs());
  }
  EXPECT_EQ(dump(), once);
  std::filesystem::remove(file());
  {
    store::Store store = store::Store::open(file());
    import_all(store);
  }
  EXPECT_EQ(dump(), once);
}

TEST_F(Import, ReplacesWhatWasKnownOfATrial) {
  FakeTrial trial;
  trial.end = "interrupted";
  write_fake_study(runs(), {trial});
  store::Store store = store::Store::open(file());
  import_all(store);
  trial.end = "complete";
  write_fake_trial(runs(), trial);
  import_all(store);
  ASSERT_EQ(store.trials("sizes").size(), 1U);
  EXPECT_EQ(store.trials("sizes")[0].status, TrialStatus::kComplete);
  EXPECT_EQ(store.epochs(fake_trial_id(trial)).size(), 3U);
}

TEST_F(Import, LeavesOutTrialsThatTheStudyNoLongerPlans) {
  write_fake_study(runs(), fake_trials({"small", "medium"}, {1}));
  store::Store store = store::Store::open(file());
  import_all(store);
  EXPECT_EQ(store.trials("sizes").size(), 2U);
  write_fake_study(runs(), fake_trials({"small"}, {1}));
  import_all(store);
  EXPECT_EQ(store.trials("sizes").size(), 1U);
  EXPECT_EQ(store.final_evaluations("sizes", "test").size(), 1U);
  EXPECT_EQ(store.studies()[0].left_out, 1);
  EXPECT_EQ(store.trial(fake_trial_id(fake_trials({"medium"}, {1})[0])).variant_label, "medium")
      << "still there by its id";
}

TEST_F(Import, ATrialMayBelongToTwoStudies) {
  FakeTrial trial;
  write_fake_study(runs(), {trial});
  trial.study = "again";
  write_fake_study(runs(), {trial});
  store::Store store = store::Store::open(file());
  import_all(store, "sizes");
  import_all(store, "again");
  EXPECT_EQ(store.trials("sizes").size(), 1U);
  EXPECT_EQ(store.trials("again").size(), 1U);
  EXPECT_EQ(store.trial(fake_trial_id(trial)).trial_id, fake_trial_id(trial));
}

TEST_F(Import, PruneForgetsWhatIsGone) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2});
  trials[0].warnings = trials[1].warnings = {{.code = "c", .message = "m", .remedy = "r"}};
  write_fake_study(runs(), trials);
  FakeTrial other;
  other.study = "other";
  write_fake_study(runs(), {other});
  store::Store store = store::Store::open(file());
  import_all(store, "sizes");
  import_all(store, "other");
  std::filesystem::remove_all(runs() / "other");
  std::filesystem::remove_all(runs() / "sizes" / "trials" / fake_trial_id(trials[0]));
  store.prune(runs());
  ASSERT_EQ(store.studies().size(), 1U);
  EXPECT_EQ(store.trials("sizes")[0].status, TrialStatus::kPending) << "planned, but its folder is gone";
  EXPECT_EQ(store.trials("sizes")[1].status, TrialStatus::kComplete);
  ASSERT_EQ(store.warnings("sizes").size(), 1U) << "a trial without logs has none";
  EXPECT_EQ(store.warnings("sizes")[0].trial_id, fake_trial_id(trials[1]));
}

TEST_F(Import, RefusesWhatIsNoStudyFile) {
  std::filesystem::create_directories(runs() / "sizes");
  store::Store store = store::Store::open(file());
  for (const char* text : {"", "[]", "{\"schema\": 2}", "{\"schema\": 1, \"name\": 3}",
                           "{\"schema\":1,\"name\":\"a\",\"trials\":[1],\"variants\":[],\"seeds\":[]}",
                           "{\"schema\":1,\"name\":\"a\",\"trials\":[],\"variants\":[1],\"seeds\":[1]}",
                           "{\"schema\":1,\"name\":\"a\",\"trials\":[],\"variants\":[{}],\"seeds\":[1]}"}) {
    core::write_file_atomically(runs() / "sizes" / core::kStudyFile, text);
    EXPECT_THROW(store.import_study(runs() / "sizes"), core::UserError) << text;
  }
  EXPECT_THAT(store.studies(), IsEmpty());
}

TEST_F(Import, ScoresOfTheViewsEqualTheMetrics) {
  std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2, 3});
  core::Confusion absent(3);  // class 2 occurs nowhere
  absent.at(0, 0) = 70, absent.at(0, 1) = 20, absent.at(1, 1) = 9;
  trials[0].test_images = {absent, core::Confusion(3)};
  for (std::size_t i = 3; i < 6; ++i) trials[i].background = 2;
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_THAT(import_all(store), IsEmpty());
  const store::Connection connection(file(), store::Connection::Mode::kReadOnly);
  for (const store::EvaluationRecord& evaluation : store.final_evaluations("sizes", "test")) {
    store::Statement select(
        connection,
        "SELECT pixel_accuracy, mean_class_accuracy, miou, miou_no_background, fwiou, mean_dice, "
        "mean_dice_no_background FROM trial_scores WHERE trial_id = ? AND split = 'test'");
    select.bind(evaluation.trial_id);
    ASSERT_TRUE(select.step());
    int column = 0;
    for (const char* metric : {"pixel_accuracy", "mean_class_accuracy", "miou", "miou_no_background", "fwiou",
                               "mean_dice", "mean_dice_no_background"}) {
      EXPECT_NEAR(*select.optional_real(column++),
                  *metrics::score(metric, evaluation.counts, std::nullopt, evaluation.background), 1e-12)
          << metric;
    }
  }
  EXPECT_THAT(rows("SELECT iou IS NULL FROM per_class_iou WHERE class = 2 AND split = 'test' AND "
                   "variant_label = 'small' "
                   "AND seed = 1",
                   1),
              ElementsAre("1"));
  EXPECT_THAT(rows("SELECT variant_label, n, sd > 0, best >= mean, worst <= mean FROM leaderboard "
                   "WHERE split = 'test' AND study = 'sizes' ORDER BY variant_label",
                   5),
              ElementsAre("medium|3|1|1|1", "small|3|1|1|1"));
}

TEST_F(Import, WarningsOfStudyTrialAndMachineAreKept) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2});
  trials[0].warnings = {{"single_class", "It predicts one class only.", "Train longer."}};
  trials[0].machine_warnings = {{"blas", "Another BLAS.", "Install the other."}};
  trials[0].crashes = {"signal 11"};
  write_fake_study(runs(), trials);
  const std::filesystem::path file = runs() / "sizes" / core::kStudyFile;
  core::Json study = core::Json::parse(core::read_file(file));
  study["audit"]["findings"] = {
      {{"refuses", false}, {"code", "twins"}, {"file", "a.png"}, {"message", "as b.png"}}};
  study["warnings"] = {
      {{"code", "few_steps"}, {"message", "Few steps."}, {"remedy", "More."}, {"variant", "v"}}};
  core::write_file_atomically(file, study.dump());
  store::Store store = store::Store::open(runs() / core::kStoreFile);
  for (int again = 0; again < 2; ++again) {
    store.import_study(runs() / "sizes");
    for (const FakeTrial& trial : trials) store.import_trial(write_fake_trial(runs(), trial), runs());
    const std::vector<store::WarningRecord> found = store.warnings("sizes");
    ASSERT_EQ(found.size(), 4u);
    EXPECT_EQ(found[0].source, "audit");
    EXPECT_EQ(found[0].warning.message, "a.png: as b.png");
    EXPECT_EQ(found[1].source, "machine");
    EXPECT_EQ(found[1].trial_id, fake_trial_id(trials[0]));
    EXPECT_EQ(found[2].variant_id, "v");
    EXPECT_EQ(found[3].warning, trials[0].warnings[0]);
  }
  const std::vector<store::AttemptRecord> attempts = store.attempts(fake_trial_id(trials[0]));
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].message, "signal 11");
}

TEST_F(Import, DataWithoutABackgroundAreRankedByMeanIouOfAllClasses) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2});
  for (FakeTrial& trial : trials) trial.background = std::nullopt;
  write_fake_study(runs(), trials);
  store::Store store = store::Store::open(file());
  EXPECT_THAT(import_all(store), IsEmpty());
  EXPECT_THAT(
      rows("SELECT metric, n, abs(mean - mean_miou) < 1e-12 FROM leaderboard WHERE split = 'test'", 3),
      ElementsAre("miou|2|1"));
  EXPECT_THAT(rows("SELECT miou_no_background IS NULL, mean_dice_no_background IS NULL, score = miou FROM "
                   "trial_scores WHERE split = 'test'",
                   3),
              ElementsAre("1|1|1", "1|1|1"));
  EXPECT_EQ(store.trials("sizes")[0].background, std::nullopt);
  for (const store::EvaluationRecord& evaluation : store.final_evaluations("sizes", "test")) {
    EXPECT_EQ(evaluation.background, std::nullopt);
  }
}

}  // namespace
}  // namespace segbench::tests
