// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Run-length encoding as Kaggle's competitions exchange masks: pairs "start length", starts counted from 1,
// "" for an empty mask.

namespace segbench::data {

/// How pixels are numbered.
enum class PixelOrder {
  kColumns,  ///< top to bottom, then left to right (TGS Salt, Data Science Bowl 2018)
  kRows,     ///< left to right, then top to bottom (the common encoders of Carvana)
};

/// A mask [height, width], row by row, 0 or 1.
struct BinaryMask {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint8_t> set;
  bool operator==(const BinaryMask&) const = default;
};

std::string encode_runs(const BinaryMask& mask, PixelOrder order);

/// Sets the pixels of the runs in `mask`, whose size says what they mean; what is set stays. Throws
/// core::UserError (without a file name) for what is no list of pairs, and for runs that overlap, go
/// backwards or leave the mask.
void decode_runs(std::string_view text, PixelOrder order, BinaryMask& mask);

/// A table of two columns, name and runs, under a header.
struct Submission {
  std::string header = "id,rle_mask";
  struct Line {
    std::string name, runs;
  };
  std::vector<Line> lines;
};

std::string submission_text(const Submission& submission);
/// Quotes around a value are dropped. Throws core::UserError naming `file` and the line that is no pair.
Submission read_submission(std::string_view text, const std::string& file);

}  // namespace segbench::data
