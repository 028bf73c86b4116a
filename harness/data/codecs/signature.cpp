// SPDX-License-Identifier: MIT
#include "harness/data/codecs/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

[[noreturn]] void refuse_cut_off(FileFormat format) {
  throw core::UserError(fmt::format("the {} file is cut off", to_string(format)));
}

/// Numbers out of a file's bytes; a position behind the end means that the file is cut off.
class Reader {
 public:
  Reader(Bytes bytes, FileFormat format, bool big_endian)
      : bytes_(bytes), format_(format), big_(big_endian) {}
  std::uint32_t u8(std::size_t at) const {
    if (at >= bytes_.size()) refuse_cut_off(format_);
    return bytes_[at];
  }
  std::uint32_t u16(std::size_t at) const {
    return big_ ? u8(at) << 8 | u8(at + 1) : u8(at + 1) << 8 | u8(at);
  }
  std::uint32_t u32(std::size_t at) const {
    return big_ ? u16(at) << 16 | u16(at + 2) : u16(at + 2) << 16 | u16(at);
  }

 private:
  Bytes bytes_;
  FileFormat format_;
  bool big_;
};

bool starts_with(Bytes bytes, std::string_view signature, std::size_t at = 0) {
  return bytes.size() >= at + signature.size() &&
         std::memcmp(bytes.data() + at, signature.data(), signature.size()) == 0;
}

/// Walks all segments up to the end marker: decoders fill what is missing of a cut-off JPEG with grey and say
/// nothing.
Signature examine_jpeg(Bytes bytes) {
  const Reader in(bytes, FileFormat::kJpeg, true);
  Signature signature{.format = FileFormat::kJpeg, .lossy = true};
  std::size_t at = 2;
  while (true) {
    while (in.u8(at) != 0xFF) ++at;  // entropy-coded data
    while (in.u8(at) == 0xFF) ++at;
    const std::uint32_t marker = in.u8(at++);
    if (marker == 0xD9) return signature;
    if (marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && signature.width == 0) signature.height = in.u16(at + 3), signature.width = in.u16(at + 5);
    at += in.u16(at);
  }
}

Signature examine_bmp(Bytes bytes) {
  const Reader in(bytes, FileFormat::kBmp, false);
  if (in.u32(14) == 12) return {FileFormat::kBmp, in.u16(20), in.u16(18)};  // OS/2 header
  const auto height = static_cast<std::int32_t>(in.u32(22)), width = static_cast<std::int32_t>(in.u32(18));
  return {FileFormat::kBmp, height < 0 ? -std::int64_t{height} : height, width};  // negative: top row first
}

/// Tags 256 and 257 of the first image file directory (TIFF 6.0, section 2; BigTIFF has wider fields).
Signature examine_tiff(Bytes bytes) {
  const Reader in(bytes, FileFormat::kTiff, bytes[0] == 'M');
  const bool big = in.u16(2) == 43;
  // Places beyond 32 bits lie behind the end of any file that is read.
  const auto place = [&](std::size_t at) {
    if (!big) return std::size_t{in.u32(at)};
    const bool high_first = bytes[0] == 'M';
    if (in.u32(high_first ? at : at + 4) != 0) refuse_cut_off(FileFormat::kTiff);
    return std::size_t{in.u32(high_first ? at + 4 : at)};
  };
  Signature signature{.format = FileFormat::kTiff};
  const std::size_t directory = place(big ? 8 : 4), head = big ? 8 : 2, size = big ? 20 : 12;
  const std::size_t entries = big ? place(directory) : in.u16(directory);
  for (std::size_t i = 0; i < std::min<std::size_t>(entries, 65535); ++i) {
    const std::size_t entry = directory + head + size * i;
    const std::uint32_t tag = in.u16(entry);
    const std::size_t at = entry + (big ? 12 : 8);
    if (tag != 256 && tag != 257) continue;
    const std::uint32_t type = in.u16(entry + 2);
    const auto value = static_cast<std::int64_t>(type == 3    ? in.u16(at)
                                                 : type == 16 ? place(at)
                                                              : in.u32(at));
    (tag == 256 ? signature.width : signature.height) = value;
  }
  return signature;
}

