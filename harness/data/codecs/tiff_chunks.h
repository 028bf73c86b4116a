// SPDX-License-Identifier: MIT
#pragma once

#include "harness/data/codecs/stored_image.h"
#include "harness/data/codecs/tiff_session.h"

namespace segbench::data {

/// Reads all strips or tiles of the current directory into `stored`, whose size, channels and bits are set.
/// Throws core::UserError when one cannot be read whole.
void read_tiff_chunks(TiffSession& session, StoredImage& stored);

}  // namespace segbench::data
