// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// A JPEG in RGB, [H, W, 3]; grey is expanded, CMYK and YCCK (as Adobe writes them, inverted) are converted
/// by R = C K / 255. Throws core::UserError (without a file name) when the file is damaged: libjpeg fills
/// what it cannot decode with grey and only warns, which we take for an error. Harmless warnings are bytes
/// between segments and unusual version numbers.
Image read_jpeg(Bytes bytes);
std::string jpeg_library_version();

}  // namespace segbench::data
