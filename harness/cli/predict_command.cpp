// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <set>

#include "harness/cli/command.h"
#include "harness/cli/prediction_images.h"
#include "harness/cli/run_options.h"
#include "harness/cli/runs_folder.h"
#include "harness/cli/scratch_folder.h"
#include "harness/cli/table.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/core/trial_files.h"
#include "harness/data/image_file.h"
#include "harness/data/resize.h"
#include "harness/run/child.h"
#include "harness/run/worker.h"

namespace segbench::cli {
namespace {

struct PredictOptions {
  std::string trial;
  std::vector<std::string> images;
  std::string output;
  std::string device = "auto";
};

/// A decoded image of the user's, as large as it came.
struct Picture {
  std::filesystem::path file;
  data::Image image;
};

/// Every image, or one error that names all that cannot be read.
std::vector<Picture> read_pictures(const std::vector<std::string>& files) {
  std::vector<Picture> pictures;
  std::vector<core::Problem> problems;
  std::set<std::string> stems;
  for (const std::string& file : files) {
    const std::filesystem::path path(file);
    if (!stems.insert(path.stem().string()).second) {
      problems.push_back({file, 0, 0,
                          fmt::format("another image is called \"{}\", too: their results would have one "
                                      "name",
                                      path.stem().string())});
      continue;
    }
    try {
      pictures.push_back({path, data::to_8_bits(data::decode_image(data::read_sample_file(path)))});
    } catch (const core::UserError& error) {
      problems.push_back({file, 0, 0, error.what()});
    }
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
  return pictures;
}

void write_inputs(const std::filesystem::path& file, const std::vector<Picture>& pictures,
                  const core::CacheManifest& cache) {
  core::write_file_atomically(file, [&](const core::AppendBytes& append) {
    for (const Picture& picture : pictures) {
      const data::Image input = data::with_channels(
          data::resize_bilinear(picture.image, cache.height, cache.width), cache.channels);
      append(std::as_bytes(std::span(input.pixels)));
    }
  });
}

/// The worker's answer: one label map of the cache's size for each picture.
std::vector<data::LabelMap> predict_labels(const std::filesystem::path& trial, const PredictOptions& options,
                                           const std::filesystem::path& scratch, std::size_t count,
                                           const core::CacheManifest& cache) {
  const std::filesystem::path in = scratch / "in.u8", out = scratch / "out.u8";
  const run::CommandResult result =
      run::run_command({run::find_worker().string(), "predict", "--weights",
                        (trial / core::kWeightsFile).string(), "--trial", (trial / core::kTrialFile).string(),
                        "--images", in.string(), "--out", out.string(), "--device", options.device});
  if (result.code != core::kSuccess) {
    throw core::UserError(std::string(core::trim(result.err)),
                          result.code == core::kUsage ? core::kUsage : core::kTrialFailed);
  }
  const std::string bytes = core::read_file(out);
  const auto size = static_cast<std::size_t>(cache.height * cache.width);
  SEGBENCH_CHECK(bytes.size() == count * size, "segbench-worker wrote {} bytes for {} images of {}",
                 bytes.size(), count, size);
  std::vector<data::LabelMap> maps;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(i * size);
    maps.push_back({cache.height, cache.width, {begin, begin + static_cast<std::ptrdiff_t>(size)}});
  }
  return maps;
}

void write_results(const std::vector<Picture>& pictures, const std::vector<data::LabelMap>& maps,
                   const std::vector<core::ClassInfo>& classes, const PredictOptions& options,
                   const Context& context) {
  const std::filesystem::path output = options.output;
  Table table;
  table.columns = {{"image"}, {"height", 0, true}, {"width", 0, true}, {"classes"},
                   {"mask"},  {"colour"},          {"overlay"}};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const data::Image& image = pictures[i].image;
    const data::LabelMap labels = data::resize_nearest(maps[i], image.height, image.width);
    const std::string stem = pictures[i].file.stem();
    const auto write = [&](const char* suffix, const data::Image& picture) {
      const std::filesystem::path file = output / (stem + suffix);
      data::write_png(file, picture);
      return file.string();
    };
    const data::Image colours = colour_labels(labels, classes);
    table.rows.push_back({pictures[i].file.string(), image.height, image.width,
                          describe_shares(labels, classes), write("_mask.png", index_image(labels)),
                          write("_colour.png", colours), write("_overlay.png", overlay(image, colours))});
  }
  fmt::print("{}", render(table, context.format));
}

void predict(const PredictOptions& options, const Context& context) {
  const std::filesystem::path trial = find_trial(context, options.trial);
  core::checked_weights(trial);
  const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
  const core::CacheManifest cache = core::read_input_of(trial, spec);
  const std::vector<Picture> pictures = read_pictures(options.images);
  const ScratchFolder scratch(options.output);
  write_inputs(scratch.path() / "in.u8", pictures, cache);
  const auto maps = predict_labels(trial, options, scratch.path(), pictures.size(), cache);
  write_results(pictures, maps, cache.classes, options, context);
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  const auto options = std::make_shared<PredictOptions>();
  CLI::App* command = app.add_subcommand("predict", "Segment images with the network of a trial");
  command->add_option("TRIAL", options->trial, "The trial's id (a unique beginning) or folder")->required();
  command
      ->add_option("IMAGE", options->images,
                   "Images of any size; PNG, JPEG, GIF and what the data readers know")
      ->required();
  command->add_option("--output,-o", options->output, "Folder for the masks, created when absent")
      ->required();
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
      ->check(check_device)
      ->capture_default_str();
  command->footer(
      "Each image is resized as the trial's data were, and its mask back to the image's size. Of cat.jpg "
      "come\n"
      "cat_mask.png (class indices), cat_colour.png (the classes' colours) and cat_overlay.png.\n\n"
      "Examples:\n"
      "  segbench predict 3f2a street.jpg --output masks\n"
      "  segbench predict runs/camvid/trials/3f2a9c0d11223344 *.png -o masks --format json");
  command->callback([options, &context] { predict(*options, context); });
}

}  // namespace segbench::cli
