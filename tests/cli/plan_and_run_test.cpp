// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <fstream>

#include "harness/cli/planned_variants.h"
#include "harness/cli/prediction_images.h"
#include "harness/cli/run_options.h"
#include "harness/cli/selftest_checks.h"
#include "harness/cli/trial_table.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/machine.h"
#include "harness/run/estimate.h"
#include "harness/run/runs_folder.h"
#include "harness/run/training_warnings.h"
#include "harness/trial/event_log.h"
#include "tests/support/temporary_folder.h"

namespace segbench::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kStudy = R"(schema = 1
name = "sizes"
question = "Which?"
[data]
kind = "shapes"
resolution = [32, 48]
train_images = 12
selection_images = 5
test_images = 6
[model]
architecture = "unet"
[training]
epochs = 4
batch_size = 5
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 0.01 }
[trials]
seeds = [1, 2]
[run]
threads = 3
[matrix]
"model.size" = ["small", "full"]
)";

class PlanTest : public testing::Test {
 protected:
  void SetUp() override {
    core::write_file_atomically(folder_ / "sizes.toml", kStudy);
    options_.study = folder_ / "sizes.toml";
  }
  /// Runs everything but the trials.
  run::StudyPlan prepare(const study::Study& study) {
    const run::StudyData data = run::prepare_study_data(study, folder_ / "runs" / "cache");
    const run::StudyPlan plan = run::plan_study(study, data, folder_ / "runs");
    std::filesystem::create_directories(plan.folder);
    core::write_file_atomically(plan.folder / "study.json",
                                run::describe_study(study, plan, data, "x").dump());
    for (const run::PlannedTrial& trial : plan.trials) run::write_trial_spec(trial);
    return plan;
  }
  tests::TemporaryFolder folder_;
  RunOptions options_;
};

TEST_F(PlanTest, OptionsLieOverTheFile) {
  EXPECT_EQ(load_for_run(options_).run.threads, 3);
  EXPECT_EQ(load_for_run(options_).run.jobs, 0) << "auto";
  options_.threads = 2;
  options_.jobs = 4;
  options_.device = "cpu";
  const study::Study study = load_for_run(options_);
  EXPECT_EQ(study.run.threads, 2);
  EXPECT_EQ(study.run.jobs, 4);
  EXPECT_EQ(study.run.device, "cpu");
}

TEST_F(PlanTest, DevicesAreCheckedBeforeAnythingRuns) {
  for (const char* good : {"auto", "cpu", "cuda", "cuda:0", "cuda:12"})
    EXPECT_EQ(check_device(good), "") << good;
  for (const char* bad : {"", "gpu", "cuda:", "cuda:x", "CPU"})
    EXPECT_THAT(check_device(bad), HasSubstr("known devices"));
}

TEST_F(PlanTest, WarnsOfMovingStatisticsThatCannotFollow) {
  study::Study study = load_for_run(options_);
  study.variants[0].config.model.params["batch_norm_momentum"] = 0.99;
  // 4 epochs of 3 steps: 0.99^12 = 0.886
  const auto warning = run::few_steps_warning(study.variants[0], 12);
  ASSERT_TRUE(warning);
  EXPECT_THAT(warning->message, HasSubstr("After 12 steps"));
  EXPECT_THAT(warning->message, HasSubstr("89 %"));
  EXPECT_THAT(warning->remedy, HasSubstr("model.batch_norm_momentum = 0.15"));
  study.variants[0].config.training.epochs = 1;
  EXPECT_THAT(run::few_steps_warning(study.variants[0], 5).value().message, HasSubstr("After 1 step the"));
  study.variants[0].config.training.epochs = 4;
  EXPECT_EQ(run::few_steps_warning(study.variants[0], 5 * 115), std::nullopt);  // 0.99^460 = 0.0098
  core::Variant without = study.variants[0];
  without.config.model.params.erase("batch_norm_momentum");
  EXPECT_EQ(run::few_steps_warning(without, 12), std::nullopt);
}

TEST_F(PlanTest, WarnsOfABatchThatIsLargerThanTheTrainingSet) {
  study::Study study = load_for_run(options_);
  EXPECT_EQ(run::large_batch_warning(study.variants[0], 5), std::nullopt);
  const auto warning = run::large_batch_warning(study.variants[0], 4);
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->code, "batch_exceeds_training_set");
  EXPECT_THAT(warning->message, HasSubstr("training.batch_size = 5"));
  EXPECT_THAT(warning->remedy, HasSubstr("at most 4"));
  EXPECT_EQ(run::training_warnings(study.variants[0], 4).size(), 2U);
  study.variants[0].config.training.batch_norm_statistics = "precise";
  EXPECT_EQ(run::training_warnings(study.variants[0], 4).size(), 1U);
}

