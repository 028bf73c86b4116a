// SPDX-License-Identifier: MIT
#include "tests/support/stub_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "architectures/torch/synchronised_norm.h"
#include "harness/train/environment.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/train_command.h"
#include "harness/trial/event_log.h"
#include "tests/support/fake_accelerator.h"
#include "tests/train/threads_as_processes.h"
#include "tests/train/tiny_trial.h"

// Whole trials on a device that is none (tests/support/stub_device.h): what crosses between host and device,
// and what is recorded when it fails.

namespace segbench::train {
namespace {

using core::Json;
namespace stub = tests::stub;

TrainCommand command_for(const std::filesystem::path& trial, torch::Device device) {
  TrainCommand command;
  command.trial_file = trial / core::kTrialFile;
  command.options.device = device;
  command.options.checkpoint_seconds = 3600;
  command.options.keep_predictions = 0;
  command.environment = environment(device, 1, {}, memory_format_on(device));
  return command;
}

core::VariantConfig variant_of(std::int64_t epochs, std::int64_t batch_size) {
  core::VariantConfig variant = tests::tiny_variant();
  variant.training.epochs = epochs;
  variant.training.batch_size = batch_size;
  return variant;
}

/// Copies to the host and to the device in a trial of so many epochs. It ends with the weights of its last
/// epoch: those of another one are hashed too, which copies each tensor of them to the host.
std::pair<int, int> copies(std::int64_t epochs, std::int64_t batch_size,
                           const std::vector<std::string>& without = {}) {
  const tests::TinyTrials trials;
  core::VariantConfig variant = variant_of(epochs, batch_size);
  variant.training.select = "last";
  const int to_host = stub::record().to_host, to_device = stub::record().to_device;
  TrainCommand command = command_for(trials.add("stub", variant), stub::kDevice);
  command.options.levers = levers_without(without);
  EXPECT_EQ(run_train(command), 0);
  return {stub::record().to_host - to_host, stub::record().to_device - to_device};
}

TEST(StubDevice, TrainsAsTheCpuDoes) {
  const tests::TinyTrials trials;
  const auto here = trials.add("cpu", variant_of(2, 4)), there = trials.add("stub", variant_of(2, 4));
  ASSERT_EQ(run_train(command_for(here, torch::kCPU)), 0);
  ASSERT_EQ(run_train(command_for(there, stub::kDevice)), 0);
  const auto a = tests::events_of(here, "epoch"), b = tests::events_of(there, "epoch");
  ASSERT_EQ(a.size(), 2U);
  ASSERT_EQ(b.size(), 2U);
  // Rounding grows with each update, with LibTorch 2 faster.
  const std::array<double, 2> near = {1e-3, TORCH_VERSION_MAJOR < 2 ? 1e-3 : 1e-2};
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(a[i].at("loss").get<double>(), b[i].at("loss").get<double>(), near[i]);
  EXPECT_EQ(tests::event_of(here, "trial").at("initial_weights_sha256"),
            tests::event_of(there, "trial").at("initial_weights_sha256"));
  const Json evaluation = tests::events_of(there, "evaluation").back();
  EXPECT_EQ(evaluation.at("valid_pixels"), tests::events_of(here, "evaluation").back().at("valid_pixels"));
}

TEST(StubDevice, WaitsForNoStepAndOncePerSplit) {
  for (const std::int64_t batch_size : {4, 1}) {
    SCOPED_TRACE(batch_size);
    const auto two = copies(2, batch_size), four = copies(4, batch_size);
    // Of an epoch: the losses of its steps, whether the weights are finite, the counts of the selection
    // split.
    EXPECT_EQ(four.first - two.first, 2 * 3);
    EXPECT_EQ(four.second - two.second, 2 * 2) << "what happens in an epoch and in an evaluation, at once";
  }
}

TEST(StubDevice, CopiesEachBatchWhereSamplesDoNotLieThere) {
  for (const std::int64_t batch_size : {4, 1}) {
    SCOPED_TRACE(batch_size);
    const auto two = copies(2, batch_size, {"resident_data"}),
               four = copies(4, batch_size, {"resident_data"});
    EXPECT_EQ(four.first - two.first, 2 * 3);
    const std::int64_t batches = (13 + batch_size - 1) / batch_size + (4 + batch_size - 1) / batch_size;
    EXPECT_EQ(four.second - two.second, 2 * 2 * batches)
        << "images and labels of each batch, and nothing else";
  }
}

TEST(StubDevice, ShowsWhatEachLeverBrings) {
  const tests::TinyTrials trials;
  int number = 0;
  const auto measure = [&](const std::vector<std::string>& without) {
    TrainCommand command =
        command_for(trials.add("lever " + std::to_string(number++), variant_of(2, 1)), stub::kDevice);
    command.options.levers = levers_without(without);
    const int operations = stub::record().operations, to_host = stub::record().to_host;
    EXPECT_EQ(run_train(command), 0);
    return std::pair(stub::record().operations - operations, stub::record().to_host - to_host);
  };
  // A graph's operations are not issued one by one.
  const auto all = measure({"graphs"}), single = measure({"graphs", "parameter_lists"}),
             host = measure({"graphs", "device_counts"});
#if TORCH_VERSION_MAJOR < 2  // later ones take an operation on a list apart where a device has none
  EXPECT_GT(single.first, all.first + 26 * 5 * 20)
      << "26 steps, five more operations for some twenty parameters";
#endif
  EXPECT_EQ(single.second, all.second);
  EXPECT_GT(host.second, all.second) << "a copy for every batch of an evaluation";
}

TEST(StubDevice, AddsUpOverProcessesByWayOfTheHost) {
  const auto on_device = [](const torch::Tensor& tensor) { return tensor.to(stub::kDevice); };
  std::vector<std::vector<torch::Tensor>> messages;
  for (const float mine : {1.0F, 2.0F})
    messages.push_back({on_device(torch::full({2, 3}, mine)), torch::full({4}, mine, torch::kDouble),
                        on_device(torch::full({70000}, mine))});
  std::vector<torch::Tensor> told = {on_device(torch::arange(5)), on_device(torch::zeros({5}, torch::kLong))};
  const int to_host = stub::record().to_host, to_device = stub::record().to_device;
  tests::as_processes(2, [&](ProcessGroup& group) {
    group.sum(messages[static_cast<std::size_t>(group.rank())]);
    group.broadcast(told[static_cast<std::size_t>(group.rank())]);
  });
  EXPECT_EQ(stub::record().to_host - to_host, 2 * 2) << "one copy for each message in each process";
  EXPECT_EQ(stub::record().to_device - to_device, 2 * 2);
  for (const auto& message : messages) {
    EXPECT_TRUE(torch::equal(message[0].cpu(), torch::full({2, 3}, 3.0F)));
    EXPECT_TRUE(torch::equal(message[1], torch::full({4}, 3.0, torch::kDouble)));
    EXPECT_TRUE(torch::equal(message[2].cpu(), torch::full({70000}, 3.0F)));
  }
  EXPECT_TRUE(torch::equal(told[1].cpu(), torch::arange(5)));
}

/// Stands for two processes with the same images.
class Twins : public architectures::Reducer {
 public:
  void sum(torch::Tensor& tensor) override { tensor.mul_(2); }
};

TEST(StubDevice, NormalisesByTheStatisticsOfAllProcessesAsTheCpuDoes) {
  torch::manual_seed(6);
  const torch::Tensor images = torch::randn({2, 3, 4, 5}) + 2, wanted = torch::randn({2, 3, 4, 5});
  const auto results = [&](torch::Device device) {
    Twins twins;
    const auto there = [&](const torch::Tensor& tensor) { return tensor.to(device); };
    const architectures::NormTensors tensors{there(torch::full({3}, 2.0F)).requires_grad_(),
                                             there(torch::full({3}, 0.5F)).requires_grad_(),
                                             there(torch::zeros({3})), there(torch::ones({3}))};
    const torch::Tensor x = there(images.clone()).requires_grad_();
    const torch::Tensor y = architectures::synchronised_batch_norm(x, tensors, 0.1, 1e-3, twins);
    (y * there(wanted)).sum().backward();
    return std::vector<torch::Tensor>{y.detach(),           x.grad(),
                                      tensors.scale.grad(), tensors.bias.grad(),
                                      tensors.moving_mean,  tensors.moving_variance};
  };
  const auto here = results(torch::kCPU), there = results(stub::kDevice);
  for (std::size_t i = 0; i < here.size(); ++i)
    EXPECT_TRUE(torch::allclose(there[i].cpu(), here[i], 1e-4, 1e-5)) << i;
}

TEST(StubDevice, CompletesATrialThatWasKilledBeforeItSaidSo) {
  const tests::TinyTrials trials;
  const auto trial = trials.add("stub", variant_of(1, 13));
  ASSERT_EQ(run_train(command_for(trial, stub::kDevice)), 0);
  std::filesystem::remove(trial / core::kAttemptsFile);
  EXPECT_EQ(run_train(command_for(trial, stub::kDevice)), 0);
  EXPECT_EQ(tests::last_attempt_event(trial, "ended").at("status"), "complete");
}

/// For ThatFails: trains the trial that the environment names, on a device that fails as it says.
TEST(StubDevice, DISABLED_InAProcessOfItsOwn) {
  stub::record().failure = std::getenv("SEGBENCH_STUB_WORDS");
  stub::record().fails_at = std::atoi(std::getenv("SEGBENCH_STUB_FAILS_AT"));
  std::atexit([] { std::_Exit(99); });  // only a process that leaves at once gets past this
  run_train(command_for(std::getenv("SEGBENCH_STUB_TRIAL"), stub::kDevice));
  std::_Exit(98);
}

TEST(StubDevice, ThatFailsLeavesOneBeginningAndOneEndWithTheReason) {
  const tests::TinyTrials trials;
  const int before = stub::record().operations;
  ASSERT_EQ(run_train(command_for(trials.add("whole", variant_of(2, 4)), stub::kDevice)), 0);
  const int all = stub::record().operations - before;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const std::vector<std::pair<std::string, std::string>> words = {{tests::kBrokenWords[0], "error"},
                                                                  {tests::kUnusableWords[4], "device"},
                                                                  {tests::kMemoryWords[0], "out_of_memory"}};
  int number = 0;
  for (const double share : {0.001, 0.4, 0.99}) {  // the network moves there; a step; the final evaluation
    const auto& [failure, reason] = words[static_cast<std::size_t>(number) % words.size()];
    const auto trial = trials.add("fails " + std::to_string(number++), variant_of(2, 4));
    ::setenv("SEGBENCH_STUB_WORDS", failure.c_str(), 1);
    ::setenv("SEGBENCH_STUB_TRIAL", trial.c_str(), 1);
    ::setenv("SEGBENCH_STUB_FAILS_AT", std::to_string(static_cast<int>(share * all)).c_str(), 1);
    const tests::ProcessResult result = tests::run_process(
        {program, "--gtest_also_run_disabled_tests", "--gtest_filter=StubDevice.DISABLED_*"}, trial);
    EXPECT_EQ(result.exit_code, 1) << failure << result.out << result.err;
    std::vector<Json> ends, begins;
    for (const Json& event : trial::read_event_log(trial / core::kAttemptsFile).events) {
      if (event.at("type") == "started") begins.push_back(event);
      if (event.at("type") == "ended") ends.push_back(event);
    }
    ASSERT_EQ(begins.size(), 1U);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].at("status"), "failed");
    EXPECT_EQ(ends[0].at("reason"), reason) << failure;
    EXPECT_EQ(ends[0].at("message"), failure.substr(0, failure.find('\n')));
  }
}

}  // namespace
}  // namespace segbench::train
