// SPDX-License-Identifier: MIT
#include "harness/data/contact_sheet.h"

#include <algorithm>

#include "harness/data/codecs/resize.h"

namespace segbench::data {
namespace {

constexpr std::int64_t kGap = 4;

Image fitted(const Image& picture, std::int64_t side) {
  const std::int64_t longest = std::max(picture.height, picture.width);
  if (longest <= side) return picture;
  return resize_bilinear(picture, std::max<std::int64_t>(1, picture.height * side / longest),
                         std::max<std::int64_t>(1, picture.width * side / longest));
}

void paste(const Image& picture, std::int64_t top, std::int64_t left, Image& sheet) {
  for (std::int64_t y = 0; y < picture.height; ++y) {
    for (std::int64_t x = 0; x < picture.width; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) {
        const std::int64_t from =
            (y * picture.width + x) * picture.channels + (picture.channels == 3 ? c : 0);
        sheet.pixels[static_cast<std::size_t>(((top + y) * sheet.width + left + x) * 3 + c)] =
            picture.pixels[static_cast<std::size_t>(from)];
      }
    }
  }
}

}  // namespace

Image contact_sheet(const std::vector<std::vector<Image>>& rows, std::int64_t side) {
  std::vector<std::vector<Image>> small;
  std::int64_t width = kGap, height = kGap;
  for (const std::vector<Image>& row : rows) {
    std::vector<Image>& pictures = small.emplace_back();
    std::int64_t row_width = kGap, row_height = 0;
    for (const Image& picture : row) {
      pictures.push_back(fitted(picture, side));
      row_width += pictures.back().width + kGap;
      row_height = std::max(row_height, pictures.back().height);
    }
    width = std::max(width, row_width);
    height += row_height + kGap;
  }
  Image sheet{height, width, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3), 255)};
  std::int64_t top = kGap;
  for (const std::vector<Image>& row : small) {
    std::int64_t left = kGap, row_height = 0;
    for (const Image& picture : row) {
      paste(picture, top, left, sheet);
      left += picture.width + kGap;
      row_height = std::max(row_height, picture.height);
    }
    top += row_height + kGap;
  }
  return sheet;
}

}  // namespace segbench::data
