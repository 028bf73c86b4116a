// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/random.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

// A trial that is stopped at any moment and taken up again computes what one that was left alone computes.

namespace segbench::tests {
namespace {

using core::Json;
using std::chrono::milliseconds;

const std::vector<std::string> kEveryStep = {"--checkpoint-steps", "1"};

/// A network with dropout, so that the generator's state counts too.
core::VariantConfig with_dropout() {
  core::VariantConfig variant = tiny_variant();
  variant.model = {.architecture = "fcn", .size = "small", .width = 0.05, .params = Json::object()};
  variant.training.augment.push_back({"vertical_flip", Json::object()});
  return variant;
}

/// A sum of losses of three kinds, and a schedule that remembers evaluations: it lowers the rate again and
/// again.
core::VariantConfig with_memory() {
  core::VariantConfig variant = tiny_variant();
  variant.training.loss = {"sum",
                           {{"terms",
                             {{{"name", "dice"}, {"class_weights", "inverse_frequency"}},
                              {{"name", "dice"}, {"over", "image"}, {"squared", true}, {"weight", 0.25}},
                              {{"name", "focal"}, {"weight", 0.5}}}}}};
  variant.training.optimizer.params["decay"] = 0.0;
  const Json plateau = {
      {"name", "reduce_on_plateau"}, {"patience", 1}, {"factor", 0.7}, {"threshold", 0.02}, {"cooldown", 1}};
  variant.training.schedule = {"warm_up", {{"length", 2}, {"then", plateau}}};
  return variant;
}

/// All that training keeps between two steps: gradients of batches whose update is not due, averaged weights,
/// what early stopping has seen.
core::VariantConfig with_everything(const core::PartChoice& optimizer) {
  core::VariantConfig variant = with_memory();
  variant.training.loss = {"cross_entropy", {{"label_smoothing", 0.1}, {"hardest", 0.5}}};
  variant.training.optimizer = optimizer;
  variant.training.batch_size = 2;  // 7 steps an epoch, in 3 updates
  variant.training.accumulate_batches = 3;
  variant.training.gradient_clip_norm = 1.0;
  variant.training.gradient_clip_value = 0.5;
  variant.training.moving_average = 0.9;
  variant.training.early_stopping_patience = 6;
  variant.training.batch_norm_statistics = "precise";
  return variant;
}

/// Long enough to be stopped in the middle.
core::VariantConfig longer(core::VariantConfig variant) {
  variant.training.epochs = 25;
  return variant;
}

std::size_t attempt_events(const std::filesystem::path& trial) {
  return trial::read_event_log(trial / core::kAttemptsFile).events.size();
}

/// Starts the worker and waits until it has recorded that it began.
std::unique_ptr<Process> start(const std::filesystem::path& trial,
                               const std::vector<std::string>& further = {}) {
  const std::size_t before = attempt_events(trial);
  auto process = std::make_unique<Process>(train_command(trial, further), trial);
  for (int i = 0; i < 30000 && process->running() && attempt_events(trial) == before; ++i) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  return process;
}

class Resume : public testing::TestWithParam<const char*> {
 protected:
  Resume() : trials_(TinyData{.samples = 22, .height = 32, .width = 40, .channels = 3, .num_classes = 3}) {}

