// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/cli/prediction_picture.h"
#include "harness/core/error.h"
#include "harness/text/table.h"

namespace segbench::cli {

/// What is left of a picture when its masks are written.
struct Written {
  std::filesystem::path file;
  std::vector<text::Cell> row;  ///< of the table
  data::LabelMap labels;        ///< at the picture's size
};

/// What happens to every image. `read` and `write` are called by several threads at once, the others by the
/// one that called predict_files().
struct FlowSteps {
  std::function<Picture(const std::string& file)> read;
  /// Of `count` inputs, samples one after the other.
  std::function<Answer(std::span<const std::byte> inputs, std::size_t count)> ask;
  std::function<Written(const Picture& picture, const Answer& answer)> write;
  std::function<void(Written written)> take;  ///< in the order of the files
  std::function<bool()> interrupted;          ///< asked several times a second
};

struct FlowLimits {
  std::size_t batch = 8;                     ///< inputs that are asked about at once
  std::size_t bytes = std::size_t{1} << 30;  ///< of pictures between reading and taking, but for one
  std::size_t bytes_per_pixel = 16;          ///< that a picture keeps in between
  std::size_t threads = 2;                   ///< that read and write
};

/// Takes images from file to mask: others are read and written while the network computes. Every batch is
/// full but the last one, unless that takes too much memory. Returns a problem for every file that could not
/// be read, in order; the others are predicted all the same. What another step throws ends it, when what is
/// being written is written. Throws core::UserError when it is interrupted.
std::vector<core::Problem> predict_files(const std::vector<std::string>& files, const FlowSteps& steps,
                                         const FlowLimits& limits);

}  // namespace segbench::cli
