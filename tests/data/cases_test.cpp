// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/audit/scan.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/mask_file.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

// The small data sets of $SEGBENCH_DATA/../cases, whose README says what is right, against the arrays beside
// them.

namespace segbench::data {
namespace {

using segbench::tests::data_folder;
using segbench::tests::Npy;
using segbench::tests::read_npy;
using testing::HasSubstr;
using tests::bytes_of;
namespace fs = std::filesystem;

fs::path cases_folder() {
  return data_folder().parent_path() / "cases";
}

#define SEGBENCH_NEEDS_CASES()     \
  if (!fs::exists(cases_folder())) \
  GTEST_SKIP() << "SKIPPED: no cases at " << cases_folder() << " (set SEGBENCH_DATA)"

core::DataConfig case_config(const std::string& name, const std::vector<std::string>& classes) {
  core::DataConfig config = default_config("folders", (cases_folder() / name / "data").string());
  config.params["classes"] = classes;
  config.resolution = std::array<std::int64_t, 2>{64, 64};
  return config;
}

/// Images as 8 bits and labels of every sample that has a truth.
void expect_truth(const std::string& name, const core::DataConfig& config) {
  const Catalogue catalogue = open_catalogue(config);
  int compared = 0;
  for (std::size_t i = 0; i < catalogue.samples.size(); ++i) {
    const fs::path truth = cases_folder() / name / "truth";
    const std::string id = catalogue.samples[i].id;
    const bool has_image = fs::exists(truth / (id + ".npy")),
               has_labels = fs::exists(truth / (id + "_l.npy"));
    if (!has_image && !has_labels) continue;
    const DecodedSample sample = load_sample(catalogue, config, i, {64, 64});
    if (has_image) {
      const Npy image = read_npy(truth / (id + ".npy"));
      const bool labels = image.shape.size() == 2;
      EXPECT_EQ(labels ? sample.labels.labels : to_8_bits(sample.image).pixels, image.bytes())
          << name << " " << id;
    }
    if (has_labels) {
      EXPECT_EQ(sample.labels.labels, read_npy(truth / (id + "_l.npy")).bytes()) << name << " " << id;
    }
    ++compared;
  }
  EXPECT_GT(compared, 0) << name;
}

std::string case_audit(const core::DataConfig& config) {
  return tests::text_of(audit(config));
}

TEST(Cases, TiffSamplesAreThoseStored) {
  SEGBENCH_NEEDS_CASES();
  const std::vector<std::string> two = {"background", "thing"};
  testing::internal::CaptureStderr();
  expect_truth("40k-planar16", case_config("40k-planar16", two));
  expect_truth("40d-nir-minisblack", case_config("40d-nir-minisblack", two));
  expect_truth("09-tiff-alpha", case_config("09-tiff-alpha", two));
  for (const auto& [name, channels] : {std::pair{"09c-nir4", 4}, {"09d-bands5", 5}}) {
    core::DataConfig config = case_config(name, two);
    config.channels = channels;
    expect_truth(name, config);
  }
  expect_truth("02-tiff-orientation", case_config("02-tiff-orientation", two));
  core::DataConfig coloured = case_config("09b-tiff-alpha-mask", {"background", "red", "green"});
  coloured.params["class_colours"] = {"#000000", "#ff0000", "#00ff00"};
  expect_truth("09b-tiff-alpha-mask", coloured);
  EXPECT_THAT(case_audit(case_config("09d-bands5", two)), HasSubstr("5 bands"));
  EXPECT_THAT(case_audit(case_config("40d-nir-minisblack", two)), HasSubstr("4 bands"));
  EXPECT_FALSE(audit(case_config("30b-uint32", two)).refused()) << case_audit(case_config("30b-uint32", two));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Cases, MasksKeepWhatIsStored) {
  SEGBENCH_NEEDS_CASES();
  const std::vector<std::string> two = {"background", "thing"}, three = {"background", "a", "b"};
  core::DataConfig boolean = case_config("41a-mask-bool", two);
  expect_truth("41a-mask-bool", boolean);
  boolean.params["mask_values"] = {0, 255};
  expect_truth("41a-mask-bool", boolean);
  expect_truth("41d-mask-orient", case_config("41d-mask-orient", two));
  for (const char* name : {"06-palette-bmp", "06b-palette-tiff", "06e-grey-palette-bmp", "07b-pgm-ascii"}) {
    const AuditReport report = audit(case_config(name, three));
    EXPECT_FALSE(report.refused()) << name << ": " << tests::text_of(report);
    if (report.refused()) continue;
    for (std::size_t c = 0; c < 3; ++c) EXPECT_GT(report.class_pixels.at("train")[c], 0) << name;
  }
  for (const char* name : {"06c-1bit-tiff", "04-gif-01"}) {
    const AuditReport report = audit(case_config(name, two));
    ASSERT_FALSE(report.refused()) << name << ": " << tests::text_of(report);
    EXPECT_GT(report.class_pixels.at("train")[1], 0) << name;
  }
  EXPECT_THAT(case_audit(case_config("08-jpeg-in-tiff", three)), HasSubstr("lossy"));
  EXPECT_THAT(case_audit(case_config("10-multipage-mask", three)), HasSubstr("3 pages"));
  EXPECT_THAT(case_audit(case_config("10b-multipage-image", two)), HasSubstr("warning [pages]"));
}

TEST(Cases, DeclaredColoursWinOverPaletteIndices) {
  SEGBENCH_NEEDS_CASES();
  core::DataConfig config = case_config("03-palette-reordered", {"background", "red", "green"});
  config.params["class_colours"] = {"#000000", "#ff0000", "#00ff00"};
  const Catalogue catalogue = open_catalogue(config);
  const DecodedSample sample = load_sample(catalogue, config, 0, {64, 64});
  const RawMask raw = decode_mask(bytes_of(catalogue.root / catalogue.samples[0].mask_file));
  for (std::size_t i = 0; i < raw.values.size(); ++i) {
    const Rgb colour = raw.palette[raw.values[i]];
    const int label = colour == Rgb{0, 0, 0} ? 0 : colour == Rgb{255, 0, 0} ? 1 : 2;
    ASSERT_EQ(sample.labels.labels[i], label);
  }
}

TEST(Cases, NetpbmMaximaCount) {
  SEGBENCH_NEEDS_CASES();
  // The truth is a picture in colours, of which the files hold the red channel in 12 bits.
  const core::DataConfig config = case_config("72c-p5-4095", {"background", "a"});
  const Catalogue catalogue = open_catalogue(config);
  const Image image = to_8_bits(load_sample(catalogue, config, 0, {64, 64}).image);
  const Npy truth = read_npy(cases_folder() / "72c-p5-4095/truth/im00.npy");
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    ASSERT_NEAR(image.pixels[i], truth.values[i / 3 * 3], 1) << i;
}

TEST(Cases, TwelveBitsInSixteenAreToldAndKept) {
  SEGBENCH_NEEDS_CASES();
  core::DataConfig config = case_config("05-12bit", {"background", "thing"});
  EXPECT_THAT(case_audit(config), HasSubstr("set range = [0, 2047]"));
  config.range = std::array<double, 2>{0, 2047};
  EXPECT_EQ(case_audit(config).find("[range]"), std::string::npos);
  config.channels = 1;
  const Catalogue catalogue = open_catalogue(config);
  const Image image = load_sample(catalogue, config, 0, {64, 64}).image;
  const Npy truth = read_npy(cases_folder() / "05-12bit/truth/im00.npy");
  ASSERT_EQ(image.wide.size(), truth.values.size());
  for (std::size_t i = 0; i < image.wide.size(); ++i) ASSERT_EQ(image.wide[i], truth.values[i]);
}

TEST(Cases, OrientationIsToldWithNames) {
  SEGBENCH_NEEDS_CASES();
  const std::string text = case_audit(case_config("01b-exif-square", {"background", "thing"}));
  EXPECT_THAT(text, HasSubstr("warning [orientation]"));
  EXPECT_THAT(text, HasSubstr("images/im"));
}

}  // namespace
}  // namespace segbench::data
