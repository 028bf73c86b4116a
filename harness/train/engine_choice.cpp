// SPDX-License-Identifier: MIT
#include "harness/train/engine_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "architectures/torch/engine.h"
#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/optional_json.h"
#include "harness/core/stopwatch.h"
#include "harness/train/prediction.h"

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

/// Does something with a candidate; what goes wrong is its problem.
void try_on(Candidate& candidate, const std::function<void()>& work) {
  try {
    work();
  } catch (const c10::Error& error) {
    candidate.tried.problem = architectures::cause_of(error.what_without_backtrace());
  } catch (const std::runtime_error& error) {  // ours, or of TorchScript's interpreter
    candidate.tried.problem = architectures::cause_of(error.what());
  }
}

/// Executes it, and compares what it says with `expected`.
void try_candidate(Candidate& candidate, double max_error, const Tensor& images, const Tensor& expected) {
  const Tensor found = candidate.network->forward(images);
  candidate.tried.error = error_of(found, expected);
  candidate.tried.labels_differ =
      (Prediction(found).labels() != Prediction(expected).labels()).sum().item<std::int64_t>();
  if (!(candidate.tried.error <= max_error)) {
    candidate.tried.problem = fmt::format(
        "its logits differ from those of eager by {:.2g} of the largest "
        "(evaluation.engine_max_error: {:g})",
        candidate.tried.error, max_error);
  }
}

/// Eager, which is right by definition, and those that may take its place.
std::vector<Candidate> candidates_for(const std::shared_ptr<Network>& network,
                                      const core::EvaluationConfig& config, const Tensor& images,
                                      const std::vector<Guest>& guests) {
  const auto is_wanted = [&](const std::string& name) {
    return config.engine == kAuto || config.engine == name;
  };
  std::vector<Candidate> candidates = {
      {.network = network, .tried = {.name = architectures::name_of(Execution::kEager)}}};
  for (const Execution execution : {Execution::kPlan, Execution::kScript}) {
    if (!is_wanted(architectures::name_of(execution))) continue;
    Candidate& candidate = candidates.emplace_back(
        Candidate{.network = {}, .tried = {.name = architectures::name_of(execution)}});
    try_on(candidate, [&] {
      candidate.network =
          architectures::executed_as(network, {.execution = execution,
                                               .device = images.device(),
                                               .memory_format = images.suggest_memory_format()});
    });
  }
  for (const Guest& guest : guests) {
    if (is_wanted(guest.name))
      candidates.push_back({.network = guest.network, .tried = {.name = guest.name}});
  }
  return candidates;
}

void time_in_rounds(std::vector<Candidate>& candidates, const Tensor& images) {
  const auto start = Clock::now();
  for (int round = 0; round < kRounds && (round < 2 || core::seconds_since(start) < kLongestSeconds);
       ++round) {
    for (Candidate& candidate : candidates) {
      if (!candidate.tried.problem.empty()) continue;
      const auto begin = Clock::now();
      try_on(candidate, [&] { candidate.network->forward(images); });
      if (images.is_cuda()) torch::cuda::synchronize(images.device().index());
      if (round > 0) candidate.seconds.push_back(core::seconds_since(begin));  // the first one warms up
    }
  }
  for (Candidate& candidate : candidates) {
    if (candidate.seconds.empty() || !candidate.tried.problem.empty()) continue;
    const auto middle = candidate.seconds.begin() + static_cast<std::ptrdiff_t>(candidate.seconds.size() / 2);
    std::nth_element(candidate.seconds.begin(), middle, candidate.seconds.end());
    candidate.tried.seconds = *middle;
  }
}

}  // namespace

EngineChoice choose_engine(const std::shared_ptr<Network>& network, const core::EvaluationConfig& config,
                           const Tensor& images, const std::vector<Guest>& guests) {
  const std::int64_t pixels = images.size(0) * images.size(2) * images.size(3);
  EngineChoice choice{
      .network = network, .engine = architectures::name_of(Execution::kEager), .pixels = pixels};
  if (config.engine == choice.engine) return choice;
  const torch::NoGradGuard no_grad;
  const bool was_training = network->is_training();
  network->eval();
  const Tensor expected = network->forward(images);
  std::vector<Candidate> candidates = candidates_for(network, config, images, guests);
  if (config.engine != kAuto && candidates.size() == 1)
    throw core::UserError(fmt::format("unknown engine \"{}\"", config.engine));
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    Candidate& candidate = candidates[i];
    if (candidate.tried.problem.empty())
      try_on(candidate, [&] { try_candidate(candidate, config.engine_max_error, images, expected); });
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
    throw core::UserError(
        fmt::format("the engine \"{}\" cannot be used here: {}", config.engine, chosen->tried.problem));
  choice = {.network = chosen->network,
            .engine = chosen->tried.name,
            .error = chosen->tried.error,
            .labels_differ = chosen->tried.labels_differ,
            .pixels = pixels};
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
