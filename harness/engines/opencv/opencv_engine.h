// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "architectures/graph/engine.h"

namespace segbench::engines {

/// OpenCV's dnn as the engine of an ONNX file. Throws cv::Exception, as run() does, for what it cannot
/// execute.
std::unique_ptr<architectures::Engine> open_in_opencv(const std::filesystem::path& file);

}  // namespace segbench::engines
