// SPDX-License-Identifier: MIT
#include "harness/data/codecs/image_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.h"
#include "harness/data/codecs/signature.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::bytes_of;
using Pixels = std::vector<std::uint8_t>;

/// Red, green, blue, grey in one row, in OpenCV's order.
cv::Mat four_colours() {
  cv::Mat mat(1, 4, CV_8UC3);
  mat.at<cv::Vec3b>(0, 0) = {0, 0, 255};
  mat.at<cv::Vec3b>(0, 1) = {0, 255, 0};
  mat.at<cv::Vec3b>(0, 2) = {255, 0, 0};
  mat.at<cv::Vec3b>(0, 3) = {77, 77, 77};
  return mat;
}

std::string message_of(Bytes bytes) {
  try {
    decode_image(bytes);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(DecodeImage, ReadsEveryFormatByItsSignature) {
  for (const char* suffix : {".png", ".bmp", ".tif", ".ppm", ".webp"}) {
    Pixels bytes;
    ASSERT_TRUE(cv::imencode(suffix, four_colours(), bytes, {cv::IMWRITE_WEBP_QUALITY, 101}));
    const Image image = decode_image(bytes);
    EXPECT_EQ(image.height, 1);
    EXPECT_EQ(image.width, 4);
    EXPECT_EQ(image.pixels, (Pixels{255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77})) << suffix;
  }
}

TEST(DecodeImage, ReadsJpegAndGif) {
  Pixels bytes;
  ASSERT_TRUE(cv::imencode(".jpg", cv::Mat(8, 16, CV_8UC3, cv::Scalar(20, 40, 200)), bytes));
  const Image jpeg = decode_image(bytes);
  EXPECT_EQ(jpeg.width, 16);
  EXPECT_NEAR(jpeg.pixels[0], 200, 3);
  EXPECT_NEAR(jpeg.pixels[2], 20, 3);
  const TemporaryFolder folder;
  tests::write_test_gif(folder / "a.jpg", {.height = 1,
                                           .width = 3,
                                           .indices = {2, 0, 1},
                                           .palette = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {0, 0, 0}}});
  EXPECT_EQ(decode_image(bytes_of(folder / "a.jpg")).pixels, (Pixels{7, 8, 9, 1, 2, 3, 4, 5, 6}));
}

TEST(DecodeImage, KeepsSixteenBitsAndScalesThemRounded) {
  const TemporaryFolder folder;
  tests::write_test_png(folder / "a.png",
                        {.height = 1, .width = 4, .bit_depth = 16, .values = {0, 128, 129, 65535}});
  const Image image = decode_image(bytes_of(folder / "a.png"));
  EXPECT_EQ(image.wide[3], 128);  // as stored
  EXPECT_EQ(to_8_bits(image).pixels, (Pixels{0, 0, 0, 0, 0, 0, 1, 1, 1, 255, 255, 255}));
  cv::Mat mat(1, 2, CV_16UC1);
  mat.at<std::uint16_t>(0, 0) = 65535, mat.at<std::uint16_t>(0, 1) = 129;
  for (const char* suffix : {".tif", ".pgm"}) {
    Pixels bytes;
    ASSERT_TRUE(cv::imencode(suffix, mat, bytes));
    EXPECT_EQ(to_8_bits(decode_image(bytes)).pixels, (Pixels{255, 255, 255, 1, 1, 1})) << suffix;
  }
}

TEST(DecodeImage, DropsAlphaAndExpandsGreyAndPalettes) {
  const TemporaryFolder folder;
  tests::write_test_png(folder / "rgba.png",
                        {.height = 1, .width = 1, .channels = 4, .values = {10, 20, 30, 0}});
  EXPECT_EQ(decode_image(bytes_of(folder / "rgba.png")).pixels, (Pixels{10, 20, 30}));
  tests::write_test_png(folder / "ga.png", {.height = 1, .width = 1, .channels = 2, .values = {10, 0}});
  EXPECT_EQ(decode_image(bytes_of(folder / "ga.png")).pixels, (Pixels{10, 10, 10}));
  tests::write_test_png(folder / "bit.png", {.height = 1, .width = 2, .bit_depth = 1, .values = {0, 1}});
  EXPECT_EQ(decode_image(bytes_of(folder / "bit.png")).pixels, (Pixels{0, 0, 0, 255, 255, 255}));
  tests::write_test_png(folder / "p.png",
                        {.height = 1, .width = 2, .values = {1, 0}, .palette = {{1, 2, 3}, {200, 100, 50}}});
  EXPECT_EQ(decode_image(bytes_of(folder / "p.png")).pixels, (Pixels{200, 100, 50, 1, 2, 3}));
}

/// A JPEG with an EXIF block that asks for a turn by 90 degrees (orientation 6), behind the start marker.
Pixels turned_jpeg() {
  Pixels bytes;
  cv::imencode(".jpg", cv::Mat(8, 16, CV_8UC3, cv::Scalar(1, 2, 3)), bytes);
  const Pixels exif = {0xFF, 0xE1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                       0,    1,    1, 0x12, 0,   3,   0,   0,   0, 1, 0,   6,   0, 0,  0, 0, 0, 0};
  bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
  return bytes;
}

TEST(DecodeImage, IgnoresTheOrientationThatACameraWrites) {
  const Image image = decode_image(turned_jpeg());
  EXPECT_EQ(image.width, 16);
  EXPECT_EQ(image.height, 8);
}

TEST(DecodeImage, RefusesEveryTruncation) {
  const TemporaryFolder folder;
  tests::write_picture(folder / "a.png", 20, 30, 1);
  tests::write_test_gif(
      folder / "a.gif",
      {.height = 20, .width = 30, .indices = Pixels(600, 1), .palette = {{1, 2, 3}, {4, 5, 6}}});
  cv::Mat noise(20, 30, CV_8UC3);
  cv::randu(noise, 0, 255);
  std::map<std::string, Pixels> files = {{"png", bytes_of(folder / "a.png")},
                                         {"gif", bytes_of(folder / "a.gif")}};
  for (const char* suffix : {".jpg", ".bmp", ".tif", ".ppm", ".webp"}) {
    ASSERT_TRUE(cv::imencode(suffix, noise, files[suffix]));
  }
  files["progressive"].clear();
  ASSERT_TRUE(cv::imencode(".jpg", noise, files["progressive"], {cv::IMWRITE_JPEG_PROGRESSIVE, 1}));
  for (const auto& [name, bytes] : files) {
    ASSERT_EQ(message_of(bytes), "") << name;
    for (const double fraction : {0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9}) {
      const auto length = static_cast<std::size_t>(fraction * static_cast<double>(bytes.size()));
      EXPECT_NE(message_of(Bytes(bytes).first(length)), "")
          << name << " cut to " << length << " of " << bytes.size();
    }
  }
}

TEST(DecodeImage, SurvivesFlippedBytes) {
  const TemporaryFolder folder;
  tests::write_picture(folder / "a.png", 20, 30, 1);
  tests::write_test_gif(
      folder / "a.gif",
      {.height = 20, .width = 30, .indices = Pixels(600, 1), .palette = {{1, 2, 3}, {4, 5, 6}}});
  cv::Mat noise(20, 30, CV_8UC3);
  cv::randu(noise, 0, 255);
  std::vector<Pixels> files = {bytes_of(folder / "a.png"), bytes_of(folder / "a.gif")};
  for (const char* suffix : {".jpg", ".bmp", ".tif", ".ppm", ".webp"}) {
    ASSERT_TRUE(cv::imencode(suffix, noise, files.emplace_back()));
  }
  std::uint32_t state = 1;
  const auto random = [&state](std::size_t bound) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % bound;
  };
  for (const Pixels& original : files) {
    for (int round = 0; round < 200; ++round) {
      Pixels bytes = original;
      for (int flips = 0; flips < 3; ++flips) {
        const std::size_t range = round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 64) : bytes.size();
        bytes[random(range)] = static_cast<std::uint8_t>(random(256));
      }
      try {  // either a whole image or a UserError, nothing else
        const Image image = decode_image(bytes);
        EXPECT_EQ(image.bytes().size(),
                  static_cast<std::size_t>(image.height * image.width * 3 * image.bits() / 8));
      } catch (const core::UserError&) {
      }
      try {
        (void)examine(bytes);
      } catch (const core::UserError&) {
      }
    }
  }
}

