// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/shapes_scene.h"

namespace segbench::data {
namespace {

constexpr std::int64_t kNativeSide = 64;

constexpr std::array<const char*, 3> kSplits = {"train", "selection", "test"};

Catalogue read_shapes(const core::DataConfig& config) {
  const core::Json& params = config.params;
  const std::uint64_t seed = params.at("data_seed");
  const std::int64_t difficulty = std::llround(params.at("difficulty").get<double>() * 256);
  // Absent from variants that were stored before there was a cue.
  const std::int64_t cue = std::llround(params.at("colour_cue").get<double>() * 256);
  const std::int64_t deviation = std::llround(params.at("noise").get<double>() * 255 * 256);

  struct Place {
    std::uint32_t split;
    std::uint64_t index;
  };
  CatalogueBuilder builder;
  std::map<std::string, Place> place_of;
  for (const std::string& chosen :
       builder.choose_splits(config, {kSplits.begin(), kSplits.end()}, "the built-in ones")) {
    std::uint32_t split = 0;
    while (chosen != kSplits.at(split)) ++split;
    const std::uint64_t images = params.at(chosen + "_images");
    for (std::uint64_t i = 0; i < images; ++i) {
      const std::string id = fmt::format("{}/{:06}", chosen, i);
      builder.add(chosen, {id, "", ""});
      place_of[id] = {split, i};
    }
  }
  Catalogue catalogue = std::move(builder).build();
  set_kind_classes(config.kind, catalogue);
  catalogue.native_size = {kNativeSide, kNativeSide};
  std::vector<Place> places;
  for (const Sample& sample : catalogue.samples) places.push_back(place_of.at(sample.id));
  catalogue.render = [=](std::size_t index, std::int64_t height, std::int64_t width) {
    const Place& place = places.at(index);
    DecodedSample sample =
        render_scene(draw_scene(seed, place.split, place.index, difficulty, cue), height, width);
    add_noise(sample.image, deviation, seed, place.split, place.index);
    return sample;
  };
  return catalogue;
}

const KindRegistration shapes_reader{"shapes", read_shapes};

}  // namespace
}  // namespace segbench::data
