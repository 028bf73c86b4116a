// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/mask_file.h"

namespace segbench::data {

/// "255 (1200 pixels), 254 (3 pixels) and 12 more", the most frequent first; colours as "#800000".
std::string list_values(const MaskValues& values, std::size_t limit = 6);

/// What stored values that belong to no class look like, and the setting that mends it: a binary mask stored
/// as 0/255 or 0/65535, labels that start at 1, a void value, a palette turned to grey, colours. "" when
/// nothing fits. `seen` are all values of the masks, known and unknown, `unknown` those that belong to no
/// class.
std::string mask_hint(const MaskValues& seen, const MaskValues& unknown, const LabelCoding& coding);

}  // namespace segbench::data