TEST(DecodeImage, RefusesBombsBeforeDecoding) {
  Pixels bytes = {0x89, 'P',  'N',  'G',  '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0x7F,
                  0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 8,    2, 0, 0, 0,  0,   0,   0,   0};
  EXPECT_THAT(message_of(bytes), HasSubstr("claims 2147483647 x 2147483647 pixels"));
  const std::string pnm = "P5\n99999999999999999999 99999999999999999999\n255\nx";
  EXPECT_NE(message_of({reinterpret_cast<const std::uint8_t*>(pnm.data()), pnm.size()}), "");
}

TEST(DecodeImage, SaysWhenItIsNoImage) {
  const std::string text = "Please find the image attached.";
  EXPECT_THAT(message_of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}),
              HasSubstr("unknown image format"));
  EXPECT_THAT(message_of({}), HasSubstr("empty"));
}

TEST(ReadSampleFile, SaysWhatIsInTheWay) {
  const TemporaryFolder folder;
  const auto message = [](const std::filesystem::path& file) -> std::string {
    try {
      read_sample_file(file);
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "";
  };
  tests::fs::create_directory(folder / "d.png");
  tests::fs::create_symlink(folder / "l.png", folder / "l.png");
  tests::fs::create_symlink(folder / "gone.png", folder / "g.png");
  tests::write_text(folder / "empty.png", "");
  EXPECT_THAT(message(folder / "d.png"), HasSubstr("a folder"));
  EXPECT_THAT(message(folder / "l.png"), HasSubstr("loop"));
  EXPECT_THAT(message(folder / "g.png"), HasSubstr("symbolic link to a file that is not there"));
  EXPECT_THAT(message(folder / "empty.png"), HasSubstr("empty"));
  EXPECT_THAT(message(folder / "none.png"), HasSubstr("no such file"));
}

TEST(WithChannels, ReducesToLuminance) {
  const Image grey = with_channels({1, 2, 3, {255, 0, 0, 10, 10, 10}}, 1);
  EXPECT_EQ(grey, (Image{1, 2, 1, {76, 10}}));
}

TEST(WritePng, IsReadBack) {
  const TemporaryFolder folder;
  const Image image{1, 2, 3, {1, 2, 3, 200, 100, 50}};
  write_png(folder / "a.png", image);
  EXPECT_EQ(decode_image(bytes_of(folder / "a.png")), image);
}

}  // namespace
}  // namespace segbench::data
