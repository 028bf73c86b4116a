// SPDX-License-Identifier: MIT
#include "harness/data/codecs/png_file.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "harness/core/error.h"
#include "harness/data/codecs/exif.h"

namespace segbench::data {
namespace {

/// What libpng's callbacks share. Nothing in it needs a destructor, for errors leave by longjmp.
struct PngSession {
  Bytes rest;
  char message[160] = "";
  png_structp png = nullptr;
  png_infop info = nullptr;
};

void read_png_bytes(png_structp png, png_bytep out, std::size_t size) {
  auto* session = static_cast<PngSession*>(png_get_io_ptr(png));
  if (session->rest.size() < size) png_error(png, "the file is cut off");
  std::memcpy(out, session->rest.data(), size);
  session->rest = session->rest.subspan(size);
}

void keep_png_error(png_structp png, png_const_charp message) {
  auto* session = static_cast<PngSession*>(png_get_error_ptr(png));
  std::snprintf(session->message, sizeof session->message, "%s", message);
  png_longjmp(png, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

/// Runs `step`, in which libpng may fail; false when it did. No object with a destructor may live in `step`.
template <typename Step>
bool png_guarded(PngSession& session, Step step) {
  if (setjmp(png_jmpbuf(session.png)) != 0) return false;
  step(session.png, session.info);
  return true;
}

/// Frees libpng's structures.
struct PngGuard {
  PngSession& session;
  ~PngGuard() { png_destroy_read_struct(&session.png, &session.info, nullptr); }
};

std::vector<Rgb> palette_of(const PngSession& session) {
  png_colorp colours = nullptr;
  int count = 0;
  if (png_get_PLTE(session.png, session.info, &colours, &count) == 0) return {};
  std::vector<Rgb> palette;
  for (int i = 0; i < count; ++i) palette.push_back({colours[i].red, colours[i].green, colours[i].blue});
  return palette;
}

constexpr std::size_t kEndOfHeader = 33;  ///< signature and IHDR

/// The checksum of a chunk (PNG specification, annex D).
std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string big_endian(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFFU);
  return text;
}

/// The chunk tEXt "Software: Segbench".
std::string own_mark() {
  using namespace std::string_literals;
  const std::string body = "tEXtSoftware\0Segbench"s;
  return big_endian(static_cast<std::uint32_t>(body.size() - 4)) + body + big_endian(crc_of(body));
}

}  // namespace

StoredImage read_png(Bytes bytes) {
  PngSession session{.rest = bytes};
  const PngGuard guard{session};
  const auto refuse = [&] {
    throw core::UserError(fmt::format("the PNG file is damaged: {}", session.message));
  };
  session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, keep_png_error, ignore_warning);
  SEGBENCH_CHECK(session.png != nullptr, "libpng cannot start");
  session.info = png_create_info_struct(session.png);
  SEGBENCH_CHECK(session.info != nullptr, "libpng cannot start");
  png_set_read_fn(session.png, &session, read_png_bytes);
  png_set_user_limits(session.png, 0x7FFFFFFF, 0x7FFFFFFF);  // examine() has checked the size

  int passes = 1;
  const bool header_read = png_guarded(session, [&passes](png_structp png, png_infop info) {
    png_read_info(png, info);
    png_set_packing(png);  // 1, 2 and 4 bits to a byte each, values unchanged
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
  });
  if (!header_read) refuse();

  StoredImage stored;
  stored.format = FileFormat::kPng;
  stored.height = png_get_image_height(session.png, session.info);
  stored.width = png_get_image_width(session.png, session.info);
  stored.channels = png_get_channels(session.png, session.info);
  check_claim(stored.format, stored.height, stored.width, stored.channels);
  const bool indexed = png_get_color_type(session.png, session.info) == PNG_COLOR_TYPE_PALETTE;
  if (indexed) stored.palette = palette_of(session);
  if (indexed && stored.palette.empty()) throw core::UserError("the PNG file is damaged: it has no palette");
  stored.rgb = stored.channels >= 3;
  stored.alpha = stored.channels == 2 || stored.channels == 4 ? stored.channels - 1 : -1;
  stored.orientation = orientation_of_png(bytes);
  const bool wide = png_get_bit_depth(session.png, session.info) == 16;
  // png_set_packing reports 8 bits; the depth as stored is the 9th byte of the header's data.
  stored.bits = bytes[24];
  stored.maximum = (1U << stored.bits) - 1;
  // Interlaced files need the whole picture at once, and rows are decoded in place anyway.
  const std::size_t row_bytes = png_get_rowbytes(session.png, session.info);
  const auto rows = static_cast<std::size_t>(stored.height);
  std::vector<std::uint8_t> pixels(row_bytes * rows);
  const bool body_read = png_guarded(session, [&](png_structp png, png_infop) {
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t row = 0; row < rows; ++row)
        png_read_row(png, pixels.data() + row * row_bytes, nullptr);
    }
    png_read_end(png, nullptr);
  });
  if (!body_read) refuse();
  if (!wide) {
    stored.samples = std::move(pixels);
    return stored;
  }
  std::vector<std::uint16_t> samples(pixels.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<std::uint16_t>(pixels[2 * i] << 8 | pixels[2 * i + 1]);
  }
  stored.samples = std::move(samples);
  return stored;
}

std::string png_library_version() {
  return png_get_libpng_ver(nullptr);
}

std::string png_of(const Image& image) {
  SEGBENCH_CHECK(image.channels == 1 || image.channels == 3, "{} channels", image.channels);
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = image.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  header.flags = PNG_IMAGE_FLAG_FAST;  // a third of the time; photographs get a fifth larger, masks smaller
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string file(size, '\0');
  const int written =
      png_image_write_to_memory(&header, file.data(), &size, 0, image.pixels.data(), 0, nullptr);
  SEGBENCH_CHECK(written != 0, "no PNG of {}x{}: {}", image.width, image.height, header.message);
  file.resize(size);
  file.insert(kEndOfHeader, own_mark());
  return file;
}

bool has_own_mark(std::string_view head) {
  const std::string mark = own_mark();
  return head.starts_with("\x89PNG") && head.size() >= kEndOfHeader + mark.size() &&
         head.substr(kEndOfHeader, mark.size()) == mark;
}

}  // namespace segbench::data
