// SPDX-License-Identifier: MIT
#include "harness/augmentations/augmentation.h"

#include "harness/core/part.h"

namespace segbench::augmentations {

Augmentations make_augmentations(const std::vector<core::PartChoice>& choices) {
  Augmentations augmentations;
  for (const core::PartChoice& choice : choices) {
    const core::PartSpec& spec =
        core::PartRegistry::instance().get(core::PartKind::kAugmentation, choice.name);
    augmentations.push_back(
        AugmentationFactory::instance().make(choice.name, core::with_defaults(spec, choice.params)));
  }
  return augmentations;
}

void augment(const Augmentations& augmentations, const Sample& sample, std::uint64_t seed,
             std::uint32_t epoch, std::int64_t index) {
  if (augmentations.empty()) return;
  core::Stream stream(seed, core::Purpose::kAugmentation, epoch, static_cast<std::uint64_t>(index));
  for (const auto& augmentation : augmentations) augmentation->apply(sample, stream);
}

}  // namespace segbench::augmentations
