// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <span>

#include "harness/cli/command.h"
#include "harness/cli/prediction_files.h"
#include "harness/cli/prediction_images.h"
#include "harness/cli/run_options.h"
#include "harness/cli/submission.h"
#include "harness/cli/table.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/pixel_range.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/output_files.h"
#include "harness/data/codecs/probability_file.h"
#include "harness/data/codecs/resize.h"
#include "harness/data/codecs/tiles.h"
#include "harness/run/run_task.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"
#include "harness/run/worker.h"
#include "harness/trial/event_log.h"
#include "harness/trial/files.h"

namespace segbench::cli {
namespace {

struct PredictOptions {
  std::string trial;
  std::vector<std::string> images;
  std::string output;
  std::string device = "auto";
  bool force = false;
  bool probabilities = false;
  std::optional<double> threshold;
  std::string engine;
  bool tiles = false;
  double overlap = 0.25;
  SubmissionOptions submission;
};

/// A decoded image of the user's, as large as it came.
struct Picture {
  std::filesystem::path file;
  data::Image image;
};

/// What the network takes and gives, as its weights say.
struct NetworkInput {
  data::ImageRule rule;
  std::int64_t height = 0, width = 0;
  core::PixelRange range;
  std::vector<core::ClassInfo> classes;
  std::optional<double> threshold = {};  ///< by which the trial decides
};

NetworkInput read_network_input(const std::filesystem::path& weights, const core::TrialSpec& spec) try {
  const core::SafetensorsFile stored(weights);
  const auto found = stored.metadata().find("input");
  if (found == stored.metadata().end()) {
    throw core::UserError(fmt::format("{}: these are not the weights of a trial", weights.string()));
  }
  const core::Json json = core::Json::parse(found->second);
  NetworkInput input{.rule = data::image_rule(spec.variant.data),
                     .height = json.at("height"),
                     .width = json.at("width"),
                     .range = core::pixel_range_from_json(json),
                     .classes = {}};
  if (json.contains("threshold")) input.threshold = json.at("threshold").get<double>();
  for (const core::Json& info : json.at("classes")) {
    input.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
  }
  return input;
} catch (const core::Json::exception& error) {
  throw core::UserError(fmt::format("{}: its metadata: {}", weights.string(), error.what()));
}

constexpr std::array<const char*, 3> kPictures = {"_mask.png", "_colour.png", "_overlay.png"};
constexpr const char* kProbabilities = "_probabilities.safetensors";

/// Refuses to write over what is not ours, before anything is computed.
void check_results(const PredictOptions& options, const core::TrialSpec& spec) {
  data::OutputPlan plan{
      .files = {}, .inputs = {}, .data_root = spec.variant.data.root, .force = options.force};
  for (const std::string& file : options.images) {
    const std::filesystem::path image(file);
    plan.inputs.push_back(image);
    const std::filesystem::path begin = std::filesystem::path(options.output) / image.stem();
    for (const char* suffix : kPictures) plan.files.push_back(begin.string() + suffix);
    if (options.probabilities) plan.files.push_back(begin.string() + kProbabilities);
  }
  if (options.output.empty()) plan.files.clear();
  data::check_outputs(plan);
  check_submission(options.submission, options.force);
}

/// Every image, or one error that names all that cannot be read.
std::vector<Picture> read_pictures(const std::vector<std::string>& files, const data::ImageRule& rule) {
  std::vector<Picture> pictures;
  std::vector<core::Problem> problems;
  for (const std::string& file : files) {
    const std::filesystem::path path(file);
    try {
      pictures.push_back({path, data::decode_image(data::read_sample_file(path), rule)});
    } catch (const core::UserError& error) {
      problems.push_back({file, 0, 0, error.what()});
    }
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
  return pictures;
}

/// The parts of each picture that the network sees one by one: tiles, or the whole.
using Tiling = std::vector<std::vector<data::Tile>>;

Tiling tile(const std::vector<Picture>& pictures, const NetworkInput& input, const PredictOptions& options) {
  Tiling tiling;
  for (const Picture& picture : pictures) {
    const std::int64_t height = picture.image.height, width = picture.image.width;
    tiling.push_back(options.tiles ? data::tiles_of(height, width, input.height, input.width, options.overlap)
                                   : std::vector<data::Tile>{{0, 0, height, width}});
  }
  return tiling;
}

std::size_t write_inputs(const std::filesystem::path& file, const std::vector<Picture>& pictures,
                         const Tiling& tiling, const NetworkInput& input) {
  std::size_t written = 0;
  core::write_file_atomically(file, [&](const core::AppendBytes& append) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      for (const data::Tile& part : tiling[i]) {
        append(data::network_input(data::crop(pictures[i].image, part), input.rule, input.height, input.width,
                                   input.range.bits)
                   .bytes());
        ++written;
      }
    }
  });
  return written;
}

/// The picture in red, green and blue as the network sees it, at its own size.
data::Image colour_view(const Picture& picture, const NetworkInput& input) {
  const data::Image& image = picture.image;
  data::Image view = data::view_of(
      data::network_input(image, input.rule, image.height, image.width, input.range.bits), input.range);
  if (view.channels == 3) return view;
  data::Image colours{view.height, view.width, 3, {}};
  for (const std::uint8_t level : view.pixels) colours.pixels.insert(colours.pixels.end(), 3, level);
  return colours;
}

/// The worker's answer, of the resolution of the network.
struct Answer {
  std::vector<data::LabelMap> maps;                ///< one for each input
  std::vector<data::Probabilities> probabilities;  ///< likewise, when they are wanted
};

/// Puts the tiles of each picture together, at its own size.
Answer merged(const Answer& answer, const Tiling& tiling, const std::vector<Picture>& pictures,
              const std::optional<double>& threshold) {
  Answer whole;
  const auto all = std::span(answer.probabilities);
  for (std::size_t i = 0, first = 0; i < pictures.size(); first += tiling[i++].size()) {
    whole.probabilities.push_back(data::merge_tiles(tiling[i], all.subspan(first, tiling[i].size()),
                                                    pictures[i].image.height, pictures[i].image.width));
    whole.maps.push_back(data::decide(whole.probabilities.back(), threshold.value_or(-1)));
  }
  return whole;
}

/// The folders of the trials whose networks are asked: the trial itself, or the members of an ensemble.
std::vector<std::filesystem::path> networks_of(const std::filesystem::path& trial,
                                               const core::TrialSpec& spec) {
  std::vector<std::filesystem::path> networks;
  for (const std::string& variant : spec.variant.ensemble)
    networks.push_back(trial.parent_path() / core::trial_id(variant, spec.seed, spec.data_fingerprint));
  if (networks.empty()) networks.push_back(trial);
  for (const std::filesystem::path& network : networks) trial::checked_weights(network);
  return networks;
}

/// By which an ensemble decides: the one that it was given, or found.
std::optional<double> threshold_of(const std::filesystem::path& trial, const core::TrialSpec& spec) {
  for (const core::Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type") == "threshold") return event.at("value").get<double>();
  }
  return spec.variant.evaluation.threshold;
}

Answer ask_worker(const std::vector<std::filesystem::path>& networks, const PredictOptions& options,
                  const std::filesystem::path& scratch, std::size_t count, const NetworkInput& input) {
  const std::filesystem::path in = scratch / "in.u8", out = scratch / "out.u8", each = scratch / "out.f32";
  run::Job task{.kind = &run::worker_task(), .id = "predict", .folder = scratch, .result = out};
  task.arguments = {"predict",
                    "--weights",
                    (networks.front() / core::kWeightsFile).string(),
                    "--trial",
                    (networks.front() / core::kTrialFile).string(),
                    "--images",
                    in.string(),
                    "--out",
                    out.string()};
  for (std::size_t i = 1; i < networks.size(); ++i)
    task.arguments.insert(task.arguments.end(), {"--member", (networks[i] / core::kWeightsFile).string()});
  task.resources.device = options.device;
  const bool wants_probabilities = options.probabilities || options.tiles;
  if (wants_probabilities) task.arguments.insert(task.arguments.end(), {"--probabilities", each.string()});
  if (input.threshold)
    task.arguments.insert(task.arguments.end(), {"--threshold", fmt::format("{}", *input.threshold)});
  if (!options.engine.empty()) task.arguments.insert(task.arguments.end(), {"--engine", options.engine});
  run::run_task(task, {.program = run::find_worker()});
  const auto size = static_cast<std::size_t>(input.height * input.width);
  Answer answer;
  const core::MappedFile labels(out);
  SEGBENCH_CHECK(labels.bytes().size() == count * size, "segbench-worker wrote {} bytes for {} images of {}",
                 labels.bytes().size(), count, size);
  const auto* label = reinterpret_cast<const std::uint8_t*>(labels.bytes().data());
  for (std::size_t i = 0; i < count; ++i, label += size)
    answer.maps.push_back({input.height, input.width, {label, label + size}});
  if (!wants_probabilities) return answer;
  const core::MappedFile values(each);
  const std::size_t values_each = size * input.classes.size();
  SEGBENCH_CHECK(values.bytes().size() == count * values_each * sizeof(float),
                 "segbench-worker wrote {} bytes of probabilities for {} images", values.bytes().size(),
                 count);
  const auto* value = reinterpret_cast<const float*>(values.bytes().data());
  for (std::size_t i = 0; i < count; ++i, value += values_each) {
    data::Probabilities one{.height = input.height, .width = input.width, .classes = {}, .values = {}};
    for (const core::ClassInfo& info : input.classes) one.classes.push_back(info.name);
    one.values.assign(value, value + values_each);
    answer.probabilities.push_back(std::move(one));
  }
  return answer;
}

void write_results(const std::vector<Picture>& pictures, const Answer& answer, const NetworkInput& input,
                   const PredictOptions& options, const Context& context) {
  const std::vector<core::ClassInfo>& classes = input.classes;
  const std::filesystem::path output = options.output;
  Table table;
  table.columns = {{"image"}, number_column("height", 0), number_column("width", 0), {"classes"}};
  if (!output.empty()) table.columns.insert(table.columns.end(), {{"mask"}, {"colour"}, {"overlay"}});
  SubmissionWriter submission(options.submission, classes);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const data::Image& image = pictures[i].image;
    const data::LabelMap labels = data::resize_nearest(answer.maps[i], image.height, image.width);
    const std::string stem = pictures[i].file.stem();
    submission.add(pictures[i].file, labels);
    table.rows.push_back(
        {pictures[i].file.string(), image.height, image.width, describe_shares(labels, classes)});
    if (output.empty()) continue;
    const auto write = [&](const char* suffix, const data::Image& picture) {
      const std::filesystem::path file = output / (stem + suffix);
      data::write_png(file, picture);
      table.rows.back().push_back(file.string());
    };
    const data::Image colours = colour_labels(labels, classes);
    if (options.probabilities) {
      data::write_probabilities(output / (stem + kProbabilities),
                                data::resize_nearest(answer.probabilities[i], image.height, image.width));
    }
    write(kPictures[0], index_image(labels));
    write(kPictures[1], colours);
    write(kPictures[2], overlay(colour_view(pictures[i], input), colours));
  }
  submission.write();
  fmt::print("{}", render(table, context.format));
}

void predict(PredictOptions options, const Context& context) {
  const std::filesystem::path trial = run::find_trial(context.runs, options.trial);
  const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
  const std::vector<std::filesystem::path> networks = networks_of(trial, spec);
  options.images = prediction_files(options.images);
  check_results(options, spec);
  NetworkInput input = read_network_input(networks.front() / core::kWeightsFile, spec);
  if (networks.size() > 1) {
    input.threshold = threshold_of(trial, spec);
    if (options.engine.empty()) options.engine = spec.variant.evaluation.engine;
  }
  if (options.threshold) input.threshold = options.threshold;
  require_class(options.submission, input.classes);
  const std::vector<Picture> pictures = read_pictures(options.images, input.rule);
  const Tiling tiling = tile(pictures, input, options);
  const run::ScratchFolder scratch(options.output.empty() ? run::temporary_folder()
                                                          : std::filesystem::path(options.output));
  const std::size_t inputs = write_inputs(scratch.path() / "in.u8", pictures, tiling, input);
  Answer answer = ask_worker(networks, options, scratch.path(), inputs, input);
  if (options.tiles) answer = merged(answer, tiling, pictures, input.threshold);
  write_results(pictures, answer, input, options, context);
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
