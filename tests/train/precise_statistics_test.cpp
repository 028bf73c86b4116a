// SPDX-License-Identifier: MIT
#include "harness/train/precise_statistics.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/train/batches.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/setup.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

namespace segbench::tests {
namespace {

using core::Json;
using torch::Tensor;

core::VariantConfig precise_variant(const std::string& select = "best") {
  core::VariantConfig variant = tiny_variant();
  variant.training.batch_norm_statistics = "precise";
  variant.training.select = select;
  return variant;
}

/// A network of one batch normalisation.
std::shared_ptr<architectures::Network> one_layer() {
  architectures::Graph graph({.channels = 3, .height = 32, .width = 40});
  graph.append("norm", architectures::BatchNorm{}, {graph.input()});
  return architectures::make_network(graph, 1);
}

TEST(PreciseStatistics, AreTheMomentsOfAllImagesWhateverTheBatch) {
  const TinyTrials trials;
  const auto parts =
      train::build_trial(trials.spec(), trials.add("one"), torch::kCPU, train::memory_format_on(torch::kCPU));
  const std::vector<std::int64_t> samples = trials.spec().splits.train;  // 13
  std::vector<Tensor> images;
  for (const std::int64_t index : samples) {
    const auto bytes = parts->cache.image(index);
    images.push_back(torch::from_blob(const_cast<std::uint8_t*>(bytes.data()), {32 * 40, 3}, torch::kByte)
                         .to(torch::kDouble) /
                     255);
  }
  const auto [variance, mean] = torch::var_mean(torch::cat(images), std::vector<std::int64_t>{0}, true);
  for (const std::int64_t batch_size : {1, 4, 13, 50}) {
    const auto network = one_layer();
    train::BatchLoader loader(parts->cache, parts->augmentations,
                              {.batch_size = batch_size,
                               .normalisation = core::normalisation("unit_range", 3),
                               .device = torch::kCPU});
    std::int64_t calls = 0;
    train::compute_precise_statistics(*network, loader, samples, batch_size,
                                      [&](std::int64_t, std::int64_t) { ++calls; });
    EXPECT_EQ(calls, (13 + batch_size - 1) / batch_size);
    const auto buffers = network->named_buffers();
    ASSERT_EQ(buffers.size(), 2U);
    EXPECT_TRUE(torch::allclose(buffers[0].value().to(torch::kDouble), mean, 1e-5, 1e-7));
    EXPECT_TRUE(torch::allclose(buffers[1].value().to(torch::kDouble), variance, 1e-5, 1e-7));
    EXPECT_TRUE(network->is_training());
  }
}

TEST(PreciseStatistics, AreLeftAloneWhenStopped) {
  struct Stop {};
  const TinyTrials trials;
  const auto parts =
      train::build_trial(trials.spec(), trials.add("one"), torch::kCPU, train::memory_format_on(torch::kCPU));
  const auto before = parts->network->named_buffers();
  std::vector<Tensor> copies;
  for (const auto& item : before) copies.push_back(item.value().clone());
  const auto stop_late = [](std::int64_t batch, std::int64_t) {
    if (batch == 2) throw Stop{};
  };
  EXPECT_THROW(train::compute_precise_statistics(*parts->network, *parts->loader, trials.spec().splits.train,
                                                 4, stop_late),
               Stop);
  for (std::size_t i = 0; i < copies.size(); ++i) EXPECT_TRUE(torch::equal(before[i].value(), copies[i]));
  EXPECT_TRUE(parts->network->is_training());
}

TEST(PreciseStatistics, ChangeEvaluationsButNoTraining) {
  const TinyTrials trials;
  const auto moving = trials.add("moving", tiny_variant());
  ASSERT_EQ(train(moving).exit_code, 0);
  const auto of_type = [](const std::filesystem::path& trial, const std::string& type, const char* key) {
    std::vector<Json> values;
    for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
      if (event.at("type") == type) values.push_back(event.at(key));
    }
    return values;
  };
  for (const char* select : {"best", "last"}) {
    const auto trial = trials.add(select, precise_variant(select));
    const ProcessResult result = train(trial);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(of_type(trial, "epoch", "loss"), of_type(moving, "epoch", "loss"));
    EXPECT_NE(of_type(trial, "evaluation", "loss"), of_type(moving, "evaluation", "loss"));
    const Json finished = event_of(trial, "finished");
    EXPECT_EQ(finished.at("weights_sha256"), event_of(moving, "finished").at("weights_sha256"));
    EXPECT_NE(finished.at("selected_weights_sha256"), finished.at("weights_sha256"));
    // Few steps of a momentum of 0.99: moving statistics cannot follow, precise ones do.
    EXPECT_LT(of_type(trial, "evaluation", "loss").back().get<double>(),
              of_type(moving, "evaluation", "loss").back().get<double>());
  }
}

TEST(PreciseStatistics, GoOnAfterAStopAsIfNothingHadHappened) {
  const TinyTrials trials;
  core::VariantConfig variant = precise_variant();
  variant.training.epochs = 12;
  const auto alone = trials.add("alone", variant), stopped = trials.add("stopped", variant);
  ASSERT_EQ(train(alone).exit_code, 0);
  int stops = 0;
  for (int round = 0; round < 40; ++round) {
    Process worker(train_command(stopped), stopped);
    const auto log = stopped / core::kAttemptsFile;
    const auto count = [&] { return trial::read_event_log(log).events.size(); };
    const std::size_t before = count();
    for (int i = 0; i < 4000 && worker.running() && count() == before; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + 17 * (round % 7)));
    if (round < 8 && worker.running()) worker.signal(SIGTERM);
    const int code = worker.wait().exit_code;
    if (code == 0) break;
    ASSERT_EQ(code, 128 + SIGTERM);
    ++stops;
  }
  EXPECT_GE(stops, 1);
  EXPECT_EQ(computed_events(stopped), computed_events(alone));
  EXPECT_EQ(core::read_file(stopped / core::kWeightsFile), core::read_file(alone / core::kWeightsFile));
}

}  // namespace
}  // namespace segbench::tests