/// RFC 9649: a lossy (VP8), lossless (VP8L) or extended (VP8X) first chunk.
Signature examine_webp(Bytes bytes) {
  const Reader in(bytes, FileFormat::kWebp, false);
  if (std::size_t{8} + in.u32(4) > bytes.size()) refuse_cut_off(FileFormat::kWebp);
  if (starts_with(bytes, "VP8L", 12)) {
    const std::uint32_t bits = in.u32(21);
    return {FileFormat::kWebp, (bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1, false};
  }
  if (starts_with(bytes, "VP8X", 12)) {
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {FileFormat::kWebp, (in.u16(27) | in.u8(29) << 16) + 1, (in.u16(24) | in.u8(26) << 16) + 1,
            all.find("VP8L", 30) == std::string_view::npos};
  }
  return {FileFormat::kWebp, in.u16(28) & 0x3FFF, in.u16(26) & 0x3FFF, true};
}

/// Netpbm: "P1" to "P6", then width and height as text among blanks and comments; "P7" names them. What
/// follows is checked by the reader (pnm_file.cpp).
Signature examine_pnm(Bytes bytes) {
  const Reader in(bytes, FileFormat::kPnm, true);
  std::size_t at = 2;
  const auto skip_blanks = [&] {
    while (in.u8(at) == '#' || in.u8(at) <= ' ') {
      if (in.u8(at) == '#') {
        while (in.u8(at) != '\n') ++at;
      }
      ++at;
    }
  };
  const auto number = [&] {
    skip_blanks();
    std::int64_t value = 0;
    for (; in.u8(at) >= '0' && in.u8(at) <= '9' && value < kMaxPixels * 16; ++at)
      value = value * 10 + in.u8(at) - '0';
    return value;
  };
  Signature signature{.format = FileFormat::kPnm};
  if (bytes[1] != '7') {
    signature.width = number();
    signature.height = number();
    return signature;
  }
  while (true) {
    skip_blanks();
    const std::size_t begin = at;
    while (in.u8(at) > ' ') ++at;
    const std::string_view key(reinterpret_cast<const char*>(bytes.data()) + begin, at - begin);
    if (key == "ENDHDR") return signature;
    if (key == "WIDTH") signature.width = number();
    if (key == "HEIGHT") signature.height = number();
  }
}

Signature examine_header(Bytes bytes, FileFormat format) {
  switch (format) {
    case FileFormat::kPng: {
      const Reader in(bytes, format, true);
      return {format, in.u32(20), in.u32(16)};
    }
    case FileFormat::kGif: {
      const Reader in(bytes, format, false);
      return {format, in.u16(8), in.u16(6)};
    }
    case FileFormat::kJpeg:
      return examine_jpeg(bytes);
    case FileFormat::kBmp:
      return examine_bmp(bytes);
    case FileFormat::kTiff:
      return examine_tiff(bytes);
    case FileFormat::kWebp:
      return examine_webp(bytes);
    case FileFormat::kPnm:
      return examine_pnm(bytes);
    case FileFormat::kUnknown:
      break;
  }
  throw core::UserError("unknown image format; supported: PNG, JPEG, GIF, BMP, TIFF, WebP and PNM");
}

}  // namespace

std::string_view to_string(FileFormat format) {
  switch (format) {
    case FileFormat::kPng:
      return "PNG";
    case FileFormat::kJpeg:
      return "JPEG";
    case FileFormat::kGif:
      return "GIF";
    case FileFormat::kBmp:
      return "BMP";
    case FileFormat::kTiff:
      return "TIFF";
    case FileFormat::kWebp:
      return "WebP";
    case FileFormat::kPnm:
      return "PNM";
    case FileFormat::kUnknown:
      return "unknown";
  }
  throw core::InternalError("an unknown file format");
}

FileFormat sniff(Bytes bytes) {
  using namespace std::string_view_literals;
  if (starts_with(bytes, "\x89PNG\r\n\x1A\n"sv)) return FileFormat::kPng;
  if (starts_with(bytes, "\xFF\xD8\xFF"sv)) return FileFormat::kJpeg;
  if (starts_with(bytes, "GIF87a"sv) || starts_with(bytes, "GIF89a"sv)) return FileFormat::kGif;
  if (starts_with(bytes, "II*\0"sv) || starts_with(bytes, "MM\0*"sv)) return FileFormat::kTiff;
  if (starts_with(bytes, "II+\0\x08\0"sv) || starts_with(bytes, "MM\0+\0\x08"sv))
    return FileFormat::kTiff;  // BigTIFF
  if (starts_with(bytes, "RIFF"sv) && starts_with(bytes, "WEBPVP8"sv, 8)) return FileFormat::kWebp;
  // Two letters could begin any text; the bytes that follow must fit as well.
  if (starts_with(bytes, "BM"sv) && starts_with(bytes, "\0\0\0\0"sv, 6)) return FileFormat::kBmp;
  const auto blank = [](std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' && blank(bytes[2])) {
    return FileFormat::kPnm;
  }
  return FileFormat::kUnknown;
}

Signature examine(Bytes bytes) {
  if (bytes.empty()) throw core::UserError("the file is empty");
  const Signature found = examine_header(bytes, sniff(bytes));
  if (found.height <= 0 || found.width <= 0) {
    throw core::UserError(fmt::format("the {} file has no pixels: its size is {} x {}",
                                      to_string(found.format), found.height, found.width));
  }
  if (found.height > kMaxPixels / found.width) {
    throw core::UserError(fmt::format("the {} file claims {} x {} pixels; at most {} pixels are supported",
                                      to_string(found.format), found.height, found.width, kMaxPixels));
  }
  return found;
}

}  // namespace segbench::data
