// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/data/codecs/image.h"
#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// A mask as its file stores it, before anything is known about classes: either values or colours.
struct RawMask {
  std::int64_t height = 0, width = 0;
  std::string storage;           ///< for messages: "8-bit palette PNG", "16-bit grey TIFF"
  bool through_palette = false;  ///< a GIF: writers number its palette as they like
  std::vector<std::uint16_t>
      values;                     ///< [H, W] grey values or palette indices; empty when the mask has colours
  std::vector<Rgb> colours;       ///< [H, W]; empty when the mask has values
  std::vector<Rgb> palette = {};  ///< not empty: values are indices into it
  int bits = 8;                   ///< of a stored sample
  int orientation = 1;            ///< as stated by the file; not applied
};

/// What a stored image means as a mask: palette indices and grey values as they are stored (a WhiteIsZero
/// file is not inverted), alpha dropped, RGB as colours. Throws core::UserError (without a file name) for
/// lossy compression, which smears label values, for several pages, and for bands that are neither grey nor
/// RGB.
RawMask mask_of(StoredImage stored);
/// read_stored() and mask_of().
RawMask decode_mask(Bytes bytes);

/// How the stored values of masks become class indices.
struct LabelCoding {
  std::vector<int> class_values;  ///< stored value of each class, in class order
  std::vector<int> void_values;   ///< stored values that mean void, in every kind of file
  std::vector<Rgb>
      class_colours;  ///< colour of each class for masks of colours; empty: such masks are refused
  std::vector<Rgb> void_colours;
  /// The colours are the data set kind's own, not declared by the user: where a palette has others, its
  /// indices count.
  bool customary_colours = false;
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
  std::string conflict = {};  ///< the file can be read in two ways that differ: what it holds and what to do
};

inline constexpr std::size_t kMaxListed = 256;

/// The one decision how pixels become labels, for all formats. A reading counts when it knows every value
/// that occurs:
///
///   palette   declared colours, by exact match; else indices; else, of a grey palette, its grey values.
///   Where colours
///             are declared that the palette does not have, while its indices fit, the file is in conflict. A
///             palette whose entry i is grey i says nothing.
///   GIF       the same, but grey values come before indices (they conflict where both fit and differ), and
///   with two
///             classes black and white are the smaller and the larger value.
///   grey      values; of 1 bit, 1 also stands for 255 or 65535; else declared colours that are grey
///   RGB       declared colours; else, when all pixels are grey, values
///
/// void_values hold in all of them but RGB, which has no stored values; void_colours do there. What no
/// reading knows is unknown.
CodedMask encode_mask(const RawMask& raw, const LabelCoding& coding);

}  // namespace segbench::data
