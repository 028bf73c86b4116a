// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/core/factory.h"
#include "harness/core/random.h"
#include "harness/core/variant.h"

// Random changes of training samples. A part draws numbers (here); what they do to a sample is computed
// elsewhere, for bytes (effects/sample.h) or tensors (torch/batch.h).

namespace segbench::augmentations {

/// Draws one effect, from all of the stream that it needs.
using Draw = std::function<Effect(core::Stream&, const Extent&)>;

/// What a part does with its parameters.
struct Augmentation {
  double probability = 1;  ///< that a sample is changed
  Draw draw;
};

using AugmentationFactory = core::Factory<Augmentation, core::Json>;

/// One of a list: what it does, and the name of the stream that it draws from.
struct Step {
  Augmentation part;
  std::string stream;  ///< the part's name, "NAME 2" where it stands in the list for the second time
};
using Augmentations = std::vector<Step>;

/// Builds them in the order given; absent parameters take their default. Throws core::UserError for an
/// unknown name.
Augmentations make_augmentations(const std::vector<core::PartChoice>& choices);

/// What happens to sample `index` in an epoch, each part drawing from its own stream (seed, kAugmentation,
/// name, epoch, index), first whether it does anything: what a part draws depends on nothing else, neither on
/// the variant nor on the parts beside it, so variants of one seed see the same images. `repeat` counts how
/// often the sample came in this epoch before; each time it is another one.
Drawn draw(const Augmentations& augmentations, const Extent& extent, std::uint64_t seed, std::uint32_t epoch,
           std::int64_t index, std::uint32_t repeat = 0);

}  // namespace segbench::augmentations
