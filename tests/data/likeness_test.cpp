// SPDX-License-Identifier: MIT
#include "harness/data/audit/likeness.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/random.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

// Pictures and masks that are compared with each other: near duplicates across splits, masks that fit another
// image.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr, testing::Not, testing::SizeIs, testing::IsEmpty;
using tests::findings_of, tests::folders_config, tests::text_of;

/// A scene: bright ellipses on dark ground with some noise, and the mask of the ellipses.
DecodedSample scene(std::uint64_t seed, std::int64_t side = 64) {
  core::Stream stream(seed, core::Purpose::kShapes, 0, 0);
  DecodedSample sample{{side, side, 3, {}}, {side, side, {}}};
  struct Ellipse {
    double y, x, height, width;
  };
  std::vector<Ellipse> shapes;
  for (int i = 0; i < 3; ++i) {
    shapes.push_back(
        {stream.uniform(8, 56), stream.uniform(8, 56), stream.uniform(5, 16), stream.uniform(5, 16)});
  }
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const double v = static_cast<double>(y * 64) / static_cast<double>(side),
                   u = static_cast<double>(x * 64) / static_cast<double>(side);
      const bool inside = std::any_of(shapes.begin(), shapes.end(), [&](const Ellipse& e) {
        const double dy = (v - e.y) / e.height, dx = (u - e.x) / e.width;
        return dy * dy + dx * dx < 1;
      });
      sample.labels.labels.push_back(inside ? 1 : 0);
      for (int c = 0; c < 3; ++c)
        sample.image.pixels.push_back(
            static_cast<std::uint8_t>((inside ? 150 : 60) + static_cast<int>(stream.below(40))));
    }
  }
  return sample;
}

/// Twice as high and wide, every pixel four times.
DecodedSample doubled(const DecodedSample& sample) {
  const std::int64_t side = 2 * sample.image.height;
  DecodedSample large{{side, side, 3, {}}, {side, side, {}}};
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const auto at = static_cast<std::size_t>(y / 2 * sample.image.width + x / 2);
      large.labels.labels.push_back(sample.labels.labels[at]);
      for (std::size_t c = 0; c < 3; ++c) large.image.pixels.push_back(sample.image.pixels[3 * at + c]);
    }
  }
  return large;
}

std::vector<Sketch> sketches_of(const std::vector<DecodedSample>& samples) {
  std::vector<Sketch> sketches;
  for (const DecodedSample& sample : samples) {
    sketches.push_back(sketch_of(sample.image, sample.labels));
    sketches.back().image_sha256 = fmt::format("{}", sketches.size());
  }
  return sketches;
}

std::vector<DecodedSample> scenes(std::size_t count) {
  std::vector<DecodedSample> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back(scene(i));
  return samples;
}

TEST(NearTwins, AreFoundThoughPixelsDiffer) {
  std::vector<DecodedSample> samples = scenes(30);
  samples.push_back(samples[3]);
  samples.back().image.pixels[100] ^= 1;  // one bit
  samples.push_back(samples[7]);
  for (std::uint8_t& value : samples.back().image.pixels) value = static_cast<std::uint8_t>(value + 1);
  samples.push_back(doubled(samples[11]));
  const std::vector<NearTwins> twins = find_near_twins(sketches_of(samples));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const NearTwins& pair : twins) pairs.emplace_back(pair.first, pair.second);
  EXPECT_THAT(pairs, testing::UnorderedElementsAre(std::pair(3, 30), std::pair(7, 31), std::pair(11, 32)));
}

TEST(NearTwins, AreFoundInAnotherBrightnessAndContrast) {
  std::vector<DecodedSample> samples = scenes(30);
  samples.push_back(samples[3]);
  for (std::uint8_t& value : samples.back().image.pixels)
    value = static_cast<std::uint8_t>(std::lround(0.8 * value + 30));
  const std::vector<NearTwins> twins = find_near_twins(sketches_of(samples));
  ASSERT_THAT(twins, SizeIs(1));
  EXPECT_EQ(twins[0].first, 3U);
  EXPECT_EQ(twins[0].second, 30U);
}

TEST(Misfits, NameSwappedMasksAndNoOthers) {
  std::vector<DecodedSample> samples = scenes(40);
  MisfitSearch search = find_misfits(sketches_of(samples));
  EXPECT_TRUE(search.possible);
  EXPECT_THAT(search.misfits, IsEmpty());
  std::swap(samples[5].labels, samples[21].labels);
  search = find_misfits(sketches_of(samples));
  ASSERT_THAT(search.misfits, SizeIs(1));
  EXPECT_EQ(search.misfits[0].sample, 5U);
  EXPECT_EQ(search.misfits[0].other, 21U);
  EXPECT_TRUE(search.misfits[0].swapped);
}

TEST(Misfits, AreNotSoughtWhereMasksFollowNoEdges) {
  std::vector<DecodedSample> samples = scenes(40);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].labels = scene(100 + i).labels;
  const MisfitSearch search = find_misfits(sketches_of(samples));
  EXPECT_FALSE(search.possible);
  EXPECT_THAT(search.misfits, IsEmpty());
}

void write_scene(const tests::fs::path& root, const std::string& name, const DecodedSample& sample) {
  tests::fs::create_directories(root / "images");
  tests::fs::create_directories(root / "masks");
  write_png(root / "images" / (name + ".png"), sample.image);
  write_png(root / "masks" / (name + ".png"),
            {sample.labels.height, sample.labels.width, 1, sample.labels.labels});
}

TEST(Audit, TellsSwappedMasksAndNearDuplicates) {
  const TemporaryFolder folder;
  std::vector<DecodedSample> samples = scenes(24);
  std::swap(samples[2].labels, samples[9].labels);
  std::string train, test;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::string name = fmt::format("p{:02}", i);
    write_scene(folder.path(), name, samples[i]);
    (i < 14 ? train : test) += name + "\n";
  }
  samples[4].image.pixels[9] ^= 1;
  write_scene(folder.path(), "copy", samples[4]);
  tests::write_text(folder.path() / "train.txt", train);
  tests::write_text(folder.path() / "test.txt", test + "copy\n");
  const AuditReport report = audit(folders_config(folder.path()));
  ASSERT_THAT(findings_of(report, "masks_swapped"), SizeIs(1)) << text_of(report);
  EXPECT_THAT(findings_of(report, "masks_swapped")[0].message, HasSubstr("masks/p09.png look swapped"));
  ASSERT_THAT(findings_of(report, "near_duplicate"), SizeIs(1)) << text_of(report);
  EXPECT_THAT(findings_of(report, "near_duplicate")[0].message,
              HasSubstr("images/copy.png (test) and images/p04.png (train)"));
  EXPECT_FALSE(findings_of(report, "near_duplicate")[0].remedy.empty());
}

}  // namespace
}  // namespace segbench::data