  core::VariantConfig variant() const {
    return longer(std::string(GetParam()) == "fcn" ? with_dropout() : tiny_variant());
  }
  void expect_undisturbed(const std::filesystem::path& trial) const {
    const auto alone = trials_.add("alone", variant());
    ASSERT_EQ(train(alone).exit_code, 0);
    EXPECT_EQ(computed_events(trial), computed_events(alone));
    EXPECT_EQ(core::read_file(trial / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
    EXPECT_EQ(core::read_file(trial / core::kPredictionsFile),
              core::read_file(alone / core::kPredictionsFile));
  }

  TinyTrials trials_;
};

TEST_P(Resume, KilledAtRandomMoments) {
  const auto trial = trials_.add("killed", variant());
  core::Stream stream(4, core::Purpose::kOrder);
  int kills = 0, resumed = 0;
  for (int round = 0; round < 60; ++round) {
    const auto process = start(trial, kEveryStep);
    std::this_thread::sleep_for(milliseconds(stream.below(120)));
    if (round < 12 && process->running()) {
      process->signal(SIGKILL);
      ++kills;
    }
    const int code = process->wait().exit_code;
    const Json started = last_attempt_event(trial, "started");
    resumed += started.contains("resumed_from") && !started.at("resumed_from").is_null() ? 1 : 0;
    if (code == 0) break;
  }
  EXPECT_GE(kills, 3);
  EXPECT_GE(resumed, 2);
  for (const auto& entry : std::filesystem::directory_iterator(trial)) {
    EXPECT_EQ(entry.path().string().find(".tmp-"), std::string::npos) << entry.path();
  }
  expect_undisturbed(trial);
}

TEST_P(Resume, StoppedBySignalsAtRandomMoments) {
  const auto trial = trials_.add("stopped", variant());
  core::Stream stream(5, core::Purpose::kOrder);
  int stops = 0;
  for (int round = 0; round < 60; ++round) {
    const auto process = start(trial);
    std::this_thread::sleep_for(milliseconds(stream.below(150)));
    const int signal = round % 2 == 0 ? SIGTERM : SIGINT;
    if (round < 8 && process->running()) process->signal(signal);
    const int code = process->wait().exit_code;
    if (code == 0) break;
    ASSERT_EQ(code, 128 + signal);
    const Json ended = last_attempt_event(trial, "ended");
    ASSERT_EQ(ended.at("status"), "interrupted");
    ASSERT_EQ(ended.at("exit_code"), code);
    ++stops;
  }
  EXPECT_GE(stops, 1);
  expect_undisturbed(trial);
}

TEST_P(Resume, ADamagedCheckpointIsToldAndTheOneBeforeIsUsed) {
  const auto trial = trials_.add("bit", variant());
  const auto file = trial / core::kCheckpointFile;
  {
    const auto process = start(trial, kEveryStep);
    for (int i = 0; i < 5000 && !std::filesystem::exists(trial / core::kPreviousCheckpointFile); ++i)
      std::this_thread::sleep_for(milliseconds(2));
    process->signal(SIGTERM);
    ASSERT_EQ(process->wait().exit_code, 128 + SIGTERM);
  }
  std::string content = core::read_file(file);
  content[content.size() - 5] ^= 4;  // one bit of the last tensor
  core::write_file_atomically(file, content);
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, testing::HasSubstr("checksum"));
  EXPECT_FALSE(last_attempt_event(trial, "started").at("resumed_from").is_null());
  EXPECT_EQ(last_attempt_event(trial, "warning").at("code"), "unusable_checkpoint");
  EXPECT_FALSE(std::filesystem::exists(trial / core::kPreviousCheckpointFile));
  expect_undisturbed(trial);
}

TEST(ResumeWith, TheThreadsAndTheMemoryFormatThatItBeganWith) {
  const TinyTrials trials;
  const auto trial = trials.add("kept", longer(tiny_variant()));
  {
    const auto process = start(trial, kEveryStep);
    for (int i = 0; i < 5000 && !std::filesystem::exists(trial / core::kCheckpointFile); ++i)
      std::this_thread::sleep_for(milliseconds(2));
    process->signal(SIGTERM);
    ASSERT_EQ(process->wait().exit_code, 128 + SIGTERM);
  }
  const Json before = last_attempt_event(trial, "started").at("environment");
  auto command = train_command(trial);
  command.back() = "2";  // threads
  ASSERT_EQ(run_process(command, trial).exit_code, 0);
  const Json after = last_attempt_event(trial, "started").at("environment");
  EXPECT_EQ(after.at("threads"), 1);
  EXPECT_EQ(after.at("memory_format"), before.at("memory_format"));
}

TEST(ResumeWith, APauseBehindAnEpoch) {
  const TinyTrials trials;
  core::VariantConfig variant = with_everything({"adamw", {{"learning_rate", 0.01}}});
  variant.training.epochs = 5;
  const auto alone = trials.add("alone", variant), paused = trials.add("paused", variant);
  ASSERT_EQ(train(alone).exit_code, 0);
  for (const char* epoch : {"2", "2", "4"}) {  // asked again for where it stands, it does nothing
    ASSERT_EQ(train(paused, {"--pause-after", epoch}).exit_code, 0);
    const Json ended = last_attempt_event(paused, "ended");
    EXPECT_EQ(ended.at("status"), "interrupted");
    EXPECT_EQ(ended.at("message"), std::string("paused after epoch ") + epoch + " of 5");
    EXPECT_EQ(events_of(paused, "epoch").size(), static_cast<std::size_t>(std::stoi(epoch)));
    EXPECT_TRUE(events_of(paused, "finished").empty());
  }
  ASSERT_EQ(train(paused, {"--pause-after", "5"}).exit_code, 0)
      << "behind its last epoch a trial is complete";
  EXPECT_EQ(computed_events(paused), computed_events(alone));
  EXPECT_EQ(core::read_file(paused / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

/// Waits until the checkpoint is another than the one that was there at `before`.
void await_checkpoint(const std::filesystem::path& trial, std::filesystem::file_time_type before,
                      Process& process) {
  const auto is_new = [&] {
    std::error_code none_yet;
    const auto written = std::filesystem::last_write_time(trial / core::kCheckpointFile, none_yet);
    return !none_yet && written > before;
  };
  for (int i = 0; i < 30000 && process.running() && !is_new(); ++i)
    std::this_thread::sleep_for(milliseconds(2));
}

/// Trains a trial that is killed a few times, each time after it has got further, and then to its end.
void train_with_kills(const std::filesystem::path& trial, const std::vector<std::string>& further = {}) {
  auto before = std::filesystem::file_time_type::min();
  int resumed = 0;
  std::vector<std::string> options = kEveryStep;
  options.insert(options.end(), further.begin(), further.end());
  for (const int later : {0, 150, 300, 450}) {
    const auto process = start(trial, options);
    await_checkpoint(trial, before, *process);
    std::this_thread::sleep_for(milliseconds(later));
    process->signal(SIGKILL);
    process->wait();
    resumed += last_attempt_event(trial, "started").at("resumed_from").is_null() ? 0 : 1;
    if (std::filesystem::exists(trial / core::kCheckpointFile))
      before = std::filesystem::last_write_time(trial / core::kCheckpointFile);
  }
  const ProcessResult result = train(trial, further);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_GE(resumed, 2);
}

TEST(ResumeWith, EveryOptimizerAndAllThatTrainingKeeps) {
  const std::vector<core::PartChoice> optimizers = {
      {"sgd", {{"learning_rate", 0.05}, {"momentum", 0.9}, {"nesterov", true}}},
      {"adamw", {{"learning_rate", 0.01}}},
      {"rmsprop", {{"learning_rate", 0.01}, {"centered", true}, {"momentum", 0.5}}},
      {"adagrad", {{"learning_rate", 0.05}}},
      {"lion", {{"learning_rate", 0.001}, {"weight_decay", 0.1}}}};
  for (const core::PartChoice& optimizer : optimizers) {
    SCOPED_TRACE(optimizer.name);
    const TinyTrials trials;
    const auto alone = trials.add("alone", longer(with_everything(optimizer))),
               killed = trials.add("killed", longer(with_everything(optimizer)));
    const std::vector<std::string> keep = {"--keep-weights", "2"};
    ASSERT_EQ(train(alone, keep).exit_code, 0);
    train_with_kills(killed, keep);
    EXPECT_EQ(computed_events(killed), computed_events(alone));
    EXPECT_EQ(core::read_file(killed / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
    std::size_t kept = 0;
    for (const auto& file : std::filesystem::directory_iterator(alone / "epochs")) {
      EXPECT_EQ(core::read_file(killed / "epochs" / file.path().filename()), core::read_file(file.path()));
      ++kept;
    }
    EXPECT_EQ(kept, 2U);
  }
}

TEST(ResumeWith, ASumOfLossesAndAScheduleThatRemembers) {
  const TinyTrials trials;
  const auto alone = trials.add("alone", longer(with_memory())),
             killed = trials.add("killed", longer(with_memory()));
  ASSERT_EQ(train(alone).exit_code, 0);
  std::set<double> rates;
  for (const Json& event : trial::read_event_log(alone / core::kEventsFile).events) {
    if (event.at("type") == "epoch" && event.at("epoch") > 2)
      rates.insert(event.at("learning_rate").get<double>());
    if (event.at("type") == "evaluation") {
      EXPECT_EQ(event.at("loss_terms").size(), 3U);
    }
  }
  EXPECT_GE(rates.size(), 3U) << "the schedule had nothing to remember";
  train_with_kills(killed);
  EXPECT_EQ(computed_events(killed), computed_events(alone));
  EXPECT_EQ(core::read_file(killed / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

TEST_P(Resume, DamagedCheckpointMeansFromTheBeginning) {
  const auto trial = trials_.add("damaged", variant());
  const auto file = trial / core::kCheckpointFile;
  std::string whole;
  {
    const auto process = start(trial, kEveryStep);
    std::this_thread::sleep_for(milliseconds(50));
    process->signal(SIGTERM);
    const ProcessResult result = process->wait();
    ASSERT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
    whole = core::read_file(file);
  }
  std::string foreign = whole;
  const std::string id = trials_.spec(variant()).trial_id;
  foreign.replace(foreign.find(id), id.size(), "0000000000000000");
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), std::string(), std::string("{}"), foreign}) {
    core::write_file_atomically(file, damaged);
    std::filesystem::remove(trial / core::kPreviousCheckpointFile);
    const auto process = start(trial, kEveryStep);
    std::this_thread::sleep_for(milliseconds(50));
    process->signal(SIGTERM);
    const ProcessResult result = process->wait();
    ASSERT_EQ(result.exit_code, 128 + SIGTERM);
    EXPECT_THAT(result.err, testing::HasSubstr("starts from its beginning"));
    EXPECT_TRUE(last_attempt_event(trial, "started").at("resumed_from").is_null());
  }
  ASSERT_EQ(train(trial).exit_code, 0);
  expect_undisturbed(trial);
}

INSTANTIATE_TEST_SUITE_P(Networks, Resume, testing::Values("unet", "fcn"));

TEST(ResumeAfterTheEnd, KilledBeforeSayingSoIsComplete) {
  const TinyTrials trials;
  const auto trial = trials.add("silent");
  ASSERT_EQ(train(trial).exit_code, 0);
  const auto before = computed_events(trial);
  const std::string attempts = core::read_file(trial / core::kAttemptsFile);
  core::write_file_atomically(trial / core::kAttemptsFile, attempts.substr(0, attempts.find('\n') + 1));
  ASSERT_EQ(train(trial).exit_code, 0);
  EXPECT_EQ(computed_events(trial), before);
  EXPECT_EQ(last_attempt_event(trial, "ended").at("status"), "complete");
  EXPECT_EQ(last_attempt_event(trial, "ended").at("attempt"), 2);
}

TEST(ResumeAfterTheEnd, TwoWorkersDoNotShareATrial) {
  const TinyTrials trials;
  const auto trial = trials.add("shared");
  const auto lock = core::FileLock::acquire(trial / core::kTrialLockFile);
  const ProcessResult result = train(trial);
  EXPECT_EQ(result.exit_code, core::kTryAgain);
  EXPECT_THAT(result.err, testing::HasSubstr(std::to_string(::getpid())));
}

TEST(ResumeAfterTheEnd, AWorkerThatWasReplacedWritesNothingMore) {
  const TinyTrials trials;
  const auto trial = trials.add("fenced", longer(tiny_variant()));
  const auto process = start(trial, kEveryStep);
  core::LockOwner other = core::this_owner();
  other.host = "elsewhere";
  core::write_file_atomically(trial / core::kTrialLockFile, to_line(other));
  const std::string events = core::read_file(trial / core::kEventsFile),
                    attempts = core::read_file(trial / core::kAttemptsFile);
  const ProcessResult result = process->wait();
  EXPECT_EQ(result.exit_code, core::kTryAgain);
  EXPECT_THAT(result.err, testing::HasSubstr("elsewhere"));
  const std::string later = core::read_file(trial / core::kEventsFile);
  EXPECT_LE(std::count(later.begin(), later.end(), '\n'), std::count(events.begin(), events.end(), '\n') + 1)
      << "at most the line that it was writing";
  EXPECT_EQ(core::read_file(trial / core::kAttemptsFile), attempts);
  ASSERT_EQ(train(trial).exit_code, 0);
  const auto alone = trials.add("alone", longer(tiny_variant()));
  ASSERT_EQ(train(alone).exit_code, 0);
  EXPECT_EQ(computed_events(trial), computed_events(alone));
}

TEST(ResumeAfterTheEnd, AttemptsOnDifferentInstructionSetsAreTold) {
  const TinyTrials trials;
  const auto trial = trials.add("mixed", longer(tiny_variant()));
  {
    const Process process(train_command(trial, kEveryStep), trial, {{"ATEN_CPU_CAPABILITY", "default"}});
    for (int i = 0; i < 30000 && attempt_events(trial) == 0; ++i)
      std::this_thread::sleep_for(milliseconds(2));
    process.signal(SIGTERM);
    for (int i = 0; i < 30000 && attempt_events(trial) < 2; ++i) std::this_thread::sleep_for(milliseconds(2));
  }
  EXPECT_EQ(trial::processors(trial::read_attempts(trial)).size(), 1u);
  ASSERT_EQ(train(trial).exit_code, 0);
  const trial::AttemptLog log = trial::read_attempts(trial);
  const std::vector<std::string> processors = trial::processors(log);
  if (processors.size() < 2) GTEST_SKIP() << "this processor has one instruction set only: " << processors[0];
  ASSERT_THAT(log.warnings, testing::SizeIs(testing::Ge(1u)));
  EXPECT_EQ(log.warnings.back().code, "mixed_processors");
  EXPECT_THAT(log.warnings.back().message, testing::HasSubstr(processors[0] + "; " + processors[1]));
}

}  // namespace
}  // namespace segbench::tests
