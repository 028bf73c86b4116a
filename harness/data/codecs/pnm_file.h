// SPDX-License-Identifier: MIT
#pragma once

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// A Netpbm file (https://netpbm.sourceforge.net/doc/): P1 to P6, text or binary, and PAM (P7), with any
/// maxval. Throws core::UserError (without a file name) when it is damaged, cut off or holds values above its
/// maxval.
StoredImage read_pnm(Bytes bytes);

}  // namespace segbench::data
