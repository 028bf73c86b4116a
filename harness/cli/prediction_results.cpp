// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_results.h"

#include <array>

#include "harness/cli/prediction_images.h"
#include "harness/data/codecs/output_files.h"
#include "harness/data/codecs/probability_file.h"
#include "harness/data/codecs/resize.h"

namespace segbench::cli {
namespace {

constexpr std::array<const char*, 3> kPictures = {"_mask.png", "_colour.png", "_overlay.png"};
constexpr const char* kProbabilities = "_probabilities.safetensors";

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

}  // namespace

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

Table results_table(const PredictOptions& options) {
  Table table;
  table.columns = {{"image"}, number_column("height", 0), number_column("width", 0), {"classes"}};
  if (!options.output.empty()) table.columns.insert(table.columns.end(), {{"mask"}, {"colour"}, {"overlay"}});
  return table;
}

Written write_results(const Picture& picture, const Answer& answer, const NetworkInput& input,
                      const PredictOptions& options) {
  const data::Image& image = picture.image;
  const std::vector<core::ClassInfo>& classes = input.classes;
  const Answer whole = options.tiles ? merged(answer, picture, input.threshold) : answer;
  Written written{.file = picture.file,
                  .row = {picture.file.string(), image.height, image.width},
                  .labels = data::resize_nearest(whole.maps.front(), image.height, image.width)};
  written.row.push_back(describe_shares(written.labels, classes));
  if (options.output.empty()) return written;
  const std::filesystem::path output = options.output;
  const std::string stem = picture.file.stem();
  const auto write = [&](const char* suffix, const data::Image& shown) {
    const std::filesystem::path file = output / (stem + suffix);
    data::write_png(file, shown);
    written.row.push_back(file.string());
  };
  if (options.probabilities) {
    data::write_probabilities(output / (stem + kProbabilities),
                              data::resize_nearest(whole.probabilities.front(), image.height, image.width));
  }
  const data::Image colours = colour_labels(written.labels, classes);
  write(kPictures[0], index_image(written.labels));
  write(kPictures[1], colours);
  write(kPictures[2], overlay(colour_view(picture, input), colours));
  return written;
}

}  // namespace segbench::cli
