// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// The first frame of a GIF: palette indices [H, W] on the whole canvas. What the frame leaves free has the
/// file's background colour (black without a global palette), for which the palette gets an entry more where
/// it has none. Transparency is dropped, as the alpha of other formats is. Interlaced files are put in order.
/// Throws core::UserError (without a file name) when the file is damaged or cut off.
StoredImage read_gif(Bytes bytes);
std::string gif_library_version();

}  // namespace segbench::data