TEST_F(PlanTest, WarnsOfMemoryThatTheMachineLacks) {
  EXPECT_EQ(run::memory_warning(1 << 30, std::nullopt), std::nullopt);
  EXPECT_EQ(run::memory_warning(1 << 30, 1 << 30), std::nullopt);
  const auto warning = run::memory_warning(std::int64_t{17} << 40, std::int64_t{8} << 30);
  ASSERT_TRUE(warning);
  EXPECT_THAT(warning->message, HasSubstr("17"));
}

// `plan` reads no files, but refuses what their listing already shows, with the audit's exit code.
TEST_F(PlanTest, RefusesWhatTheListingShows) {
  const auto refusal = [&](const std::vector<std::string>& overrides) -> std::pair<int, std::string> {
    options_.overrides = overrides;
    try {
      run::measure_data(load_for_run(options_).variants[0].config.data);
      return {0, ""};
    } catch (const core::UserError& error) {
      return {error.exit_code(), error.what()};
    }
  };
  EXPECT_EQ(refusal({}).first, 0);
  const auto unknown = refusal({"data.splits.test=holdout"});
  EXPECT_EQ(unknown.first, core::kAuditRefused);
  EXPECT_THAT(unknown.second, HasSubstr("holdout"));
  EXPECT_EQ(refusal({"data.splits.selection=train"}).first, core::kAuditRefused) << "an image in two splits";
  std::filesystem::create_directories(folder_ / "empty/images");
  std::filesystem::create_directories(folder_ / "empty/masks");
  core::write_file_atomically(folder_ / "empty.toml",
                              "schema = 1\nname = \"empty\"\n[data]\nkind = \"folders\"\nroot = \"empty\"\n"
                              "classes = [\"a\", \"b\"]\n[model]\narchitecture = \"unet\"\n[training]\n"
                              "epochs = 1\nbatch_size = 1\nloss = \"cross_entropy\"\noptimizer = \"adam\"\n");
  options_.study = folder_ / "empty.toml";
  const auto empty = refusal({});
  EXPECT_EQ(empty.first, core::kAuditRefused) << empty.second;
}

TEST_F(PlanTest, SelectsByVariantAndSeed) {
  const study::Study study = load_for_run(options_);
  const run::StudyPlan plan = prepare(study);
  options_.only = {"fu"};
  options_.seeds = {2};
  const auto selected = select_trials(study, plan, options_);
  ASSERT_EQ(selected.size(), 1U);
  EXPECT_EQ(selected[0].spec.variant_label, "full");
  EXPECT_EQ(selected[0].spec.seed, 2U);
  EXPECT_EQ(command_line(options_),
            "segbench run " + std::filesystem::path(options_.study).filename().string())
      << "of the whole study, which is what a report shows; its folder is a matter of this machine";

  options_.only = {"medium"};
  options_.seeds = {1, 9};
  try {
    check_selection(study, options_);
    FAIL();
  } catch (const core::UserError& error) {
    ASSERT_EQ(error.problems().size(), 2U);
    EXPECT_THAT(error.problems()[0].message, HasSubstr("small; full"));
    EXPECT_THAT(error.problems()[1].message, HasSubstr("9 is not a seed of the study; its seeds: 1, 2"));
  }
}

TEST_F(PlanTest, QuotesWhatAShellWouldRead) {
  options_.study = "my study.toml";
  options_.overrides = {"training.loss={name=\"x\"}", "it's=1"};
  EXPECT_EQ(command_line(options_),
            "segbench run 'my study.toml' --set 'training.loss={name=\"x\"}' --set 'it'\\''s=1'");
}

TEST_F(PlanTest, MeasuresDataWithoutWritingAnything) {
  const study::Study study = load_for_run(options_);
  const run::DataSizes sizes = run::measure_data(study.variants[0].config.data);
  EXPECT_EQ(sizes.height, 32);
  EXPECT_EQ(sizes.width, 48);
  EXPECT_EQ(sizes.classes, 7);
  EXPECT_EQ(sizes.train, 12);
  EXPECT_EQ(sizes.selection, 5);
  EXPECT_EQ(sizes.test, 6);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "runs"));
}

