// SPDX-License-Identifier: MIT
#include "harness/data/mask_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/gif_file.h"
#include "harness/data/opencv.h"
#include "harness/data/png_file.h"
#include "harness/data/signature.h"

namespace segbench::data {
namespace {

constexpr int kUnknownLabel = -1;

RawMask mask_of_png(Bytes bytes) {
  PngPixels png = read_png(bytes);
  static constexpr std::array<const char*, 5> kKinds = {"", "grey", "grey + alpha", "RGB", "RGBA"};
  RawMask mask;
  mask.height = png.height, mask.width = png.width;
  mask.storage = fmt::format("{}-bit {} PNG", png.bit_depth,
                             png.indexed ? "palette" : kKinds.at(static_cast<std::size_t>(png.channels)));
  if (png.channels == 1) {
    mask.values = std::move(png.values);
    return mask;
  }
  const auto channels = static_cast<std::size_t>(png.channels), pixels = png.values.size() / channels;
  if (channels >= 3 && png.bit_depth == 16) {
    throw core::UserError(
        fmt::format("the mask is a {}; allowed: 8-bit RGB, grey or a palette", mask.storage));
  }
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint16_t* in = png.values.data() + i * channels;
    if (channels == 2) {
      mask.values.push_back(*in);
    } else {
      mask.colours.push_back({static_cast<std::uint8_t>(in[0]), static_cast<std::uint8_t>(in[1]),
                              static_cast<std::uint8_t>(in[2])});
    }
  }
  return mask;
}

RawMask mask_of_gif(Bytes bytes) {
  const Image image = read_gif(bytes);
  RawMask mask;
  mask.height = image.height, mask.width = image.width;
  mask.storage = "GIF";
  mask.through_palette = true;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    mask.colours.push_back({image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]});
  }
  return mask;
}

RawMask mask_of_opencv(Bytes bytes, FileFormat format) {
  const cv::Mat mat = decode_with_opencv(bytes, format, cv::IMREAD_UNCHANGED);
  RawMask mask;
  mask.height = mat.rows, mask.width = mat.cols;
  mask.storage = to_string(format);
  const int channels = mat.channels();
  const bool wide = mat.depth() == CV_16U;
  if ((mat.depth() != CV_8U && !wide) || (wide && channels != 1) || channels == 2 || channels > 4) {
    throw core::UserError(
        fmt::format("the {} mask has {} channels of an unusual kind; allowed: 8-bit RGB, or 8 or 16 "
                    "bits of grey",
                    to_string(format), channels));
  }
  for (int y = 0; y < mat.rows; ++y) {
    for (int x = 0; x < mat.cols; ++x) {
      if (wide)
        mask.values.push_back(mat.at<std::uint16_t>(y, x));
      else if (channels == 1)
        mask.values.push_back(mat.at<std::uint8_t>(y, x));
      else {
        const std::uint8_t* bgr = mat.ptr<std::uint8_t>(y) + x * channels;
        mask.colours.push_back({bgr[2], bgr[1], bgr[0]});
      }
    }
  }
  return mask;
}

/// Label of every 16-bit value, or kUnknownLabel.
std::vector<int> value_table(const LabelCoding& coding) {
  std::vector<int> table(65536, kUnknownLabel);
  for (std::size_t c = 0; c < coding.class_values.size(); ++c) {
    table.at(static_cast<std::size_t>(coding.class_values[c])) = static_cast<int>(c);
  }
  for (const int value : coding.void_values) table.at(static_cast<std::size_t>(value)) = core::kVoidLabel;
  return table;
}

std::map<Rgb, int> colour_table(const LabelCoding& coding) {
  std::map<Rgb, int> table;
  for (std::size_t c = 0; c < coding.class_colours.size(); ++c)
    table[coding.class_colours[c]] = static_cast<int>(c);
  for (const Rgb& colour : coding.void_colours) table[colour] = core::kVoidLabel;
  return table;
}

/// Labels of `pixels` by `label_of`; what has none is counted in `unknown`.
template <typename Pixel, typename LabelOf>
void encode(const std::vector<Pixel>& pixels, LabelOf label_of, CodedMask& coded, auto& unknown) {
  coded.map.labels.reserve(pixels.size());
  for (const Pixel& pixel : pixels) {
    const int label = label_of(pixel);
    coded.map.labels.push_back(label == kUnknownLabel ? core::kVoidLabel : static_cast<std::uint8_t>(label));
    if (label != kUnknownLabel) continue;
    ++coded.unknown_pixels;
    if (const auto found = unknown.find(pixel); found != unknown.end())
      ++found->second;
    else if (unknown.size() < kMaxListed)
      unknown.emplace(pixel, 1);
  }
}

bool all_grey(const std::vector<Rgb>& colours) {
  return std::all_of(colours.begin(), colours.end(), [](Rgb c) { return c[0] == c[1] && c[1] == c[2]; });
}

}  // namespace

RawMask decode_mask(Bytes bytes) {
  const Signature signature = examine(bytes);
  if (signature.lossy) {
    throw core::UserError(
        fmt::format("the mask is a {} with lossy compression, which smears label values; allowed: "
                    "PNG, GIF, BMP, TIFF, lossless WebP, PNM",
                    to_string(signature.format)));
  }
  if (signature.format == FileFormat::kPng) return mask_of_png(bytes);
  if (signature.format == FileFormat::kGif) return mask_of_gif(bytes);
  return mask_of_opencv(bytes, signature.format);
}

CodedMask encode_mask(const RawMask& raw, const LabelCoding& coding) {
  CodedMask coded{.map = {raw.height, raw.width, {}}, .unknown = {}};
  const bool by_colour = !raw.colours.empty() && !coding.class_colours.empty();
  if (by_colour) {
    encode(
        raw.colours,
        [table = colour_table(coding)](Rgb colour) {
          const auto found = table.find(colour);
          return found == table.end() ? kUnknownLabel : found->second;
        },
        coded, coded.unknown.colours);
  } else if (raw.through_palette && coding.class_values.size() == 2) {
    const int bright = coding.class_values[0] > coding.class_values[1] ? 0 : 1;
    encode(
        raw.colours, [bright](Rgb colour) { return luminance(colour) >= 128 ? bright : 1 - bright; }, coded,
        coded.unknown.colours);
  } else if (!raw.colours.empty() && !all_grey(raw.colours)) {
    encode(
        raw.colours, [](Rgb) { return kUnknownLabel; }, coded, coded.unknown.colours);
  } else {
    std::vector<int> values(raw.values.begin(), raw.values.end());
    for (const Rgb& colour : raw.colours) values.push_back(colour[0]);
    encode(
        values, [table = value_table(coding)](int value) { return table[static_cast<std::size_t>(value)]; },
        coded, coded.unknown.values);
  }
  return coded;
}

}  // namespace segbench::data
