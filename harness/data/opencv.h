// SPDX-License-Identifier: MIT
#pragma once

#include <opencv2/core.hpp>

#include "harness/data/image.h"
#include "harness/data/signature.h"

namespace segbench::data {

/// cv::imdecode without its messages; cv::Exception and empty results become core::UserError.
cv::Mat decode_with_opencv(Bytes bytes, FileFormat format, int flags);

}  // namespace segbench::data
