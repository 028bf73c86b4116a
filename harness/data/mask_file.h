// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace segbench::data {

/// A mask as its file stores it, before anything is known about classes.
struct RawMask {
  std::int64_t height = 0, width = 0;
  std::string storage;           ///< for messages: "8-bit palette PNG", "16-bit grey PNG", "GIF"
  bool through_palette = false;  ///< a GIF: its indices mean nothing, its colours do
  std::vector<std::uint16_t>
      values;                ///< [H, W] grey values or palette indices; empty when the mask has colours
  std::vector<Rgb> colours;  ///< [H, W]; empty when the mask has values
};

/// Decodes a mask. A PNG keeps its palette indices or grey values of 1, 2, 4, 8 or 16 bits as they are
/// stored; alpha is dropped. A GIF is read through its palette (first frame). Throws core::UserError (without
/// a file name), also for JPEG and lossy WebP, whose label values are smeared.
RawMask decode_mask(Bytes bytes);

/// How the stored values of masks become class indices.
struct LabelCoding {
  std::vector<int> class_values;  ///< stored value of each class, in class order
  std::vector<int> void_values;   ///< stored values that mean void
  std::vector<Rgb>
      class_colours;  ///< colour of each class for masks of colours; empty: such masks are refused
  std::vector<Rgb> void_colours;
};

/// Pixels of stored values and of colours.
struct MaskValues {
  std::map<int, std::int64_t> values;
  std::map<Rgb, std::int64_t> colours;
  bool empty() const { return values.empty() && colours.empty(); }
};

struct CodedMask {
  LabelMap map;        ///< unknown pixels are void
  MaskValues unknown;  ///< what belongs to no class; at most kMaxListed distinct ones are kept
  std::int64_t unknown_pixels = 0;
};

inline constexpr std::size_t kMaxListed = 256;

/// Values by table, colours by exact match. A mask of colours whose channels are equal everywhere is taken
/// for its grey values when there is no colour map. A GIF of a data set of two classes is black and white:
/// luminance >= 128 is the class with the larger stored value.
CodedMask encode_mask(const RawMask& raw, const LabelCoding& coding);

}  // namespace segbench::data
