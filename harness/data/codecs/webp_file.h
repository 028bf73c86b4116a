// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// A WebP in RGB, or RGB + alpha (not multiplied). `lossy` as the file's first chunk says (signature.h).
/// Throws core::UserError (without a file name) when it is damaged or animated.
StoredImage read_webp(Bytes bytes, bool lossy);
std::string webp_library_version();

}  // namespace segbench::data
