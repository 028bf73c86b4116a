// SPDX-License-Identifier: MIT
#include <torch/torch.h>

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/streams.h"
#include "harness/core/version.h"
#include "harness/core/worker_protocol.h"
#include "harness/train/arguments.h"
#include "harness/train/blas.h"
#include "harness/train/device.h"
#include "harness/train/environment.h"
#include "harness/train/failure.h"
#include "harness/train/predict.h"
#include "harness/train/probe.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/stop_signal.h"
#include "harness/train/train_command.h"

namespace segbench::train {
namespace {

constexpr const char* kHelp =
    "Trains one trial of a study, predicts with its weights, or says where it would run. `segbench run` "
    "starts it.\n"
    "\n"
    "  segbench-worker train TRIAL_JSON [--device D] [--threads N] [--checkpoint-seconds S]\n"
    "                                   [--checkpoint-steps N] [--progress-fd FD] [--keep-predictions K]\n"
    "  segbench-worker predict --weights FILE --images FILE --out FILE [--trial TRIAL_JSON] [--device D] "
    "[--threads N]\n"
    "                          [--probabilities FILE] [--threshold T]\n"
    "  segbench-worker probe JSON\n"
    "  segbench-worker environment [--device D] [--threads N]\n"
    "  segbench-worker --help | --version\n"
    "\n"
    "  JSON                    variant, height, width, classes, train (samples): tries a network from a "
    "file\n"
    "  --device D              auto (the first GPU when there is one), cpu, cuda or cuda:N; default auto\n"
    "  --threads N             threads of each operation; default 0: as many as there are usable CPUs; a "
    "trial that is\n"
    "                          taken up again keeps the number that it began with\n"
    "  --checkpoint-seconds S  least time between two checkpoints; default 60; 0: one after every epoch\n"
    "  --checkpoint-steps N    one after every N steps and every epoch instead; default 0: off\n"
    "  --progress-fd FD        writes lines of progress to this descriptor, and stops when the parent "
    "process ends\n"
    "  --keep-predictions K    test images whose predictions are kept for the report; default {}\n"
    "  --weights FILE          weights.safetensors of a trial\n"
    "  --images FILE           raw bytes [N, H, W, C], RGB, at the resolution of the trial\n"
    "  --out FILE              raw bytes [N, H, W]: the predicted class of each pixel\n"
    "  --probabilities FILE    raw float32 [N, classes, H, W]: the probability of each class\n"
    "  --threshold T           class 1 where its probability is above T, for two classes; default: the most "
    "probable class\n"
    "\n"
    "Exit codes: 0 done; 1 the trial failed (why: attempts.jsonl); 2 unusable arguments or files; 70 "
    "internal error;\n"
    "128 + n stopped by signal n.\n"
    "\n"
    "Example: segbench-worker train runs/my-study/trials/0123456789abcdef/trial.json --device cpu --threads "
    "2\n";

/// Applies the runtime settings, those of `kept` where they are known, and returns what is recorded of them.
core::Json set_up(const Arguments& arguments, torch::Device device, const core::Json& allocator,
                  const KeptSettings& kept = {}) {
  const int asked = arguments.integer("--threads", 0, 0);
  const int threads = set_threads(kept.threads > 0 ? kept.threads : asked);
  prefer_determinism();
  return environment(device, threads, allocator,
                     memory_format_of(kept.memory_format, memory_format_on(device)));
}

int train(const std::vector<std::string>& words, const core::Json& allocator) {
  const Arguments arguments(words, {"--device", "--threads", "--checkpoint-seconds", "--checkpoint-steps",
                                    "--progress-fd", "--keep-predictions"});
  if (arguments.words().size() != 1) {
    throw core::UserError(
        fmt::format("train needs one trial.json, but {} files are given", arguments.words().size()));
  }
  TrainCommand command;
  command.trial_file = arguments.words()[0];
  command.options.device = resolve_device(arguments.text("--device").value_or("auto"));
  command.options.checkpoint_seconds = arguments.number("--checkpoint-seconds", 60, 0);
  command.options.checkpoint_steps = arguments.integer("--checkpoint-steps", 0, 0);
  command.options.keep_predictions = arguments.integer("--keep-predictions", core::kKeptPredictions, 0);
  command.progress_descriptor = arguments.integer("--progress-fd", -1, 0);
  watch_stop_signals();
  if (command.progress_descriptor >= 0) stop_with_parent();
  command.environment = set_up(arguments, command.options.device, allocator,
                               kept_settings(std::filesystem::absolute(command.trial_file).parent_path()));
  command.options.kept = {.threads = command.environment.at("threads"),
                          .memory_format = command.environment.at("memory_format")};
  if (const auto warning = warning_about(loaded_blas())) command.warnings.push_back(*warning);
  return run_train(command);
}

int predict(const std::vector<std::string>& words, const core::Json& allocator) {
  const Arguments arguments(words, {"--weights", "--images", "--out", "--trial", "--device", "--threads",
                                    "--probabilities", "--threshold"});
  PredictCommand command;
  command.weights = arguments.required("--weights");
  command.images = arguments.required("--images");
  command.out = arguments.required("--out");
  command.trial_file = arguments.text("--trial").value_or("");
  command.probabilities = arguments.text("--probabilities").value_or("");
  if (arguments.text("--threshold")) command.threshold = arguments.number("--threshold", 0.5, 0);
  command.device = resolve_device(arguments.text("--device").value_or("auto"));
  set_up(arguments, command.device, allocator);
  run_predict(command);
  return core::kSuccess;
}

int print_environment(const std::vector<std::string>& words, const core::Json& allocator) {
  const Arguments arguments(words, {"--device", "--threads"});
  const torch::Device device = resolve_device(arguments.text("--device").value_or("auto"));
  fmt::print("{}\n", set_up(arguments, device, allocator).dump(2));
  return core::kSuccess;
}

int probe(const std::vector<std::string>& words) {
  const Arguments arguments(words, {});
  if (arguments.words().size() != 1)
    throw core::UserError(
        fmt::format("probe: expected one argument, a JSON object, but got {}", arguments.words().size()));
  set_threads(0);
  const core::Json request = core::Json::parse(arguments.words()[0], nullptr, /*allow_exceptions=*/false);
  fmt::print("{}\n", run_probe(request).dump());
  return core::kSuccess;
}

int run(const std::vector<std::string>& words, const core::Json& allocator) {
  const std::string command = words.empty() ? "" : words[0];
  const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
  for (const std::string& word : words) {
    if (word != "--help" && word != "-h") continue;
    fmt::print(fmt::runtime(kHelp), core::kKeptPredictions);
    return core::kSuccess;
  }
  if (command == "--version") {
    fmt::print("segbench-worker {}, LibTorch {}\n", core::kVersion, TORCH_VERSION);
    return core::kSuccess;
  }
  if (command == "train") return train(rest, allocator);
  if (command == "predict") return predict(rest, allocator);
  if (command == "probe") return probe(rest);
  if (command == "environment") return print_environment(rest, allocator);
  throw core::UserError(fmt::format(
      "unknown command \"{}\"; commands: train, predict, probe, environment, --help, --version", command));
}

}  // namespace
}  // namespace segbench::train

int main(int argc, char** argv) {
  using namespace segbench;
  core::guard_streams();  // a full disk under worker.log does not end a training
  const core::Json allocator = train::keep_freed_memory();
  try {
    return train::run({argv + 1, argv + argc}, allocator);
  } catch (const core::UserError& error) {
    fmt::print(stderr, "segbench-worker: {}\n", error.what());
    return error.exit_code();
  } catch (...) {
    const train::Ending ending = train::ending_of(std::current_exception());
    fmt::print(stderr, "segbench-worker: {}\n", ending.message);
    return ending.exit_code;
  }
}
