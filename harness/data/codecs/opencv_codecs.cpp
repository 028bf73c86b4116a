// SPDX-License-Identifier: MIT
#include "harness/data/codecs/opencv_codecs.h"

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

namespace segbench::data {

extern "C" __attribute__((visibility("default"))) void segbench_decode(const cv::Mat& encoded, int flags,
                                                                       cv::Mat& decoded,
                                                                       std::string& problem) {
  static const auto silenced = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  (void)silenced;
  try {
    decoded = cv::imdecode(encoded, flags);
    if (decoded.empty()) problem = "damaged, or of a variant that is not read";
  } catch (const cv::Exception& error) {
    problem = "damaged: " + error.err;
  }
}

}  // namespace segbench::data
