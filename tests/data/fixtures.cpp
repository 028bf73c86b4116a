// SPDX-License-Identifier: MIT
#include "tests/data/fixtures.h"

#include <fmt/format.h>
#include <gif_lib.h>
#include <png.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data::tests {
namespace {

int colour_type(const PngSpec& spec) {
  if (!spec.palette.empty()) return PNG_COLOR_TYPE_PALETTE;
  constexpr std::array<int, 5> kTypes = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                         PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  return kTypes.at(static_cast<std::size_t>(spec.channels));
}

void require(bool condition, const fs::path& file) {
  if (!condition) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

void write_test_png(const fs::path& file, const PngSpec& spec) {
  fs::create_directories(file.parent_path());
  std::FILE* out = std::fopen(file.c_str(), "wb");
  require(out != nullptr, file);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, out);
  png_set_IHDR(png, info, static_cast<png_uint_32>(spec.width), static_cast<png_uint_32>(spec.height),
               spec.bit_depth, colour_type(spec), spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> palette;
  for (const Rgb& c : spec.palette) palette.push_back({c[0], c[1], c[2]});
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(png, info);
  png_set_packing(png);
  const std::size_t row_values =
      static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.channels);
  std::vector<std::vector<png_byte>> rows(static_cast<std::size_t>(spec.height));
  std::vector<png_bytep> pointers;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    for (std::size_t x = 0; x < row_values; ++x) {
      const std::uint16_t value = spec.values.at((y * row_values + x) % spec.values.size());
      if (spec.bit_depth == 16) rows[y].push_back(static_cast<png_byte>(value >> 8));
      rows[y].push_back(static_cast<png_byte>(value & 255));
    }
    pointers.push_back(rows[y].data());
  }
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  std::fclose(out);
}

void write_test_gif(const fs::path& file, const GifSpec& spec) {
  fs::create_directories(file.parent_path());
  int error = 0;
  GifFileType* gif = EGifOpenFileName(file.c_str(), false, &error);
  require(gif != nullptr, file);
  std::vector<GifColorType> colours;
  for (const Rgb& c : spec.palette) colours.push_back({c[0], c[1], c[2]});
  ColorMapObject* map = GifMakeMapObject(static_cast<int>(colours.size()), colours.data());
  require(map != nullptr, file);
  require(EGifPutScreenDesc(gif, spec.width, spec.height, 8, 0, map) == GIF_OK, file);
  require(EGifPutImageDesc(gif, 0, 0, spec.width, spec.height, false, nullptr) == GIF_OK, file);
  std::vector<GifPixelType> pixels(spec.indices.begin(), spec.indices.end());
  for (int y = 0; y < spec.height; ++y) {
    require(EGifPutLine(gif, pixels.data() + y * spec.width, spec.width) == GIF_OK, file);
  }
  GifFreeMapObject(map);
  require(EGifCloseFile(gif, &error) == GIF_OK, file);
}

void write_mask(const fs::path& file, std::int64_t height, std::int64_t width,
                const std::vector<int>& values) {
  write_test_png(file, {.height = height, .width = width, .values = {values.begin(), values.end()}});
}

void write_picture(const fs::path& file, std::int64_t height, std::int64_t width, std::uint32_t seed) {
  PngSpec spec{.height = height, .width = width, .channels = 3, .values = {}};
  std::uint32_t state = seed * 2654435761U + 12345U;
  for (std::int64_t i = 0; i < height * width * 3; ++i) {
    state = state * 1664525U + 1013904223U;
    spec.values.push_back(static_cast<std::uint16_t>(state >> 24));
  }
  write_test_png(file, spec);
}

void write_text(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::vector<std::uint8_t> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  require(static_cast<bool>(in), file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_pairs(const fs::path& root, int count, int num_classes, std::int64_t height, std::int64_t width,
                 std::uint32_t first_seed) {
  std::vector<int> values;
  for (int c = 0; c < num_classes; ++c) values.push_back(c);
  for (int i = 0; i < count; ++i) {
    const std::string name = fmt::format("p{:02}.png", i);
    write_picture(root / "images" / name, height, width, first_seed + static_cast<std::uint32_t>(i));
    write_mask(root / "masks" / name, height, width, values);
  }
}

core::DataConfig folders_config(const fs::path& root, int num_classes) {
  core::DataConfig config = default_config("folders", root.string());
  config.params["classes"] = core::Json::array();
  for (int c = 0; c < num_classes; ++c) config.params["classes"].push_back(fmt::format("c{}", c));
  return config;
}

std::vector<AuditFinding> findings_of(const AuditReport& report, const std::string& code) {
  std::vector<AuditFinding> found;
  for (const AuditFinding& finding : report.findings) {
    if (finding.code == code) found.push_back(finding);
  }
  return found;
}

std::string text_of(const AuditReport& report) {
  std::string text;
  for (const AuditFinding& f : report.findings) {
    text += fmt::format("{} [{}] {}: {}; {}\n", f.refuses ? "refused" : "warning", f.code, f.file, f.message,
                        f.remedy);
  }
  return text;
}

}  // namespace segbench::data::tests
