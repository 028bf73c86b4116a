// SPDX-License-Identifier: MIT
#include "harness/augmentations/augmentation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/core/part.h"

namespace segbench::augmentations {
namespace {

/// Composes a map with the geometry so far, with every view of it where that is open.
void add(const Affine& map, Drawn& drawn) {
  drawn.geometry = compose(drawn.geometry, map);
  for (Affine& view : drawn.views) view = compose(view, map);
}

/// Where two parts leave it open, a view of the one goes with a view of the other.
void add(const Views& views, Drawn& drawn) {
  const std::vector<Affine> before =
      drawn.views.empty() ? std::vector<Affine>{drawn.geometry} : std::move(drawn.views);
  drawn.views.clear();
  for (std::size_t i = 0; i < std::max(before.size(), views.maps.size()); ++i)
    drawn.views.push_back(compose(before[i % before.size()], views.maps[i % views.maps.size()]));
}

}  // namespace

Augmentations make_augmentations(const std::vector<core::PartChoice>& choices) {
  Augmentations augmentations;
  std::map<std::string, int> counts;
  for (const core::PartChoice& choice : choices) {
    const core::PartSpec& spec =
        core::PartRegistry::instance().get(core::PartKind::kAugmentation, choice.name);
    const int count = ++counts[choice.name];
    augmentations.push_back(
        {.part = *AugmentationFactory::instance().make(choice.name, core::with_defaults(spec, choice.params)),
         .stream = count == 1 ? choice.name : fmt::format("{} {}", choice.name, count)});
  }
  return augmentations;
}

Drawn draw(const Augmentations& augmentations, const Extent& extent, std::uint64_t seed, std::uint32_t epoch,
           std::int64_t index, std::uint32_t repeat) {
  Drawn drawn;
  for (const Step& step : augmentations) {
    const std::string name = repeat == 0 ? step.stream : fmt::format("{} repeat {}", step.stream, repeat);
    core::Stream stream(seed, core::Purpose::kAugmentation, name, epoch, static_cast<std::uint64_t>(index));
    if (!stream.coin(step.part.probability)) continue;
    const Effect effect = step.part.draw(stream, extent);
    if (const auto* map = std::get_if<Affine>(&effect))
      add(*map, drawn);
    else if (const auto* views = std::get_if<Views>(&effect))
      add(*views, drawn);
    else if (const auto* elastic = std::get_if<Elastic>(&effect))
      drawn.elastic.push_back(*elastic);
    else if (const auto* mix = std::get_if<Mix>(&effect))
      drawn.mixes.push_back(*mix);
    else
      drawn.values.push_back(std::get<ValueEffect>(effect));
  }
  return drawn;
}

}  // namespace segbench::augmentations
