// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/prediction_files.h"
#include "harness/cli/prediction_network.h"
#include "harness/cli/prediction_results.h"
#include "harness/cli/prediction_tiles.h"
#include "harness/cli/prediction_worker.h"
#include "harness/cli/run_options.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"

namespace segbench::cli {
namespace {

/// That a picture keeps until its masks are written.
std::size_t bytes_per_pixel(const core::TrialSpec& spec, const NetworkInput& input, bool probabilities) {
  constexpr std::size_t kOfMasks = 10;
  return kOfMasks + 2 * static_cast<std::size_t>(spec.variant.data.channels) +
         (probabilities ? 2 * sizeof(float) * input.classes.size() : 0);
}

void predict(PredictOptions options, const Context& context) {
  const std::filesystem::path trial = run::find_trial(context.runs, options.trial);
  const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
  const std::vector<std::filesystem::path> networks = networks_of(trial, spec);
  options.images = prediction_files(options.images);
  check_results(options, spec);
  NetworkInput input = read_network_input(networks.front() / core::kWeightsFile, spec);
  if (networks.size() > 1) {
    input.threshold = threshold_of_ensemble(trial, spec);
    if (options.engine.empty()) options.engine = spec.variant.evaluation.engine;
  }
  if (options.threshold) input.threshold = options.threshold;
  require_class(options.submission, input.classes);
  Table table = results_table(options);
  SubmissionWriter submission(options.submission, input.classes);
  const bool wants_probabilities = options.probabilities || options.tiles;
  const auto overlap = options.tiles ? std::optional(options.overlap) : std::nullopt;
  const std::vector<Portion> portions =
      portions_of(options.images, input.rule, bytes_per_pixel(spec, input, wants_probabilities));
  const run::ScratchFolder scratch(options.output.empty() ? run::temporary_folder()
                                                          : std::filesystem::path(options.output));
  for (const Portion& portion : portions) {
    const std::vector<Picture> pictures = read_pictures(portion, input.rule);
    const Tiling tiling = tile(pictures, input, overlap);
    const std::size_t count = write_inputs(scratch.path() / kWorkerInput, pictures, tiling, input);
    Answer answer = ask_worker({.networks = networks,
                                .scratch = scratch.path(),
                                .count = count,
                                .device = options.device,
                                .engine = options.engine,
                                .probabilities = wants_probabilities},
                               input);
    if (options.tiles) answer = merged(answer, tiling, pictures, input.threshold);
    write_results(pictures, answer, input, options, table, submission);
  }
  submission.write();
  fmt::print("{}", render(table, context.format));
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
  command
      ->add_option("--engine", options->engine,
                   "How the network is executed: eager, plan, torchscript, or auto, the fastest of them "
                   "(default: as the trial's evaluation was)")
      ->check(CLI::IsMember({"eager", "plan", "torchscript", "auto"}));
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
      "Each image is prepared as the trial's data were (channels, range, orientation, size), and its mask "
      "brought back\n"
      "to the image's size; with --tiles it is seen piece by piece at its own size. Inputs, the study's data "
      "and files that predict did not write are never "
      "overwritten.\n"
      "Of cat.jpg "
      "come\n"
      "cat_mask.png (class indices), cat_colour.png (the classes' colours) and cat_overlay.png;\n"
      "with --probabilities also cat_probabilities.safetensors: float32 [classes, height, width].\n\n"
      "Examples:\n"
      "  segbench predict 3f2a street.jpg --output masks\n"
      "  segbench predict runs/camvid/trials/3f2a9c0d11223344 *.png -o masks --format json\n"
      "  segbench predict 3f2a scan.png -o masks --threshold 0.3 --probabilities\n"
      "  segbench predict 3f2a aerial.tif -o masks --tiles --overlap 0.5\n"
      "  segbench predict 3f2a test/images --submission submission.csv\n"
      "  segbench predict 3f2a frames.txt -o video");
  command->callback([options, &context] {
    if (options->output.empty() && options->submission.file.empty())
      throw CLI::RequiredError("--output or --submission");
    predict(*options, context);
  });
}

}  // namespace segbench::cli
