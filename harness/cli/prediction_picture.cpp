// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_picture.h"

#include <functional>

#include "harness/core/error.h"
#include "harness/core/parallel.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/signature.h"

namespace segbench::cli {
namespace {

/// What `look` says of the files, in their order.
std::vector<core::Problem> problems_of(const std::vector<std::string>& files,
                                       const std::function<void(const std::string&)>& look) {
  std::vector<std::string> messages(files.size());
  core::in_parallel(files.size(), [&](std::size_t i) {
    try {
      look(files[i]);
    } catch (const core::UserError& error) {
      messages[i] = error.what();
    }
  });
  std::vector<core::Problem> problems;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!messages[i].empty()) problems.push_back({files[i], 0, 0, messages[i]});
  }
  return problems;
}

}  // namespace

Picture read_picture(const std::string& file, const NetworkInput& input, std::optional<double> overlap) {
  Picture picture{.file = file,
                  .image = data::decode_image(data::read_sample_file(file), input.rule),
                  .parts = {},
                  .inputs = {}};
  const std::int64_t height = picture.image.height, width = picture.image.width;
  picture.parts = overlap ? data::tiles_of(height, width, input.height, input.width, *overlap)
                          : std::vector<data::Tile>{{0, 0, height, width}};
  for (const data::Tile& part : picture.parts) {
    const data::Image seen = data::network_input(data::crop(picture.image, part), input.rule, input.height,
                                                 input.width, input.range.bits);
    picture.inputs.insert(picture.inputs.end(), seen.bytes().begin(), seen.bytes().end());
  }
  return picture;
}

void require_images(const std::vector<std::string>& files, const NetworkInput& input) {
  if (problems_of(files, [](const std::string& file) {
        data::examine(data::read_sample_file(file));
      }).empty())
    return;
  throw core::UserError(problems_of(
      files, [&](const std::string& file) { data::decode_image(data::read_sample_file(file), input.rule); }));
}

Answer merged(const Answer& answer, const Picture& picture, const std::optional<double>& threshold) {
  Answer whole;
  whole.probabilities.push_back(
      data::merge_tiles(picture.parts, answer.probabilities, picture.image.height, picture.image.width));
  whole.maps.push_back(data::decide(whole.probabilities.back(), threshold.value_or(-1)));
  return whole;
}

}  // namespace segbench::cli
