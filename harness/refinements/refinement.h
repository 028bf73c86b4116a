// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/core/factory.h"
#include "harness/core/part.h"
#include "harness/core/variant.h"

namespace segbench::refinements {

/// An image as people see it: levels [height * width, channels], of 1 (grey) or 3 (red, green, blue)
/// channels.
struct Scene {
  std::int64_t height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> levels;
};

/// What is done to the probabilities of an image after its network, without being trained.
class Refinement {
 public:
  virtual ~Refinement() = default;
  /// `probabilities` [height * width, classes] sum to 1 at every pixel, before and after. A pure function of
  /// its arguments, the same with any number of threads; several threads may call it at once.
  virtual void apply(std::span<float> probabilities, const Scene& scene) const = 0;
};

using RefinementFactory = core::Factory<Refinement, core::Json>;

/// Registers description and implementation at program start; one file holds both.
struct Registration {
  Registration(core::PartSpec spec, RefinementFactory::Make make);
};

/// In the order in which they are applied.
std::vector<std::unique_ptr<Refinement>> make_refinements(const std::vector<core::PartChoice>& choices);

}  // namespace segbench::refinements
