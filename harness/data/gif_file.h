// SPDX-License-Identifier: MIT
#pragma once

#include "harness/data/image.h"

namespace segbench::data {

/// The first frame of a GIF through its palette, [H, W, 3], on the whole canvas: what the frame leaves free
/// has the file's background colour (black without a global palette). Transparency is dropped, as the alpha
/// of other formats is: a transparent pixel has the colour of its palette entry. Interlaced files are put in
/// order. Throws core::UserError (without a file name) when the file is damaged or cut off.
Image read_gif(Bytes bytes);

}  // namespace segbench::data
