// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiff_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "harness/core/error.h"
#include "harness/data/codecs/tiff_chunks.h"
#include "harness/data/codecs/tiff_session.h"

namespace segbench::data {
namespace {

constexpr int kMostDirectories = 65535;

/// The compressions of TIFF 6.0 and of libtiff, for people.
std::string compression_name(std::uint16_t compression) {
  switch (compression) {
    case COMPRESSION_OJPEG:
      return "old-style JPEG";
    case COMPRESSION_JP2000:
      return "JPEG 2000";
    case COMPRESSION_LERC:
      return "LERC";
    case COMPRESSION_LZMA:
      return "LZMA";
    case COMPRESSION_ZSTD:
      return "Zstandard";
    case COMPRESSION_WEBP:
      return "WebP";
    case COMPRESSION_JXL:
      return "JPEG XL";
    case COMPRESSION_JBIG:
      return "JBIG";
    default:
      return fmt::format("number {}", compression);
  }
}

void check_sample_format(TIFF* tiff, int bits) {
  std::uint16_t format = SAMPLEFORMAT_UINT;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  const char* name = format == SAMPLEFORMAT_INT      ? "signed integers"
                     : format == SAMPLEFORMAT_IEEEFP ? "floating-point numbers"
                     : format == SAMPLEFORMAT_COMPLEXINT || format == SAMPLEFORMAT_COMPLEXIEEEFP
                         ? "complex numbers"
                         : nullptr;
  if (name != nullptr) {
    throw core::UserError(fmt::format(
        "unsupported TIFF file: {} of {} bits; only unsigned integers are supported, so convert it, "
        "for example with gdal_translate -ot UInt16 -scale",
        name, bits));
  }
  if (bits < 1 || bits > 32) {
    throw core::UserError(
        fmt::format("unsupported TIFF file: integers of {} bits; supported: 1 to 32 bits", bits));
  }
}

/// The palette, whose entries have 16 bits; some writers fill in 8 (TIFF technical notes).
std::vector<Rgb> tiff_palette(TIFF* tiff, int bits) {
  std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
  if (bits > 16 || TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) != 1) {
    throw core::UserError("the TIFF file is damaged: it has no palette");
  }
  const std::size_t count = std::size_t{1} << bits;
  const bool wide = std::any_of(red, red + count, [](std::uint16_t v) { return v > 255; }) ||
                    std::any_of(green, green + count, [](std::uint16_t v) { return v > 255; }) ||
                    std::any_of(blue, blue + count, [](std::uint16_t v) { return v > 255; });
  const auto part = [wide](std::uint16_t v) { return static_cast<std::uint8_t>(wide ? v >> 8 : v); };
  std::vector<Rgb> palette;
  for (std::size_t i = 0; i < count; ++i) palette.push_back({part(red[i]), part(green[i]), part(blue[i])});
  return palette;
}

/// How the samples are meant, from the tag PhotometricInterpretation.
void read_photometric(TIFF* tiff, std::uint16_t compression, StoredImage& stored) {
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK, extras = 0, *kinds = nullptr;
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  int colours = 1;
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    photometric = PHOTOMETRIC_RGB;
  }
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
      stored.minimum_is_white = true;
      break;
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MASK:
      break;
    case PHOTOMETRIC_PALETTE:
      stored.palette = tiff_palette(tiff, stored.bits);
      break;
    case PHOTOMETRIC_RGB:
      colours = 3;
      stored.rgb = stored.channels >= 3;
      break;
    case PHOTOMETRIC_SEPARATED:
      colours = 4;
      stored.cmyk = true;
      break;
    default: {
      const char* name = photometric == PHOTOMETRIC_YCBCR    ? "YCbCr"
                         : photometric == PHOTOMETRIC_CIELAB ? "CIE L*a*b*"
                         : photometric == PHOTOMETRIC_ICCLAB ? "ICC L*a*b*"
                         : photometric == PHOTOMETRIC_LOGL   ? "LogL"
                         : photometric == PHOTOMETRIC_LOGLUV ? "LogLuv"
                         : photometric == PHOTOMETRIC_CFA    ? "a colour filter array"
                                                             : nullptr;
      throw core::UserError(
          fmt::format("unsupported TIFF file: colours stored as {}; supported: greyscale, "
                      "palette, RGB, CMYK or bands",
                      name != nullptr ? name : fmt::format("number {}", photometric)));
    }
  }
  if (stored.channels < colours || (stored.cmyk && stored.channels > 5)) {
    throw core::UserError(
        fmt::format("the TIFF file is damaged: {} bands cannot hold its colours", stored.channels));
  }
  for (std::uint16_t i = 0; i < extras; ++i) {
    const int channel = stored.channels - extras + i;
    const bool alpha = kinds[i] == EXTRASAMPLE_ASSOCALPHA || kinds[i] == EXTRASAMPLE_UNASSALPHA;
    if (alpha && channel >= 1 && stored.alpha < 0) stored.alpha = channel;
  }
  if (!stored.palette.empty() && stored.bands() != 1) {
    throw core::UserError(fmt::format(
        "unsupported TIFF file: a palette with {} bands; only one band may have a palette", stored.bands()));
  }
}

