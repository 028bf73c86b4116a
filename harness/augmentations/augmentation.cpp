// SPDX-License-Identifier: MIT
#include "harness/augmentations/augmentation.h"

#include <fmt/format.h>

#include <map>

#include "harness/core/part.h"

namespace segbench::augmentations {

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
           std::int64_t index) {
  Drawn drawn;
  for (const Step& step : augmentations) {
    core::Stream stream(seed, core::Purpose::kAugmentation, step.stream, epoch,
                        static_cast<std::uint64_t>(index));
    if (!stream.coin(step.part.probability)) continue;
    const Effect effect = step.part.draw(stream, extent);
    if (const auto* map = std::get_if<Affine>(&effect))
      drawn.geometry = compose(drawn.geometry, *map);
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
