// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/machine.h"
#include "harness/core/safetensors.h"
#include "harness/train/failure.h"
#include "harness/train/parallel.h"
#include "harness/train/stop_signal.h"
#include "harness/train/trainer.h"
#include "tests/train/tiny_trial.h"

// One trial over several processes (training.processes).

namespace segbench::tests {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// Batches of 10 and 3 images; a loss that is a mean over images of one size, so that the parts' losses add
/// up.
core::VariantConfig together(std::int64_t processes, std::int64_t batch_size = 10) {
  core::VariantConfig variant = tiny_variant();
  variant.training.loss = {"cross_entropy", {{"weight_normalisation", "all_pixels"}}};
  variant.training.optimizer = {"sgd", {{"learning_rate", 0.05}, {"momentum", 0.9}}};
  variant.training.batch_size = batch_size;
  variant.training.processes = processes;
  return variant;
}

/// How far another order of sums may take a loss in the first epoch, of two updates, and how far rounding may
/// have grown in three: with LibTorch 2 it grows faster.
constexpr double kRounding = 1e-5, kGrown = TORCH_VERSION_MAJOR < 2 ? 1e-5 : 1e-4;

double largest_weight_difference(const std::filesystem::path& a, const std::filesystem::path& b) {
  const core::SafetensorsFile one(a / core::kWeightsFile), other(b / core::kWeightsFile);
  double largest = 0;
  for (const auto& [name, entry] : one.entries()) {
    if (entry.dtype != "F32") continue;
    const auto* x = reinterpret_cast<const float*>(entry.data.data());
    const auto* y = reinterpret_cast<const float*>(other.entries().at(name).data.data());
    for (std::size_t i = 0; i < entry.data.size() / sizeof(float); ++i)
      largest = std::max(largest, std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
  }
  return largest;
}

/// The processes that a process has started.
std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream file("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

TEST(OrderOfProcess, IsItsPartOfEveryBatch) {
  const std::vector<std::int64_t> order = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 10};
  EXPECT_EQ(train::order_of_process(order, 4, 0, 2), (std::vector<std::int64_t>{9, 8, 5, 4, 1}));
  EXPECT_EQ(train::order_of_process(order, 4, 1, 2), (std::vector<std::int64_t>{7, 6, 3, 2, 0, 10}));
  EXPECT_EQ(train::order_of_process(order, 4, 0, 1), order);
}

class Processes : public testing::Test {
 protected:
  const TinyTrials trials_;
};

TEST_F(Processes, TrainWhatOneTrains) {
  const auto alone = trials_.add("alone", together(1)), two = trials_.add("two", together(2));
  ASSERT_EQ(train(alone).exit_code, 0);
  const ProcessResult result = train(two);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto expected = events_of(alone, "epoch"), found = events_of(two, "epoch");
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].at("loss").get<double>(), expected[i].at("loss").get<double>(),
                i == 0 ? kRounding : kGrown);
    EXPECT_GE(found[i].at("timing").at("reduce_s").get<double>(), 0);
  }
  EXPECT_LT(largest_weight_difference(alone, two), kGrown);
  for (const auto& entry : std::filesystem::directory_iterator(two))
    EXPECT_EQ(entry.path().filename().string().find(".tmp-"), std::string::npos) << entry.path();

  core::VariantConfig apart = together(2);
  apart.training.synchronise_batch_norm = false;
  const auto own_statistics = trials_.add("own_statistics", apart);
  ASSERT_EQ(train(own_statistics).exit_code, 0);
  EXPECT_GT(largest_weight_difference(alone, own_statistics), 1e-4) << "each normalises by its own part";
}

TEST_F(Processes, AddUpTheSameOnEveryRun) {
  core::VariantConfig ordered = together(2), three = together(3, 9);
  ordered.training.reduce = "ordered";
  const auto flat = trials_.add("flat", together(2)), in_order = trials_.add("ordered", ordered),
             once = trials_.add("once", three), again = trials_.add("again", three),
             alone = trials_.add("alone", together(1, 9));
  for (const auto& trial : {flat, in_order, once, again, alone})
    ASSERT_EQ(train(trial).exit_code, 0) << trial;
  EXPECT_EQ(largest_weight_difference(flat, in_order), 0) << "on a CPU they are the same";
  EXPECT_LT(largest_weight_difference(alone, once), kGrown);
  EXPECT_EQ(core::read_file(once / core::kWeightsFile), core::read_file(again / core::kWeightsFile));
}

/// A network with dropout and a schedule that remembers; long enough to be stopped in the middle.
core::VariantConfig long_training() {
  core::VariantConfig variant = together(2);
  variant.model = {.architecture = "fcn", .size = "small", .width = 0.05, .params = core::Json::object()};
  variant.training.optimizer = {"adam", {{"learning_rate", 0.01}}};
  variant.training.schedule = {"reduce_on_plateau", {{"patience", 1}, {"factor", 0.7}}};
  variant.training.epochs = 20;
  return variant;
}