void check_compression(std::uint16_t compression, StoredImage& stored) {
  if (compression == COMPRESSION_OJPEG || TIFFIsCODECConfigured(compression) == 0) {
    throw core::UserError(
        fmt::format("unsupported TIFF compression: {}; supported: none, LZW, "
                    "Deflate, PackBits, CCITT, LZMA, Zstandard and JPEG",
                    compression_name(compression)));
  }
  stored.lossy =
      compression == COMPRESSION_JPEG || compression == COMPRESSION_WEBP || compression == COMPRESSION_LERC;
}

/// Images in the file; overviews and masks of transparency are none of their own. Stops at image `wanted`,
/// which is then the current one.
std::int64_t walk_pages(TIFF* tiff, std::int64_t wanted = kMostDirectories) {
  std::int64_t pages = 1;
  for (int i = 1; pages <= wanted && TIFFLastDirectory(tiff) == 0 && i < kMostDirectories; ++i) {
    if (TIFFReadDirectory(tiff) != 1) break;
    std::uint32_t type = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &type);
    pages += (type & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0 ? 1 : 0;
  }
  return pages;
}

}  // namespace

std::int64_t tiff_pages(Bytes bytes) {
  const TiffSession session(bytes);
  return walk_pages(session.tiff());
}

StoredImage read_tiff(Bytes bytes, std::int64_t page) {
  TiffSession session(bytes);
  TIFF* tiff = session.tiff();
  if (page > 0 && walk_pages(tiff, page) <= page)
    throw core::UserError(fmt::format("the TIFF file has no page {}", page + 1));
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, channels = 1, compression = COMPRESSION_NONE, orientation = 1;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &channels);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  check_claim(FileFormat::kTiff, height, width, channels);
  check_sample_format(tiff, bits);
  StoredImage stored;
  stored.format = FileFormat::kTiff;
  stored.height = height, stored.width = width, stored.channels = channels;
  stored.bits = bits;
  stored.maximum = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
  stored.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  check_compression(compression, stored);
  read_photometric(tiff, compression, stored);
  read_tiff_chunks(session, stored);
  if (page < 0) stored.pages = walk_pages(tiff);
  return stored;
}

std::string tiff_library_version() {
  const std::string text = TIFFGetVersion();  // "LIBTIFF, Version 4.5.0\nCopyright …"
  const std::size_t begin = text.find_first_of("0123456789"), end = text.find('\n');
  return begin == std::string::npos ? text : text.substr(begin, end == std::string::npos ? end : end - begin);
}

}  // namespace segbench::data
