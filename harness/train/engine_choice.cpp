// SPDX-License-Identifier: MIT
#include "harness/train/engine_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "architectures/torch/engine.h"
#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/optional_json.h"
#include "harness/core/stopwatch.h"

namespace segbench::train {
namespace {

using architectures::Execution;
using architectures::Network;
using torch::Tensor;
using Clock = std::chrono::steady_clock;

constexpr const char* kAuto = "auto";
constexpr int kRounds = 7;
constexpr double kLongestSeconds = 10;

struct Candidate {
  std::shared_ptr<Network> network;
  TriedEngine tried;
  std::vector<double> seconds = {};
};

/// Largest difference as a fraction of the largest value, or of 1; infinite where it is no number.
double error_of(const Tensor& found, const Tensor& expected) {
  const double distance = (found - expected).abs().max().item<double>();
  if (!std::isfinite(distance)) return std::numeric_limits<double>::infinity();
  return distance / std::max(1.0, expected.abs().max().item<double>());
}

/// Executes it, and compares what it says with `expected`.
Candidate try_engine(const std::shared_ptr<Network>& network, Execution execution, double max_error,
                     const Tensor& images, const Tensor& expected) {
  Candidate candidate{.network = nullptr, .tried = {.name = architectures::name_of(execution)}};
  try {
    candidate.network = architectures::executed_as(
        network,
        {.execution = execution, .device = images.device(), .memory_format = images.suggest_memory_format()});
    candidate.tried.error = error_of(candidate.network->forward(images), expected);
    if (!(candidate.tried.error <= max_error)) {
      candidate.tried.problem =
          fmt::format("its logits differ from those of eager by {:.2g} of the largest (allowed: {:g})",
                      candidate.tried.error, max_error);
    }
  } catch (const c10::Error& error) {
    candidate.tried.problem = architectures::cause_of(error.what_without_backtrace());
  } catch (const std::runtime_error& error) {  // ours, or of TorchScript's interpreter
    candidate.tried.problem = architectures::cause_of(error.what());
  }
  return candidate;
}

void time_in_rounds(std::vector<Candidate>& candidates, const Tensor& images) {
  const auto start = Clock::now();
  for (int round = 0; round < kRounds && (round < 2 || core::seconds_since(start) < kLongestSeconds);
       ++round) {
    for (Candidate& candidate : candidates) {
      if (!candidate.tried.problem.empty()) continue;
      const auto begin = Clock::now();
      candidate.network->forward(images);
      if (images.is_cuda()) torch::cuda::synchronize(images.device().index());
      if (round > 0) candidate.seconds.push_back(core::seconds_since(begin));  // the first one warms up
    }
  }
  for (Candidate& candidate : candidates) {
    if (candidate.seconds.empty()) continue;
    const auto middle = candidate.seconds.begin() + static_cast<std::ptrdiff_t>(candidate.seconds.size() / 2);
    std::nth_element(candidate.seconds.begin(), middle, candidate.seconds.end());
    candidate.tried.seconds = *middle;
  }
}

}  // namespace

EngineChoice choose_engine(const std::shared_ptr<Network>& network, const core::EvaluationConfig& config,
                           const Tensor& images) {
  EngineChoice choice{.network = network, .engine = architectures::name_of(Execution::kEager)};
  if (config.engine == choice.engine) return choice;
  const torch::NoGradGuard no_grad;
  const bool was_training = network->is_training();
  network->eval();
  const Tensor expected = network->forward(images);
  std::vector<Candidate> candidates = {{.network = network, .tried = {.name = choice.engine}}};
  for (const Execution execution : {Execution::kPlan, Execution::kScript}) {
    if (config.engine == kAuto || config.engine == architectures::name_of(execution))
      candidates.push_back(try_engine(network, execution, config.engine_max_error, images, expected));
  }
  const Candidate* chosen = &candidates.back();
  if (config.engine == kAuto) {
    time_in_rounds(candidates, images);
    chosen = &*std::min_element(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      constexpr double kNever = std::numeric_limits<double>::infinity();
      return a.tried.seconds.value_or(kNever) < b.tried.seconds.value_or(kNever);
    });
  }
  network->train(was_training);
  if (!chosen->tried.problem.empty())
    throw core::UserError(fmt::format("evaluation.engine = \"{}\" cannot be used here: {}", config.engine,
                                      chosen->tried.problem));
  choice = {.network = chosen->network, .engine = chosen->tried.name, .error = chosen->tried.error};
  for (const Candidate& candidate : candidates) choice.tried.push_back(candidate.tried);
  return choice;
}

core::Json to_json(const std::vector<EngineChoice>& choices) {
  core::Json engines = core::Json::array(), errors = engines, tried = engines;
  for (const EngineChoice& choice : choices) {
    engines.push_back(choice.engine);
    errors.push_back(choice.error);
    core::Json& of_network = tried.emplace_back(core::Json::array());
    for (const TriedEngine& one : choice.tried) {
      of_network.push_back({{"engine", one.name},
                            {"seconds", core::or_null(one.seconds)},
                            {"error", std::isfinite(one.error) ? core::Json(one.error) : core::Json()},
                            {"problem", one.problem}});
    }
  }
  return {{"engines", engines}, {"errors", errors}, {"timing", {{"tried", tried}}}};
}

}  // namespace segbench::train
