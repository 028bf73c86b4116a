// SPDX-License-Identifier: MIT
#include "harness/data/opencv.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "harness/core/error.h"
#include "harness/data/codecs/opencv_codecs.h"

namespace segbench::data {
namespace {

DecodeFunction load_decoder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path file = program.parent_path() / kCodecsLibrary;
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, kDecodeFunction);
  if (function == nullptr) {
    throw core::UserError(
        fmt::format("OpenCV's image readers cannot be loaded ({}); {} belongs beside the program, in {}",
                    ::dlerror(), kCodecsLibrary, program.parent_path().string()));
  }
  return reinterpret_cast<DecodeFunction>(function);
}

}  // namespace

cv::Mat decode_with_opencv(Bytes bytes, FileFormat format, int flags) {
  static const DecodeFunction decode = load_decoder();
  const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data()));
  cv::Mat decoded;
  std::string problem;
  decode(encoded, flags, decoded, problem);
  if (!problem.empty()) throw core::UserError(fmt::format("the {} file is {}", to_string(format), problem));
  return decoded;
}

}  // namespace segbench::data
