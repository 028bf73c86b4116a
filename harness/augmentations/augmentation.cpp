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
        {.part = AugmentationFactory::instance().make(choice.name, core::with_defaults(spec, choice.params)),
         .stream = count == 1 ? choice.name : fmt::format("{} {}", choice.name, count)});
  }
  return augmentations;
}

void augment(const Augmentations& augmentations, const Sample& sample, std::uint64_t seed,
             std::uint32_t epoch, std::int64_t index) {
  for (const Step& step : augmentations) {
    core::Stream stream(seed, core::Purpose::kAugmentation, step.stream, epoch,
                        static_cast<std::uint64_t>(index));
    step.part->apply(sample, stream);
  }
}

}  // namespace segbench::augmentations
