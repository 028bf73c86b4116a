// SPDX-License-Identifier: MIT
#include "harness/data/opencv.h"

#include <fmt/format.h>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.h"

namespace segbench::data {

cv::Mat decode_with_opencv(Bytes bytes, FileFormat format, int flags) {
  static const auto silenced = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  (void)silenced;
  const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data()));
  cv::Mat decoded;
  try {
    decoded = cv::imdecode(encoded, flags);
  } catch (const cv::Exception& error) {
    throw core::UserError(fmt::format("the {} file is damaged: {}", to_string(format), error.err));
  }
  if (decoded.empty()) {
    throw core::UserError(
        fmt::format("the {} file is damaged, or of a variant that is not read", to_string(format)));
  }
  return decoded;
}

}  // namespace segbench::data
