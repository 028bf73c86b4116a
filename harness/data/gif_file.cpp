// SPDX-License-Identifier: MIT
#include "harness/data/gif_file.h"

#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

int read_bytes(GifFileType* gif, GifByteType* out, int size) {
  auto* rest = static_cast<Bytes*>(gif->UserData);
  const std::size_t count = std::min(rest->size(), static_cast<std::size_t>(size));
  std::memcpy(out, rest->data(), count);
  *rest = rest->subspan(count);
  return static_cast<int>(count);
}

[[noreturn]] void refuse(int code) {
  const char* reason = GifErrorString(code);
  throw core::UserError(
      fmt::format("the GIF file is damaged: {}", reason == nullptr ? "unknown error" : reason));
}

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

/// Goes to the first frame's description, over the extensions before it.
void seek_first_frame(GifFileType* gif) {
  while (true) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif, &record) == GIF_ERROR) refuse(gif->Error);
    if (record == TERMINATE_RECORD_TYPE) throw core::UserError("the GIF file has no frame");
    if (record == IMAGE_DESC_RECORD_TYPE) break;
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) refuse(gif->Error);
    while (block != nullptr) {
      if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) refuse(gif->Error);
    }
  }
  if (DGifGetImageDesc(gif) == GIF_ERROR) refuse(gif->Error);
}

/// The rows of a frame in the order in which they are stored (GIF89a, appendix E).
std::vector<int> row_order(int height, bool interlaced) {
  std::vector<int> order;
  if (!interlaced) {
    for (int row = 0; row < height; ++row) order.push_back(row);
    return order;
  }
  for (const auto& [first, step] : {std::pair{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
    for (int row = first; row < height; row += step) order.push_back(row);
  }
  return order;
}

Rgb colour_of(const ColorMapObject* map, int index) {
  if (map == nullptr || index >= map->ColorCount) {
    throw core::UserError(fmt::format("the GIF file is damaged: its palette has no entry {}", index));
  }
  const GifColorType& colour = map->Colors[index];
  return {colour.Red, colour.Green, colour.Blue};
}

}  // namespace

Image read_gif(Bytes bytes) {
  int error = 0;
  const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&bytes, read_bytes, &error));
  if (!gif) refuse(error);
  seek_first_frame(gif.get());
  const GifImageDesc& frame = gif->Image;
  if (frame.Left < 0 || frame.Top < 0 || frame.Width <= 0 || frame.Height <= 0 ||
      frame.Left + frame.Width > gif->SWidth || frame.Top + frame.Height > gif->SHeight) {
    throw core::UserError("the GIF file is damaged: its first frame lies outside of its canvas");
  }
  Image image{gif->SHeight, gif->SWidth, 3, {}};
  const bool has_background = gif->SColorMap != nullptr && gif->SBackGroundColor < gif->SColorMap->ColorCount;
  const Rgb background = has_background ? colour_of(gif->SColorMap, gif->SBackGroundColor) : Rgb{};
  const std::int64_t count = image.height * image.width;
  image.pixels.reserve(static_cast<std::size_t>(3 * count));
  for (std::int64_t i = 0; i < count; ++i)
    image.pixels.insert(image.pixels.end(), background.begin(), background.end());

  const ColorMapObject* palette = frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap;
  std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
  for (const int row : row_order(frame.Height, frame.Interlace)) {
    if (DGifGetLine(gif.get(), line.data(), frame.Width) == GIF_ERROR) refuse(gif->Error);
    std::uint8_t* out = image.pixels.data() + 3 * ((frame.Top + row) * image.width + frame.Left);
    for (const GifPixelType index : line) {
      const Rgb colour = colour_of(palette, index);
      out = std::copy(colour.begin(), colour.end(), out);
    }
  }
  return image;
}

}  // namespace segbench::data
