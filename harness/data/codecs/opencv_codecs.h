// SPDX-License-Identifier: MIT
#pragma once

#include <opencv2/core.hpp>
#include <string>

// OpenCV's readers of image files bring more than a hundred libraries, which take longer to load than most
// commands take to run, and only TIFF, BMP, WebP and PNM files need them. So they stand in a shared library
// beside the program, `segbench-codecs.so`, that is loaded with the first such file
// (harness/data/opencv.cpp).

namespace segbench::data {

/// What the shared library exports as "segbench_decode": cv::imdecode(encoded, flags) into `decoded`; what is
/// wrong with the file goes to `problem`, which stays empty when nothing is.
using DecodeFunction = void (*)(const cv::Mat& encoded, int flags, cv::Mat& decoded, std::string& problem);
inline constexpr const char* kDecodeFunction = "segbench_decode";
inline constexpr const char* kCodecsLibrary = "segbench-codecs.so";

}  // namespace segbench::data
