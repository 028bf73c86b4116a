// SPDX-License-Identifier: MIT
#include "harness/data/codecs/gif_file.h"

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

std::vector<Rgb> colours_of(const ColorMapObject* map) {
  std::vector<Rgb> palette;
  for (int i = 0; map != nullptr && i < map->ColorCount; ++i) {
    palette.push_back({map->Colors[i].Red, map->Colors[i].Green, map->Colors[i].Blue});
  }
  return palette;
}

/// The index of what no frame covers: the background's own in the global palette, else an entry of its colour
/// that the frame's palette gets.
std::uint16_t background_index(const GifFileType* gif, bool own_palette, std::vector<Rgb>& palette) {
  const std::vector<Rgb> global = colours_of(gif->SColorMap);
  const auto background = static_cast<std::size_t>(std::max(gif->SBackGroundColor, 0));
  if (!own_palette && background < palette.size()) return static_cast<std::uint16_t>(background);
  palette.push_back(background < global.size() ? global[background] : Rgb{});
  return static_cast<std::uint16_t>(palette.size() - 1);
}

}  // namespace

StoredImage read_gif(Bytes bytes) {
  int error = 0;
  const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&bytes, read_bytes, &error));
  if (!gif) refuse(error);
  seek_first_frame(gif.get());
  const GifImageDesc& frame = gif->Image;
  if (frame.Left < 0 || frame.Top < 0 || frame.Width <= 0 || frame.Height <= 0 ||
      frame.Left + frame.Width > gif->SWidth || frame.Top + frame.Height > gif->SHeight) {
    throw core::UserError("the GIF file is damaged: its first frame lies outside of its canvas");
  }
  const bool own_palette = frame.ColorMap != nullptr;
  StoredImage stored;
  stored.format = FileFormat::kGif;
  stored.height = gif->SHeight, stored.width = gif->SWidth;
  stored.palette = colours_of(own_palette ? frame.ColorMap : gif->SColorMap);
  if (stored.palette.empty()) throw core::UserError("the GIF file is damaged: it has no palette");
  check_claim(stored.format, stored.height, stored.width, 1);
  const std::size_t colours = stored.palette.size();
  const bool covered = frame.Width == gif->SWidth && frame.Height == gif->SHeight;
  const std::uint16_t background = covered ? 0 : background_index(gif.get(), own_palette, stored.palette);
  const bool wide = stored.palette.size() > 256;  // a palette of 256 and the background's
  std::vector<std::uint16_t> samples(static_cast<std::size_t>(stored.height * stored.width), background);
  std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
  for (const int row : row_order(frame.Height, frame.Interlace)) {
    if (DGifGetLine(gif.get(), line.data(), frame.Width) == GIF_ERROR) refuse(gif->Error);
    std::uint16_t* out = samples.data() + (frame.Top + row) * stored.width + frame.Left;
    for (const GifPixelType index : line) {
      if (index >= colours) {
        throw core::UserError(fmt::format("the GIF file is damaged: its palette has no entry {}", index));
      }
      *out++ = index;
    }
  }
  stored.bits = wide ? 16 : 8;
  stored.maximum = (1U << stored.bits) - 1;
  if (wide)
    stored.samples = std::move(samples);
  else
    stored.samples = std::vector<std::uint8_t>(samples.begin(), samples.end());
  return stored;
}

std::string gif_library_version() {
  return fmt::format("{}.{}.{}", GIFLIB_MAJOR, GIFLIB_MINOR, GIFLIB_RELEASE);
}

}  // namespace segbench::data
