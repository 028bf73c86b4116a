// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/background.h"
#include "harness/core/counts.h"
#include "harness/metrics/image_scores.h"

namespace segbench::metrics {

/// The stored counts of one evaluation. `images` may be empty and `confusion` null where they were not
/// stored; a convention that needs them is then undefined.
struct EvaluationCounts {
  std::span<const core::ClassCounts> pooled;
  std::span<const ImageCounts> images;
  const core::Confusion* confusion = nullptr;
  core::Background background = core::kFirstClass;  ///< empty: what leaves it out is undefined
  /// What was measured of the probabilities, by key (core/measures.h); null where nothing was.
  const std::map<std::string, std::optional<double>>* measures = nullptr;
};

/// What predictions a convention is made for; of others its number would mean something else.
enum class Domain {
  kAny,
  kWithBackground,  ///< class 0 is the background
  kBinary,          ///< class 0 is the background and class 1 the only other class
};

/// One way in which a toolkit or paper turns the same predictions into one number.
struct Convention {
  std::string_view name;
  std::string_view meaning;  ///< one sentence
  std::string_view source;   ///< who computes it so
  std::optional<double> (*score)(const EvaluationCounts&);
  Domain domain = Domain::kAny;
};

/// Whether a convention says anything of a data set with so many classes.
bool applies(const Convention& convention, std::size_t num_classes, bool has_background = true);
/// "data with a background class", "two classes, background and one other"; "" for kAny.
std::string_view describe(Domain domain);

/// nullptr when there is none of this name.
const Convention* find_convention(std::string_view name);

/// All conventions, those of pooled counts first. Every one is better when higher.
std::span<const Convention> conventions();

}  // namespace segbench::metrics