TEST_F(PlanTest, EstimatesMemoryAndWorkByTheirFormulas) {
  core::VariantConfig config;
  config.training.batch_size = 8;
  config.training.epochs = 10;
  config.training.optimizer.name = "adam";
  architectures::NetworkSummary network;
  network.trainable = 100;
  network.non_trainable = 20;
  network.activation_values = 1000;
  EXPECT_EQ(run::training_bytes(config, network), 4 * (120 + 100 * 3 + 2 * 8 * 1000));
  config.training.optimizer = {.name = "sgd", .params = {{"momentum", 0.9}}};
  EXPECT_EQ(run::training_bytes(config, network), 4 * (120 + 100 * 2 + 2 * 8 * 1000));
  config.training.evaluate_every = 2;
  const run::DataSizes sizes{.train = 100, .selection = 10, .test = 7};
  EXPECT_EQ(run::trial_macs(config.training, sizes, 2.0), 2.0 * (3 * 10 * 100 + 6 * 10 + 7));
}

TEST(TimeModel, PrefersWhatItKnowsBest) {
  run::TimeModel model;
  EXPECT_EQ(model.seconds_of("a", 4e10, 2), std::pair(3.0, run::TimeSource::kAssumption))
      << "a second to start";
  model.add("a", 10, 1e12);
  model.add("a", 20, 1e12);
  EXPECT_EQ(model.seconds_of("a", 5e12, 2), std::pair(15.0, run::TimeSource::kSameVariant));
  EXPECT_EQ(model.seconds_of("b", 4e12, 2), std::pair(60.0, run::TimeSource::kThroughput));
}

TEST_F(PlanTest, CountsAnEnsembleAsItsMembersTogetherAndTrainsNothing) {
  core::write_file_atomically(folder_ / "sizes.toml", std::string(kStudy) + R"(
[[ensemble]]
label = "both"
variants = ["small", "full"]
)");
  const study::Study study = load_for_run(options_);
  WantedSeeds wanted;
  for (const core::Variant& variant : study.variants) wanted[variant.id] = study.seeds.size();
  const std::vector<PlannedVariant> rows = plan_variants(study, {}, wanted);
  ASSERT_EQ(rows.size(), 3U);
  const PlannedVariant &small = rows[0], &full = rows[1], &both = rows[2];
  EXPECT_EQ(both.network.parameters(), small.network.parameters() + full.network.parameters());
  EXPECT_EQ(both.network.macs, small.network.macs + full.network.macs);
  EXPECT_EQ(both.macs, 11.0 * static_cast<double>(both.network.macs)) << "11 images, once each";
  EXPECT_LT(run::training_bytes(both.variant->config, both.network),
            run::training_bytes(full.variant->config, full.network));
  KnownStates states;
  trial::TrialStanding& state = states[{both.variant->id, study.seeds[0]}];
  state.status = core::TrialStatus::kComplete;
  state.seconds = 0.1;
  state.host = core::host_name();
  EXPECT_EQ(plan_variants(study, states, wanted)[0].source, run::TimeSource::kAssumption)
      << "how fast it was evaluated tells nothing of training";
}

TEST_F(PlanTest, TakesNoTimesOfAGpuForThoseOfACpu) {
  const study::Study study = load_for_run(options_);
  KnownStates states;
  const auto know = [&](const std::string& gpu, double took) {
    for (const core::Variant& variant : study.variants) {
      trial::TrialStanding& state = states[{variant.id, study.seeds[0]}];
      state.status = core::TrialStatus::kComplete;
      state.seconds = took;
      state.host = core::host_name();
      state.gpu = gpu;
    }
  };
  know("NVIDIA Fake 90", 3);
  WantedSeeds wanted;
  for (const core::Variant& variant : study.variants) wanted[variant.id] = study.seeds.size();
  EXPECT_EQ(plan_variants(study, states, wanted)[0].source, run::TimeSource::kAssumption);
  know("", 70);
  EXPECT_EQ(plan_variants(study, states, wanted)[0].source, run::TimeSource::kSameVariant);
  EXPECT_EQ(plan_variants(study, states, wanted)[0].seconds, 70);
}

