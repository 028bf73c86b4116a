// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/engine_options.h"
#include "harness/cli/interrupts.h"
#include "harness/cli/prediction_files.h"
#include "harness/cli/prediction_flow.h"
#include "harness/cli/prediction_network.h"
#include "harness/cli/prediction_results.h"
#include "harness/cli/prediction_session.h"
#include "harness/cli/run_options.h"
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"

namespace segbench::cli {
namespace {

/// That a picture keeps until its masks are written, besides what the network sees.
std::size_t bytes_per_pixel(const core::TrialSpec& spec, const NetworkInput& input, bool probabilities) {
  constexpr std::size_t kOfMasks = 10;
  return kOfMasks + 2 * static_cast<std::size_t>(spec.variant.data.channels) +
         (probabilities ? 2 * sizeof(float) * input.classes.size() : 0);
}

void require_engine(const std::string& name, const std::vector<profile::EngineProgram>& programs) {
  std::vector<std::string> names = {"auto"};
  for (const profile::EngineProgram& program : programs) names.push_back(program.name);
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  throw core::UserError(fmt::format("--engine: unknown engine \"{}\"{}; known: {}", name,
                                    core::did_you_mean(name, names), fmt::join(names, ", ")));
}

/// Predicts all images; returns what is wrong with those that could not be read. Nothing but masks is left.
std::vector<core::Problem> predict_all(const PredictOptions& options, PredictionTask task,
                                       const NetworkInput& input, FlowLimits limits,
                                       const std::function<void(Written)>& take) {
  Interrupts interrupts;  // from here on Ctrl-C is a request: what is being written is written
  const run::ScratchFolder scratch(options.output.empty() ? run::temporary_folder()
                                                          : std::filesystem::path(options.output));
  task.scratch = scratch.path();
  task.programs = profile::known_engines(scratch.path() / "engines", own_engines(options.engine_commands));
  require_engine(options.engine, task.programs);
  task.interrupted = interrupts.asked();
  const auto overlap = options.tiles ? std::optional(options.overlap) : std::nullopt;
  return unless_interrupted(interrupts, [&] {
    PredictionSession session(task, input);
    return predict_files(
        options.images,
        {.read = [&](const std::string& file) { return read_picture(file, input, overlap); },
         .ask = [&](auto inputs, std::size_t count) { return session.ask(inputs, count); },
         .write = [&](const Picture& picture,
                      const Answer& answer) { return write_results(picture, answer, input, options); },
         .take = take,
         .interrupted = task.interrupted},
        limits);
  });
}

void predict(PredictOptions options, const Context& context) {
  const std::filesystem::path trial = run::find_trial(context.runs, options.trial);
  const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
  const std::vector<std::filesystem::path> networks = networks_of(trial, spec);
  options.images = prediction_files(options.images);
  check_results(options, spec);
  NetworkInput input = read_network_input(networks.front() / core::kWeightsFile, spec);
  if (networks.size() > 1) input.threshold = threshold_of_ensemble(trial, spec);
  if (options.threshold) input.threshold = options.threshold;
  Table table = results_table(options);
  SubmissionWriter submission(options.submission, input.classes);
  require_images(options.images, input);
  PredictionTask task{.networks = networks,
                      .scratch = {},
                      .device = options.device,
                      .engine = options.engine,
                      .evaluation_engine = networks.size() > 1 ? spec.variant.evaluation.engine : "",
                      .probabilities = options.probabilities || options.tiles,
                      .interrupted = {}};
  const FlowLimits limits{.batch = options.batch,
                          .bytes_per_pixel = bytes_per_pixel(spec, input, task.probabilities),
                          .threads = static_cast<std::size_t>(std::clamp(core::usable_cpus(), 2, 16))};
  const std::vector<core::Problem> problems =
      predict_all(options, std::move(task), input, limits, [&](Written written) {
        submission.add(written.file, written.labels);
        table.rows.push_back(std::move(written.row));
      });
  if (problems.empty()) submission.write();
  fmt::print("{}", render(table, context.format));
  std::fflush(stdout);
  if (!problems.empty()) throw core::UserError(problems);
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  const auto options = std::make_shared<PredictOptions>();
  CLI::App* command = app.add_subcommand("predict", "Segment images with the network of a trial");
  command->add_option("TRIAL", options->trial, "The trial's id (a unique beginning) or folder")->required();
  command
      ->add_option("IMAGE", options->images,
                   "Images of any size, folders of images, or lists of images (.txt, one a line), such as "
                   "the frames of a video")
      ->required();
  command->add_option("--output,-o", options->output, "Folder for the masks, created when absent");
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
      ->check(check_device)
      ->capture_default_str();
  command->add_flag("--probabilities", options->probabilities,
                    "Also write the probability of each class: NAME_probabilities.safetensors");
  command
      ->add_option("--threshold", options->threshold,
                   "For two classes: the second one where its probability is above this (default: as the "
                   "trial's evaluation decides)")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option(
      "--engine", options->engine,
      "What executes the network: one of `segbench profile --engines`, or auto, the fastest right one of all "
      "that are there (default: as the trial's evaluation was)");
  add_engine_command(*command, options->engine_commands);
  command->add_option("--batch", options->batch, "Images that the network sees at once")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_flag("--tiles", options->tiles,
                    "Cut images into overlapping tiles of the network's size instead of resizing them");
  command
      ->add_option("--overlap", options->overlap,
                   "Least overlap of neighbouring tiles, as a fraction of a side")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  add_submission_options(*command, options->submission);
  command->add_flag("--force", options->force, "Replace earlier predictions");
  command->footer(
      "Each image is prepared as the trial's data were (channels, range, orientation, size), and its\n"
      "mask brought back to the image's size; with --tiles it is seen piece by piece at its own size.\n"
      "Inputs, the study's data and files that predict did not write are never overwritten.\n"
      "Of cat.jpg come cat_mask.png (class indices), cat_colour.png (the classes' colours) and\n"
      "cat_overlay.png; with --probabilities also cat_probabilities.safetensors: float32 [classes,\n"
      "height, width].\n\n"
      "Examples:\n"
      "  segbench predict 3f2a street.jpg --output masks\n"
      "  segbench predict runs/camvid/trials/3f2a9c0d11223344 *.png -o masks --format json\n"
      "  segbench predict 3f2a scan.png -o masks --threshold 0.3 --probabilities\n"
      "  segbench predict 3f2a aerial.tif -o masks --tiles --overlap 0.5\n"
      "  segbench predict 3f2a test/images --submission submission.csv\n"
      "  segbench predict 3f2a frames.txt -o video --engine auto");
  command->callback([options, &context] {
    if (options->output.empty() && options->submission.file.empty())
      throw CLI::RequiredError("--output or --submission");
    predict(*options, context);
  });
}

}  // namespace segbench::cli
