// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/augmentations/augmentation.h"
#include "harness/core/part.h"

namespace segbench::augmentations {

/// What a part's effect may be: declared as the trait "effect", and held to it by the conformance tests.
enum class EffectKind {
  kPermutation,  ///< moves pixels of a square image and changes none ("permutation")
  kGeometry,     ///< moves pixels, image and mask alike ("geometry")
  kValues,       ///< changes the image and leaves the mask ("values")
  kErasing,      ///< takes parts out of the image, and of the mask where asked to ("erasing")
  kMixing,       ///< pastes parts of another sample, image and mask alike ("mixing")
  kChoice,    ///< moves pixels as geometry does, to the place of several that the labels ask for ("choice")
  kSampling,  ///< changes no sample, but which ones are drawn ("sampling")
};

/// All about an augmentation, which needs no heavy library: one file holds it.
struct Part {
  std::string name;
  std::string summary;  ///< one line
  std::string source = {};
  EffectKind effect = EffectKind::kValues;
  bool needs_colour = false;                 ///< for images of three channels only
  double probability = 0.5;                  ///< default of the parameter that every part has
  std::vector<core::ParamSpec> params = {};  ///< the others
  /// What draws, of the resolved parameters.
  std::function<Draw(const core::Json&)> make;
};

/// Registers description and implementation at program start:
/// `const Registration registered{{.name = …}};` in an anonymous namespace.
struct Registration {
  explicit Registration(Part part);
};

/// Two numbers between which one is drawn, as a parameter [low, high].
struct Range {
  double low = 0, high = 0;
  Range(const core::Json& params, const std::string& name);
  /// Uniform.
  double draw(core::Stream& stream) const { return stream.uniform(low, high); }
};
/// The description of such a parameter; both ends lie in [minimum, maximum].
core::ParamSpec range_param(const std::string& name, double low, double high, const std::string& help,
                            double minimum, double maximum);

}  // namespace segbench::augmentations
