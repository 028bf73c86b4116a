// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/resize.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::folders_config;
using tests::fs::path;

/// Samples read while `run` prepared.
template <typename Run>
std::int64_t reads_of(Run run) {
  std::int64_t reads = 0;
  run([&](std::int64_t, std::int64_t) { ++reads; });
  return reads;
}

std::vector<std::string> entries_of(const path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : tests::fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void flip_byte(const path& file, std::streamoff at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(at);
  const char byte = static_cast<char>(stream.get() ^ 1);
  stream.seekp(at);
  stream.put(byte);
}

TEST(Prepare, BuildsTheCacheThatTheManifestDescribes) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20, 3);
  core::DataConfig config = folders_config(folder.path() / "set", 3);
  config.resolution = {{5, 7}};
  const PreparedData prepared = prepare(config, folder / "cache");
  const core::DecodeCache cache(prepared.cache);
  EXPECT_EQ(prepared.cache.filename(), prepared.audit.data_fingerprint.substr(0, 16) + "-5x7x3");
  ASSERT_EQ(cache.size(), 20);
  EXPECT_EQ(cache.manifest().official_splits.at("all").size(), 20U);
  const core::CachedSample& sample = cache.manifest().samples[4];
  EXPECT_EQ(sample.id, "p04");
  EXPECT_EQ(sample.image_file, "images/p04.png");
  EXPECT_EQ(sample.original_width, 12);
  const Image expected = resize_bilinear(decode_image(tests::bytes_of(folder / "set/images/p04.png")), 5, 7);
  EXPECT_TRUE(std::equal(expected.pixels.begin(), expected.pixels.end(), cache.image(4).begin()));
  EXPECT_EQ(core::count_labels(cache.labels(4), 3), sample.class_pixels);
  EXPECT_EQ(cache.class_pixels(prepared.splits.test), prepared.audit.class_pixels.at("test"));
  EXPECT_EQ(core::sha256_file(prepared.cache / core::kCacheImagesFile), cache.manifest().images_sha256);
  EXPECT_EQ(entries_of(folder / "cache"),
            (std::vector<std::string>{prepared.cache.filename(), "lock", "scans"}));
}

TEST(Prepare, ReadsAnUnchangedDataSetOnceAndReportsTheSame) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  core::DataConfig config = folders_config(folder.path() / "set");
  const auto prepare_now = [&](const Progress& progress) {
    return prepare(config, folder / "cache", progress);
  };
  std::string first, second;
  EXPECT_EQ(reads_of([&](const Progress& p) { first = to_json(prepare_now(p).audit).dump(); }), 20);
  EXPECT_EQ(reads_of([&](const Progress& p) { second = to_json(prepare_now(p).audit).dump(); }), 0);
  EXPECT_EQ(first, second);
  EXPECT_EQ(first, to_json(audit(config)).dump());
  config.split_seed = 9;  // another draw of the same pixels
  EXPECT_EQ(reads_of([&](const Progress& p) { EXPECT_NE(to_json(prepare_now(p).audit).dump(), ""); }), 0);
  const path image = folder / "set/images/p03.png";
  const auto time = tests::fs::last_write_time(image);
  tests::write_picture(image, 8, 12, 777);  // the same size, and the time put back
  tests::fs::last_write_time(image, time);
  EXPECT_EQ(reads_of([&](const Progress& p) {
              EXPECT_NE(prepare_now(p).audit.data_fingerprint, core::Json::parse(first)["data_fingerprint"]);
            }),
            20);
}

