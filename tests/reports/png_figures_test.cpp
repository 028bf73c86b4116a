// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "harness/core/files.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "results/conclusions/summarise.h"
#include "tests/support/temporary_folder.h"

// The PNG of a figure is for slides and word processors: what the SVG shows must fit into it.

namespace segbench::reports {
namespace {

struct Picture {
  std::size_t height = 0, width = 0;
  std::vector<std::uint8_t> grey;  ///< [height, width]
};

Picture read_picture(const std::filesystem::path& file) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_file(&header, file.c_str()), 0) << header.message;
  header.format = PNG_FORMAT_GRAY;
  Picture picture{.height = header.height, .width = header.width, .grey = {}};
  picture.grey.resize(picture.height * picture.width);
  const png_color white{255, 255, 255};
  EXPECT_NE(png_image_finish_read(&header, &white, picture.grey.data(), 0, nullptr), 0) << header.message;
  return picture;
}

/// The first column from the left that is not blank.
std::size_t first_ink(const Picture& picture) {
  for (std::size_t x = 0; x < picture.width; ++x) {
    for (std::size_t y = 0; y < picture.height; ++y) {
      if (picture.grey[y * picture.width + x] < 200) return x;
    }
  }
  return picture.width;
}

TEST(PngFigures, ShowLongNamesWhole) {
  if (std::system("gnuplot --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "SKIPPED: no gnuplot";
  ReportModel model;
  model.metric = "miou", model.split = "test";
  Entry entry;
  entry.id = entry.label = "architecture-of-the-year";
  entry.score = conclusions::summarise({{"t1", 1, 0.5}, {"t2", 2, 0.6}});
  model.leaderboard = {entry};
  const std::vector<Plot> plots = make_plots(model);
  const auto strip =
      std::find_if(plots.begin(), plots.end(), [](const Plot& plot) { return plot.name == "strip"; });
  ASSERT_NE(strip, plots.end());
  const tests::TemporaryFolder folder;
  core::write_file_atomically(folder / "strip.gp", strip->script);
  for (const auto& [name, data] : strip->data) core::write_file_atomically(folder / name, data);
  ASSERT_EQ(run_gnuplot(folder.path(), {"strip.gp"}), "");
  const Picture picture = read_picture(folder / "strip.png");
  EXPECT_GE(first_ink(picture), 6u) << "three times as many pixels as in the SVG";
  EXPECT_LT(first_ink(picture), picture.width / 4) << "there is a name";
}

}  // namespace
}  // namespace segbench::reports
