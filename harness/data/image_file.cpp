// SPDX-License-Identifier: MIT
#include "harness/data/image_file.h"

#include <fmt/format.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/data/gif_file.h"
#include "harness/data/jpeg_file.h"
#include "harness/data/opencv.h"
#include "harness/data/png_file.h"
#include "harness/data/signature.h"

namespace segbench::data {
namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 30;

Image image_of_png(Bytes bytes) {
  const PngPixels png = read_png(bytes);
  Image image{png.height, png.width, 3, {}};
  const auto channels = static_cast<std::size_t>(png.channels), pixels = png.values.size() / channels;
  image.pixels.reserve(3 * pixels);
  const std::uint32_t maximum = (1U << png.bit_depth) - 1;
  const auto scaled = [&](std::uint16_t value) {
    return static_cast<std::uint8_t>((std::uint32_t{value} * 255U + maximum / 2) / maximum);
  };
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint16_t* in = png.values.data() + i * channels;
    Rgb colour{};
    if (png.indexed) {
      if (*in >= png.palette.size()) {
        throw core::UserError(fmt::format("the PNG file is damaged: its palette has no entry {}", *in));
      }
      colour = png.palette[*in];
    } else {
      for (std::size_t c = 0; c < 3; ++c) colour[c] = scaled(in[channels >= 3 ? c : 0]);
    }
    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  }
  return image;
}

Image image_of_opencv(Bytes bytes, FileFormat format) {
  // Anydepth keeps 16 bits, which we scale ourselves: OpenCV would cut off the lower eight.
  const cv::Mat mat = decode_with_opencv(
      bytes, format, cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH | cv::IMREAD_IGNORE_ORIENTATION);
  if (mat.channels() != 3 || (mat.depth() != CV_8U && mat.depth() != CV_16U)) {
    throw core::UserError(
        fmt::format("the {} file holds numbers that are neither 8-bit nor 16-bit; allowed: 8 or 16 "
                    "bits a channel",
                    to_string(format)));
  }
  Image image{mat.rows, mat.cols, 3, std::vector<std::uint8_t>(mat.total() * 3)};
  std::uint8_t* out = image.pixels.data();
  const auto copy_reversed = [&](const auto* row, auto scale) {
    for (int x = 0; x < mat.cols; ++x, row += 3, out += 3) {
      for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(scale(row[2 - c]));
    }
  };
  for (int y = 0; y < mat.rows; ++y) {
    if (mat.depth() == CV_8U) {
      copy_reversed(mat.ptr<std::uint8_t>(y), [](std::uint32_t v) { return v; });
    } else {
      copy_reversed(mat.ptr<std::uint16_t>(y), [](std::uint32_t v) { return (v * 255U + 32767U) / 65535U; });
    }
  }
  return image;
}

}  // namespace

std::vector<std::uint8_t> read_sample_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (error == std::errc::too_many_symbolic_link_levels) throw core::UserError("a loop of symbolic links");
  if (status.type() == std::filesystem::file_type::not_found) {
    throw core::UserError(std::filesystem::is_symlink(std::filesystem::symlink_status(file, error))
                              ? "a symbolic link to a file that is not there"
                              : "there is no such file");
  }
  if (error) throw core::UserError(fmt::format("cannot be read: {}", error.message()));
  if (std::filesystem::is_directory(status)) throw core::UserError("a folder, not an image file");
  if (!std::filesystem::is_regular_file(status)) throw core::UserError("not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (size == 0) throw core::UserError("the file is empty");
  if (error || size > kMaxFileBytes) {
    throw core::UserError(fmt::format("the file has {}; allowed: at most {}", core::human_bytes(size),
                                      core::human_bytes(kMaxFileBytes)));
  }
  std::vector<std::uint8_t> bytes(size);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    throw core::UserError("cannot be read");
  }
  return bytes;
}

Image decode_image(Bytes bytes) {
  const Signature signature = examine(bytes);
  if (signature.format == FileFormat::kPng) return image_of_png(bytes);
  if (signature.format == FileFormat::kGif) return read_gif(bytes);
  if (signature.format == FileFormat::kJpeg) return read_jpeg(bytes);
  return image_of_opencv(bytes, signature.format);
}

void write_png(const std::filesystem::path& file, const Image& image) {
  core::write_file_atomically(file, png_of(image));
}

std::string opencv_version() {
  return CV_VERSION;
}

}  // namespace segbench::data