TEST(Prepare, RebuildsADamagedCacheAndSaysSo) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  const core::DataConfig config = folders_config(folder.path() / "set");
  const path cache = prepare(config, folder / "cache").cache;
  const std::string images = core::sha256_file(cache / core::kCacheImagesFile);
  const std::vector<std::function<void()>> damages = {
      [&] { flip_byte(cache / core::kCacheImagesFile, 100); },
      [&] { flip_byte(cache / core::kCacheLabelsFile, 0); },
      [&] { tests::fs::resize_file(cache / core::kCacheImagesFile, 10); },
      [&] { tests::fs::remove(cache / core::kCacheLabelsFile); },
      [&] { tests::write_text(cache / core::kCacheManifestFile, "{}"); },
      [&] { tests::write_text(cache / core::kCacheManifestFile, ""); },
      [&] {
        core::Json manifest = core::Json::parse(tests::bytes_of(cache / core::kCacheManifestFile));
        manifest["format"] = core::kCacheFormat + 1;
        tests::write_text(cache / core::kCacheManifestFile, manifest.dump());
      },
      [&] {
        core::Json manifest = core::Json::parse(tests::bytes_of(cache / core::kCacheManifestFile));
        std::swap(manifest["classes"][0], manifest["classes"][1]);
        tests::write_text(cache / core::kCacheManifestFile, manifest.dump());
      }};
  for (std::size_t i = 0; i < damages.size(); ++i) {
    damages[i]();
    const PreparedData again = prepare(config, folder / "cache");
    ASSERT_EQ(again.notes.size(), 1U) << "damage " << i;
    EXPECT_THAT(again.notes[0], HasSubstr("has been built again"));
    EXPECT_EQ(core::sha256_file(again.cache / core::kCacheImagesFile), images) << "damage " << i;
    EXPECT_TRUE(prepare(config, folder / "cache").notes.empty());
  }
  tests::fs::remove_all(cache);  // absent is not damaged
  EXPECT_TRUE(prepare(config, folder / "cache").notes.empty());
  EXPECT_TRUE(tests::fs::exists(cache / core::kCacheManifestFile));
}

TEST(Prepare, LeavesNothingBehindWhenItRefuses) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  tests::write_text(folder / "set/masks/p07.png", "no mask");
  try {
    prepare(folders_config(folder.path() / "set"), folder / "cache");
    FAIL() << "not refused";
  } catch (const core::UserError& error) {
    EXPECT_EQ(error.exit_code(), core::kAuditRefused);
    EXPECT_THAT(error.what(), HasSubstr((folder / "set/masks/p07.png").string()));
  }
  EXPECT_EQ(entries_of(folder / "cache"), std::vector<std::string>{"lock"});
}

TEST(Prepare, SaysWhenTheCacheCannotBeWritten) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  tests::write_text(folder / "file", "no folder");
  try {
    prepare(folders_config(folder.path() / "set"), folder / "file/cache");
    FAIL() << "not refused";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder / "file").string()));
  }
}

TEST(Prepare, CleansUpAfterABuilderThatWasKilled) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  tests::write_text(folder / "cache/.building-12345/images.u8", "half of it");
  prepare(folders_config(folder.path() / "set"), folder / "cache");
  EXPECT_FALSE(tests::fs::exists(folder / "cache/.building-12345"));
}

TEST(Prepare, SharesACacheAmongRootsWithEqualPixels) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "one", 20);
  tests::write_pairs(folder.path() / "two", 20);
  const path one = prepare(folders_config(folder.path() / "one"), folder / "cache").cache;
  const auto written = tests::fs::last_write_time(one / core::kCacheManifestFile);
  EXPECT_EQ(prepare(folders_config(folder.path() / "two"), folder / "cache").cache, one);
  EXPECT_EQ(tests::fs::last_write_time(one / core::kCacheManifestFile), written);
}

TEST(Prepare, ServesSeveralProcessesAtOnce) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "set", 20);
  const core::DataConfig config = folders_config(folder.path() / "set");
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      try {
        ::_exit(core::DecodeCache(prepare(config, folder / "cache").cache).size() == 20 ? 0 : 1);
      } catch (...) {
        ::_exit(2);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(entries_of(folder / "cache").size(), 3U);
}

TEST(Prepare, OfShapesNeedsNoRoot) {
  const TemporaryFolder folder;
  core::DataConfig config = default_config("shapes");
  config.channels = 1;
  const PreparedData prepared = prepare(config, folder / "cache");
  EXPECT_EQ(core::DecodeCache(prepared.cache).manifest().channels, 1);
  EXPECT_EQ(reads_of([&](const Progress& p) { prepare(config, folder / "cache", p); }), 0);
}

TEST(Prepare, OfCamVidKeepsItsOfficialSplits) {
  SEGBENCH_NEEDS_DATA("camvid");
  const TemporaryFolder folder;
  const PreparedData prepared =
      prepare(default_config("camvid", segbench::tests::data_folder() / "camvid"), folder / "cache");
  const core::DecodeCache cache(prepared.cache);
  EXPECT_EQ(cache.manifest().official_splits.at("val"), prepared.splits.selection);
  for (const std::int64_t i : prepared.splits.test) {
    EXPECT_THAT(cache.manifest().samples[static_cast<std::size_t>(i)].image_file, HasSubstr("test/"));
  }
}

}  // namespace
}  // namespace segbench::data
