// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/text/utf8.h"
#include "reports/panels/panels.h"

namespace segbench::reports {
namespace {

/// Void is hatched, since any single grey may be the colour of a class.
cv::Vec3b void_colour(int x, int y, int height) {
  const int stripe = std::max(2, height / 80);
  return (x + y) / stripe % 2 == 0 ? cv::Vec3b(150, 150, 150) : cv::Vec3b(255, 255, 255);
}

const cv::Vec3b kErrorColour(0, 94, 213);  // BGR of Okabe and Ito's vermilion
constexpr int kTallest = 320;              // pixels; larger pictures are shrunk for the report

/// BGR colours of the classes: the data set's own, else hues spread by the golden angle over a dark
/// background class.
std::vector<cv::Vec3b> class_colours(const ReportModel& model) {
  std::vector<cv::Vec3b> colours;
  for (const std::string& hex : model.measurement.class_colours) {
    const auto channel = [&](std::size_t at) {
      return static_cast<unsigned char>(std::stoi(hex.substr(at, 2), nullptr, 16));
    };
    colours.emplace_back(channel(5), channel(3), channel(1));
  }
  for (std::size_t c = colours.size(); c < model.measurement.class_names.size(); ++c) {
    cv::Mat3b pixel(1, 1,
                    cv::Vec3b(static_cast<unsigned char>(c * 69 % 180), c == 0 ? 0 : 170, c == 0 ? 40 : 225));
    cv::cvtColor(pixel, pixel, cv::COLOR_HSV2BGR);
    colours.push_back(pixel(0, 0));
  }
  return colours;
}

cv::Mat3b picture_of(const PanelPixels& pixels) {
  const int height = static_cast<int>(pixels.height), width = static_cast<int>(pixels.width);
  const int type = pixels.channels == 1 ? CV_8UC1 : CV_8UC3;
  const cv::Mat source(height, width, type, const_cast<std::uint8_t*>(pixels.image.data()));
  cv::Mat3b picture;
  cv::cvtColor(source, picture, pixels.channels == 1 ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
  return picture;
}

cv::Mat3b labels_of(const PanelPixels& pixels, const std::vector<std::uint8_t>& labels,
                    const std::vector<cv::Vec3b>& colours) {
  cv::Mat3b picture(static_cast<int>(pixels.height), static_cast<int>(pixels.width));
  auto pixel = picture.begin();
  for (const std::uint8_t label : labels) {
    *pixel = label < colours.size()
                 ? colours[label]
                 : void_colour(pixel.pos().x, pixel.pos().y, static_cast<int>(pixels.height));
    ++pixel;
  }
  return picture;
}

cv::Mat3b errors_of(const PanelPixels& pixels, const std::vector<std::uint8_t>& labels,
                    const cv::Mat3b& input) {
  cv::Mat grey;
  cv::cvtColor(input, grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_8U, 0.45, 140);  // pale, so that the errors stand out
  cv::Mat3b picture;
  cv::cvtColor(grey, picture, cv::COLOR_GRAY2BGR);
  auto pixel = picture.begin();
  for (std::size_t p = 0; p < labels.size(); ++p, ++pixel) {
    if (pixels.truth[p] == core::kVoidLabel)
      *pixel = void_colour(pixel.pos().x, pixel.pos().y, static_cast<int>(pixels.height));
    else if (pixels.truth[p] != labels[p])
      *pixel = kErrorColour;
  }
  return picture;
}

/// A PNG file. Straight through libpng: OpenCV's writers would bring a hundred libraries into every command.
std::string encoded(const cv::Mat3b& picture) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(picture.cols);
  header.height = static_cast<png_uint_32>(picture.rows);
  header.format = PNG_FORMAT_BGR;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string file(size, '\0');
  const auto stride = static_cast<png_int_32>(picture.step[0]);
  const int written =
      png_image_write_to_memory(&header, file.data(), &size, 0, picture.data, stride, nullptr);
  SEGBENCH_CHECK(written != 0, "a panel cannot be encoded: {}", header.message);
  file.resize(size);
  return file;
}

std::string shrunk_png(const cv::Mat3b& picture, bool labels) {
  cv::Mat3b shrunk = picture;
  if (picture.rows > kTallest) {
    const double factor = static_cast<double>(kTallest) / picture.rows;
    cv::resize(picture, shrunk, {}, factor, factor, labels ? cv::INTER_NEAREST : cv::INTER_AREA);
  }
  return encoded(shrunk);
}

/// OpenCV's fonts know only ASCII.
std::string ascii(std::string_view text) {
  std::string plain;
  for (const char c : text::clean(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      plain += c;
    else if (byte >= 0xC0)
      plain += '?';
  }
  return plain.substr(0, 24);
}

/// A grid: inputs and predictions above, error maps below, a heading over each column.
std::string sheet_of(const std::vector<cv::Mat3b>& upper, const std::vector<cv::Mat3b>& lower,
                     const std::vector<std::string>& headings) {
  constexpr int kGap = 8, kHead = 22;
  const int least = 128;
  const int factor = std::max(1, (least + upper[0].rows - 1) / upper[0].rows);
  const int height = upper[0].rows * factor, width = upper[0].cols * factor;
  const int columns = static_cast<int>(upper.size());
  cv::Mat3b sheet(kHead + 2 * (height + kGap), columns * (width + kGap), cv::Vec3b(255, 255, 255));
  for (int c = 0; c < columns; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const int x = c * (width + kGap);
    cv::putText(sheet, headings[i], {x, 15}, cv::FONT_HERSHEY_SIMPLEX, 0.4, {30, 30, 30}, 1, cv::LINE_AA);
    const auto place = [&](const cv::Mat3b& tile, int row) {
      if (tile.empty()) return;
      cv::Mat3b target = sheet(cv::Rect(x, kHead + row * (height + kGap), width, height));
      cv::resize(tile, target, target.size(), 0, 0, cv::INTER_NEAREST);
    };
    place(upper[i], 0);
    place(lower[i], 1);
  }
  return encoded(sheet);
}

}  // namespace

PanelPictures draw_panel(const Panel& panel, const PanelPixels& pixels, const ReportModel& model) try {
  const std::vector<cv::Vec3b> colours = class_colours(model);
  const cv::Mat3b input = picture_of(pixels), truth = labels_of(pixels, pixels.truth, colours);
  PanelPictures pictures{.input = shrunk_png(input, false),
                         .truth = shrunk_png(truth, true),
                         .predictions = {},
                         .errors = {},
                         .sheet = {}};
  std::vector<cv::Mat3b> upper = {input, truth}, lower(2);
  std::vector<std::string> headings = {"input", "ground truth"};
  for (std::size_t i = 0; i < pixels.predictions.size(); ++i) {
    upper.push_back(labels_of(pixels, pixels.predictions[i], colours));
    lower.push_back(errors_of(pixels, pixels.predictions[i], input));
    pictures.predictions.push_back(shrunk_png(upper.back(), true));
    pictures.errors.push_back(shrunk_png(lower.back(), true));
    const Entry* entry = find_entry(model, panel.tiles.at(i).variant);
    const std::optional<std::int64_t> epoch = panel.tiles[i].epoch;
    headings.push_back(epoch ? fmt::format("epoch {}", *epoch) : entry != nullptr ? ascii(entry->label) : "");
  }
  pictures.sheet = sheet_of(upper, lower, headings);
  return pictures;
} catch (const cv::Exception& error) {
  throw core::UserError(fmt::format("panel {}: {}", panel.id, error.what()));
}

}  // namespace segbench::reports
