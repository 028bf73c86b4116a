// SPDX-License-Identifier: MIT
#include <c10/core/DeviceGuard.h>
#include <torch/torch.h>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "harness/conformance/check.h"
#include "harness/core/error.h"
#include "harness/core/streams.h"
#include "harness/core/version.h"
#include "harness/engines/serve.h"
#include "harness/train/accelerator.h"
#include "harness/train/bare_loop.h"
#include "harness/train/blas.h"
#include "harness/train/ceilings.h"
#include "harness/train/command_line.h"
#include "harness/train/device.h"
#include "harness/train/engine_command.h"
#include "harness/train/environment.h"
#include "harness/train/failure.h"
#include "harness/train/predict.h"
#include "harness/train/predict_service.h"
#include "harness/train/probe.h"
#include "harness/train/replicas.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/stop_signal.h"
#include "harness/train/train_command.h"

namespace segbench::train {
namespace {

/// Applies the runtime settings, those of `kept` where they are known, and returns what is recorded of them.
core::Json set_up(const Means& means, torch::Device device, const core::Json& allocator,
                  const KeptSettings& kept = {}, const std::string& precision = "float32") {
  const int threads = set_threads(kept.threads > 0 ? kept.threads : means.threads);
  prefer_determinism();
  core::Json facts = environment(device, threads, allocator,
                                 memory_format_of(kept.memory_format, memory_format_on(device, precision)));
  facts["precision"] = precision;
  return facts;
}

int run(const Notice& notice, const core::Json&) {
  fmt::print("{}", notice.text);
  return core::kSuccess;
}

int run(const TrainWords& words, const core::Json& allocator) {
  TrainCommand command;
  command.trial_file = words.trial_file;
  command.options.device = resolve_device(words.means.device);
  command.options.checkpoint_seconds = words.checkpoint_seconds;
  command.options.checkpoint_steps = words.checkpoint_steps;
  command.options.keep_predictions = words.keep_predictions;
  command.options.film_strip = words.film_strip;
  command.options.pause_after = words.pause_after;
  command.options.keep_weights = keep_weights_from(words.keep_weights, words.keep_weights_in);
  command.progress_descriptor = words.progress_descriptor;
  watch_stop_signals();
  if (command.progress_descriptor >= 0) stop_with_parent();
  command.options.levers = levers_without(words.without);
  KeptSettings kept = kept_settings(std::filesystem::absolute(command.trial_file).parent_path());
  if (!command.options.levers.channels_last && kept.memory_format.empty())
    kept.memory_format = name_of(torch::MemoryFormat::Contiguous);
  command.environment = set_up(words.means, command.options.device, allocator, kept,
                               core::read_trial_spec(command.trial_file).variant.training.precision);
  if (!command.options.device.is_cpu()) command.environment["levers"] = to_json(command.options.levers);
  command.options.kept = {.threads = command.environment.at("threads"),
                          .memory_format = command.environment.at("memory_format")};
  if (const auto warning = warning_about(loaded_blas())) command.warnings.push_back(*warning);
  return run_train(command);
}

int run(const ReplicaWords& words, const core::Json& allocator) {
  follow_parent();
  const torch::Device device = resolve_device(words.means.device);
  set_up(words.means, device, allocator);
  try {
    const c10::DeviceGuard on_device(device);
    run_replica({.trial_file = words.trial_file,
                 .threads = words.means.threads,
                 .memory_format = words.memory_format,
                 .device = device,
                 .levers = levers_without(words.without)},
                words.memory, words.rank);
  } catch (...) {
    const trial::Ending ending = ending_of(std::current_exception());
    fmt::print(stderr, "segbench-worker: process {}: {}\n", words.rank + 1, ending.message);
    leave(exit_code_of(ending));
  }
  return core::kSuccess;
}

PredictorSettings settings_of(const PredictorWords& words, torch::Device device) {
  return {.weights = words.weights,
          .members = words.members,
          .trial_file = words.trial_file,
          .threshold = words.threshold,
          .engine = words.engine,
          .device = device};
}

int run(const PredictWords& words, const core::Json& allocator) {
  const torch::Device device = resolve_device(words.by.means.device);
  set_up(words.by.means, device, allocator);
  run_predict({.by = settings_of(words.by, device),
               .images = words.images,
               .out = words.out,
               .probabilities = words.probabilities});
  return core::kSuccess;
}

int run(const PredictorWords& words, const core::Json& allocator) {
  const auto load = [&] {
    const torch::Device device = resolve_device(words.means.device);
    set_up(words.means, device, allocator);
    return Predictor(settings_of(words, device));
  };
  engines::on_standard_streams(
      [&](std::istream& in, std::ostream& out) { serve_predictions(load, in, out); });
  return core::kSuccess;
}

int run(const EnvironmentWords& words, const core::Json& allocator) {
  const DeviceChoice choice = choose_device(words.means.device, Accelerator(), core::read_gpus());
  core::Json facts = set_up(words.means, choice.device, allocator);
  facts["gpu_problem"] = choice.problem;  // why a GPU that is there is not used
  facts["levers"] = to_json(Levers());    // that a GPU can do with or without
  fmt::print("{}\n", facts.dump(2));
  return core::kSuccess;
}

int run(const ProbeWords& words, const core::Json&) {
  set_threads(0);
  const core::Json request = core::Json::parse(words.request, nullptr, /*allow_exceptions=*/false);
  fmt::print("{}\n", run_probe(request).dump());
  return core::kSuccess;
}

int run(const EngineWords& words, const core::Json&) {
  run_engine(words.name);
  return core::kSuccess;
}

int run(const CeilingsWords& words, const core::Json&) {
  set_threads(words.means.threads);
  fmt::print("{}\n", measure_ceilings(resolve_device(words.means.device)).dump());
  return core::kSuccess;
}

int run(const ConformanceWords& words, const core::Json& allocator) {
  const torch::Device device = resolve_device(words.means.device);
  set_up(words.means, device, allocator);
  const core::Json found =
      conformance::check_device({.device = device,
                                 .only = words.only,
                                 .share = words.share,
                                 .shares = words.shares,
                                 .tell = [](const std::string& line) { fmt::print(stderr, "{}\n", line); }});
  fmt::print("{}\n", found.dump(1));
  return found.at("failures").empty() ? core::kSuccess : core::kTrialFailed;
}

int run(const BareWords& words, const core::Json& allocator) {
  const torch::Device device = resolve_device(words.means.device);
  const core::TrialSpec spec = core::read_trial_spec(words.trial_file);
  const std::string& precision = spec.variant.training.precision;
  set_up(words.means, device, allocator, {}, precision);
  const c10::DeviceGuard on_device(device);  // pinned memory belongs to a device
  BareLoop loop(spec, std::filesystem::absolute(words.trial_file).parent_path(), device,
                memory_format_on(device, precision));
  fmt::print("{}\n", loop.measure(words.epochs).dump());
  return core::kSuccess;
}

int run_command_line(const std::vector<std::string>& words, const core::Json& allocator) {
  const std::string version = fmt::format("segbench-worker {}, LibTorch {}", core::kVersion, TORCH_VERSION);
  return std::visit([&](const auto& command) { return run(command, allocator); },
                    read_command_line(words, version));
}

}  // namespace
}  // namespace segbench::train

int main(int argc, char** argv) {
  using namespace segbench;
  ::setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", /*overwrite=*/0);  // number n is the driver's number n
  core::guard_streams();  // a full disk under worker.log does not end a training
  const core::Json allocator = train::keep_freed_memory();
  try {
    return train::run_command_line({argv + 1, argv + argc}, allocator);
  } catch (const core::UserError& error) {
    fmt::print(stderr, "segbench-worker: {}\n", error.what());
    return error.exit_code();
  } catch (...) {
    const trial::Ending ending = train::ending_of(std::current_exception());
    fmt::print(stderr, "segbench-worker: {}\n", ending.message);
    return ending.exit_code;
  }
}
