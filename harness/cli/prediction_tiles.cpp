// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_tiles.h"

#include <span>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/data/codecs/image_file.h"

namespace segbench::cli {
namespace {

constexpr std::size_t kPortionBytes = std::size_t{1} << 30;

Picture read_picture(const std::string& file, const data::ImageRule& rule) {
  return {file, data::decode_image(data::read_sample_file(file), rule)};
}

}  // namespace

std::vector<Portion> portions_of(const std::vector<std::string>& files, const data::ImageRule& rule,
                                 std::size_t bytes_per_pixel) {
  std::vector<Portion> portions;
  std::vector<core::Problem> problems;
  std::size_t bytes = 0;
  for (const std::string& file : files) {
    try {
      const data::Image image = read_picture(file, rule).image;
      const auto needed = static_cast<std::size_t>(image.height * image.width) * bytes_per_pixel;
      bytes += needed;
      if (portions.empty() || bytes > kPortionBytes) portions.emplace_back(), bytes = needed;
      portions.back().push_back(file);
    } catch (const core::UserError& error) {
      problems.push_back({file, 0, 0, error.what()});
    }
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
  return portions;
}

std::vector<Picture> read_pictures(const Portion& files, const data::ImageRule& rule) {
  std::vector<Picture> pictures;
  for (const std::string& file : files) pictures.push_back(read_picture(file, rule));
  return pictures;
}

Tiling tile(const std::vector<Picture>& pictures, const NetworkInput& input, std::optional<double> overlap) {
  Tiling tiling;
  for (const Picture& picture : pictures) {
    const std::int64_t height = picture.image.height, width = picture.image.width;
    tiling.push_back(overlap ? data::tiles_of(height, width, input.height, input.width, *overlap)
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

}  // namespace segbench::cli
