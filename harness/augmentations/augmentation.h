// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/core/factory.h"
#include "harness/core/random.h"
#include "harness/core/variant.h"

// Random changes of training samples. They link no heavy library, so description and implementation share a
// file.

namespace segbench::augmentations {

/// A decoded sample that is changed in place.
struct Sample {
  std::span<std::uint8_t> image;   ///< [height, width, channels]
  std::span<std::uint8_t> labels;  ///< [height, width]
  std::int64_t height = 0, width = 0;
  std::int64_t channels = 0;  ///< bytes of a pixel: a 16-bit sample counts two
};

class Augmentation {
 public:
  virtual ~Augmentation() = default;
  /// Draws all that is random from `stream`, and the same number of draws whatever comes out of them.
  virtual void apply(const Sample& sample, core::Stream& stream) const = 0;
};

using AugmentationFactory = core::Factory<Augmentation, core::Json>;

/// One of a list: what it does, and the name of the stream that it draws from.
struct Step {
  std::unique_ptr<Augmentation> part;
  std::string stream;  ///< the part's name, "NAME 2" where it stands in the list for the second time
};
using Augmentations = std::vector<Step>;

/// Builds them in the order given; absent parameters take their default. Throws core::UserError for an
/// unknown name.
Augmentations make_augmentations(const std::vector<core::PartChoice>& choices);

/// Applies all of them in turn to sample `index`, each from its own stream (seed, kAugmentation, name, epoch,
/// index): what a part does to a sample depends on nothing else, neither on the variant nor on the parts
/// beside it, so variants of one seed see the same images.
void augment(const Augmentations& augmentations, const Sample& sample, std::uint64_t seed,
             std::uint32_t epoch, std::int64_t index);

}  // namespace segbench::augmentations