TEST_F(PlanTest, ListsTrialsAndTheirStates) {
  const run::StudyPlan plan = prepare(load_for_run(options_));
  {
    trial::EventWriter attempts(plan.trials[1].folder / core::kAttemptsFile);
    attempts.append("started", {{"attempt", 1}});
    attempts.append(
        "ended",
        {{"attempt", 1}, {"status", "failed"}, {"reason", "diverged"}, {"message", "a\nb"}, {"seconds", 75}});
  }
  const auto trials = run::list_trials(folder_ / "runs", "sizes");
  ASSERT_EQ(trials.size(), 4U);
  EXPECT_EQ(trials[1].variant_label, "full");
  EXPECT_EQ(trials[1].trial_id, plan.trials[1].spec.trial_id);
  EXPECT_EQ(trials[3].seed, 2U);
  const auto states = read_states(trials);
  EXPECT_EQ(count_states(states), "4 trials: 1 failed, 3 pending");
  const std::string text = render(trial_table(trials, states, "table"), "table");
  EXPECT_THAT(text, HasSubstr("1 min 15 s"));
  EXPECT_THAT(text, HasSubstr("a b"));
  const core::Json json = core::Json::parse(render(trial_table(trials, states, "json"), "json"));
  EXPECT_EQ(json[1]["reason"], "diverged");
  EXPECT_EQ(json[1]["seconds"], 75.0);
  EXPECT_EQ(json[1]["epochs"], 4);
  EXPECT_TRUE(json[0]["loss"].is_null());
}

TEST_F(PlanTest, FindsStudiesAndTrialsByTheirBeginnings) {
  Context context;
  context.runs = folder_ / "runs";
  EXPECT_THROW(run::find_study(context.runs, ""), core::UserError);
  const run::StudyPlan plan = prepare(load_for_run(options_));
  EXPECT_EQ(run::find_study(context.runs, ""), "sizes");
  EXPECT_EQ(run::find_study(context.runs, "si"), "sizes");
  EXPECT_EQ(run::find_study(context.runs, options_.study), "sizes");
  EXPECT_THROW(run::find_study(context.runs, "other"), core::UserError);
  EXPECT_EQ(run::find_trial(context.runs, plan.trials[0].spec.trial_id.substr(0, 12)), plan.trials[0].folder);
  EXPECT_EQ(run::find_trial(context.runs, plan.trials[0].folder), plan.trials[0].folder);
  EXPECT_THROW(run::find_trial(context.runs, "zz"), core::UserError);

  // Another study that runs the same trial, and completed it.
  const std::string id = plan.trials[0].spec.trial_id;
  const std::filesystem::path other = folder_ / "runs" / "other";
  std::filesystem::create_directories(other / "trials" / id);
  core::write_file_atomically(other / "study.json", "{}");
  trial::EventWriter(other / "trials" / id / core::kAttemptsFile)
      .append("ended", {{"attempt", 1}, {"status", "complete"}});
  EXPECT_EQ(run::find_trial(context.runs, id), other / "trials" / id);
  EXPECT_THROW(run::find_trial(context.runs, ""), core::UserError);
}

TEST(Predictions, ColourMixAndCount) {
  const std::vector<core::ClassInfo> classes = {
      {"sky", {10, 20, 30}}, {"road", {200, 100, 0}}, {"car", {1, 2, 3}}};
  const data::LabelMap labels{.height = 1, .width = 3, .labels = {1, 0, 1}};
  EXPECT_EQ(index_image(labels).pixels, labels.labels);
  const data::Image colours = colour_labels(labels, classes);
  EXPECT_THAT(colours.pixels, ElementsAre(200, 100, 0, 10, 20, 30, 200, 100, 0));
  const data::Image image{
      .height = 1, .width = 3, .channels = 3, .pixels = std::vector<std::uint8_t>(9, 100)};
  EXPECT_THAT(overlay(image, colours).pixels, ElementsAre(150, 100, 50, 55, 60, 65, 150, 100, 50));
  EXPECT_EQ(describe_shares(labels, classes), "road 66.7 %, sky 33.3 %");
}

TEST(SelfTest, WhatThrowsHasFailed) {
  EXPECT_EQ(check("a", [] { return std::string("seen"); }).result, "ok");
  const CheckResult failed = check("a", []() -> std::string { throw core::UserError("broken"); });
  EXPECT_EQ(failed.result, "failed");
  EXPECT_EQ(failed.detail, "broken");
  const tests::TemporaryFolder folder;
  EXPECT_EQ(check_disk(folder / "disk").result, "ok");
  EXPECT_EQ(check_store(folder.path()).result, "ok");
}

}  // namespace
}  // namespace segbench::cli