TEST_F(Processes, ALostOneInterruptsAndTheTrialGoesOn) {
  const auto alone = trials_.add("alone", long_training()), killed = trials_.add("killed", long_training());
  ASSERT_EQ(train(alone).exit_code, 0);
  const std::vector<std::string> every_step = {"--checkpoint-steps", "1"};
  for (int kills = 0; kills < 2; ++kills) {
    Process worker(train_command(killed, every_step), killed);
    const std::size_t epochs =
        std::filesystem::exists(killed / core::kEventsFile) ? events_of(killed, "epoch").size() : 0;
    const auto has_got_further = [&] {
      return std::filesystem::exists(killed / core::kEventsFile) &&
             events_of(killed, "epoch").size() > epochs;
    };
    while (worker.running() && !has_got_further()) std::this_thread::sleep_for(milliseconds(5));
    for (const pid_t child : children_of(worker.pid())) ::kill(child, SIGKILL);
    const ProcessResult result = worker.wait();
    ASSERT_EQ(result.exit_code, 128 + SIGKILL) << result.err;
    EXPECT_THAT(result.err, HasSubstr("process 2 of 2 was lost: killed by SIGKILL"));
    EXPECT_EQ(last_attempt_event(killed, "ended").at("status"), "interrupted");
  }
  ASSERT_EQ(train(killed, every_step).exit_code, 0);
  EXPECT_EQ(core::read_file(killed / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

TEST_F(Processes, ASignalToAllOfThemIsOneRequest) {
  const auto alone = trials_.add("alone", long_training()), stopped = trials_.add("stopped", long_training());
  ASSERT_EQ(train(alone).exit_code, 0);
  for (int stops = 0, wait = 300; stops < 2 && wait < 8000; wait += wait / 2) {
    Process worker(train_command(stopped), stopped);
    std::this_thread::sleep_for(milliseconds(wait));
    for (const pid_t child : children_of(worker.pid())) ::kill(child, SIGTERM);
    worker.signal(SIGTERM);
    const ProcessResult result = worker.wait();
    if (result.exit_code == 0) break;
    ASSERT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
    ++stops;
  }
  ASSERT_EQ(train(stopped).exit_code, 0);
  EXPECT_EQ(core::read_file(stopped / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

TEST_F(Processes, EndWithTheFirst) {
  core::VariantConfig variant = together(3, 9);
  variant.training.epochs = 100000;
  const auto trial = trials_.add("orphans", variant);
  std::vector<pid_t> children;
  {
    Process worker(train_command(trial), trial);
    const auto has_begun = [&] {
      return std::filesystem::exists(trial / core::kEventsFile) && !events_of(trial, "epoch").empty();
    };
    while (worker.running() && !has_begun()) std::this_thread::sleep_for(milliseconds(5));
    children = children_of(worker.pid());
    const core::Json environment = last_attempt_event(trial, "started").at("environment");
    EXPECT_EQ(environment.at("sums_by"), "shared memory");
    EXPECT_EQ(environment.at("processes_on"), core::Json({"cpu", "cpu", "cpu"}));
    ::kill(worker.pid(), SIGKILL);
    EXPECT_EQ(worker.wait().exit_code, 128 + SIGKILL);
  }
  ASSERT_EQ(children.size(), 2U);
  for (const pid_t child : children) {
    for (int i = 0; i < 1000 && core::process_mentions(child, "replica"); ++i)
      std::this_thread::sleep_for(milliseconds(5));
    EXPECT_FALSE(core::process_mentions(child, "replica"));
  }
}

/// A group whose other processes are gone once they were told that there is no further epoch; then somebody
/// asks this one to stop.
class Deserted : public train::ProcessGroup {
 public:
  using ProcessGroup::sum;
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void sum(const std::vector<torch::Tensor>&) override {}
  void broadcast(torch::Tensor&) override {}
  std::string broadcast(const std::string& text) override {
    if (core::Json::parse(text).at("epoch") == 0) {
      is_deserted_ = true;
      ::raise(SIGTERM);
    }
    return text;
  }
  double seconds() const override { return 0; }
  std::string way() const override { return "alone"; }
  void settle() override {
    if (is_deserted_) throw train::LostProcess("process 2 of 2 was lost", core::FailureReason::kError);
  }

 private:
  bool is_deserted_ = false;
};

/// For ThatHaveEndedAreNotMissed, since a noted signal stays noted: trains the trial that the environment
/// names.
TEST(ProcessesOfATrial, DISABLED_InAProcessOfItsOwn) {
  const std::filesystem::path folder = std::getenv("SEGBENCH_TEST_TRIAL");
  const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
  const auto parts = train::build_trial(spec, folder, torch::kCPU, torch::MemoryFormat::Contiguous);
  Deserted group;
  train::TrainOptions options;
  options.checkpoint_seconds = 3600;
  options.kept.threads = 1;
  options.group = &group;
  train::Progress progress(-1, spec.trial_id);
  train::Trainer trainer(spec, folder, *parts, options, progress);
  trainer.prepare();
  train::watch_stop_signals();
  try {
    trainer.run();
  } catch (...) {
    std::_Exit(train::ending_of(std::current_exception()).exit_code);
  }
  std::_Exit(98);
}

TEST_F(Processes, ThatHaveEndedAreNotMissed) {
  const auto trial = trials_.add("final evaluation", together(1));
  ::setenv("SEGBENCH_TEST_TRIAL", trial.c_str(), 1);
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const ProcessResult result = run_process(
      {program, "--gtest_also_run_disabled_tests", "--gtest_filter=ProcessesOfATrial.DISABLED_*"}, trial);
  EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.out << result.err;
  EXPECT_TRUE(std::filesystem::exists(trial / core::kCheckpointFile)) << "of the end of the training";
}

TEST_F(Processes, NeedAnImageEachInEveryBatch) {
  const auto trial = trials_.add("uneven", together(2, 6));  // 6, 6 and 1
  const ProcessResult result = train(trial);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("2 processes cannot share the last batch of an epoch, which has 1 of the 13"));
}

}  // namespace
}  // namespace segbench::tests
