// SPDX-License-Identifier: MIT
#pragma once

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// The orientation, 1 to 8, that an EXIF block states (the body of a TIFF file, behind "Exif\0\0" if that is
/// there); 1 when it states none or is damaged.
int orientation_of_exif(Bytes exif);
/// Of the EXIF block of a JPEG (segment APP1), a PNG (chunk eXIf) and a WebP (chunk EXIF); 1 when there is
/// none.
int orientation_of_jpeg(Bytes file);
int orientation_of_png(Bytes file);
int orientation_of_webp(Bytes file);

}  // namespace segbench::data
