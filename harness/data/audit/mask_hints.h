// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/core/background.h"
#include "harness/data/codecs/mask_file.h"

namespace segbench::data {

/// "255 (1200 pixels), 254 (3 pixels) and 12 more", the most frequent first; colours as "#800000".
std::string list_values(const MaskValues& values, std::size_t limit = 6);

/// The distinct values and colours that one mask stores.
struct StoredKinds {
  std::set<int> values;
  std::set<Rgb> colours;
};

/// True for a mask whose drawing lies in its alpha channel: the other channels are the same everywhere.
bool lies_in_alpha(const StoredImage& stored);

/// Why masks hold what belongs to no class, and the setting that mends it.
struct MaskHint {
  std::string cause;               ///< "" when nothing is known
  std::vector<std::string> lines;  ///< of [data], to paste; empty when no setting fits all masks
};

/// A hint is found by trying: a setting is proposed only when every value of every mask then has a meaning.
/// `masks` are all masks of the data set, those that fit too. Where a mask's values can be read in two ways
/// (0 or the last value being void), what `background` says decides. Mixtures are told as such.
MaskHint mask_hint(const std::vector<StoredKinds>& masks, const LabelCoding& coding,
                   const core::Background& background);

/// "set mask_values = [0, 255]"; several lines stand below each other. "" when there are none.
std::string remedy_of(const MaskHint& hint);

}  // namespace segbench::data
