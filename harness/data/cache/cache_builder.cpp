// SPDX-License-Identifier: MIT
#include "harness/data/cache/cache_builder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <tuple>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/parallel.h"
#include "harness/core/text.h"
#include "harness/data/audit/judge.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, std::string_view what) {
  throw core::UserError(fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)),
                        core::kTrialFailed);
}

int create_file(const fs::path& file, std::int64_t bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) fail(file, "cannot be created");
  if (::ftruncate(descriptor, bytes) != 0) {
    ::close(descriptor);
    fail(file, "cannot be made as large as needed");
  }
  return descriptor;
}

void write_at(int descriptor, const fs::path& file, std::span<const std::byte> rest, std::int64_t offset) {
  while (!rest.empty()) {
    const ssize_t written = ::pwrite(descriptor, rest.data(), rest.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file, "cannot be written");
    rest = rest.subspan(static_cast<std::size_t>(written));
    offset += written;
  }
}

/// The hashes of both big files, computed side by side.
std::pair<std::string, std::string> hash_files(const fs::path& folder, int bits) {
  std::array<std::string, 2> hashes;
  const std::array<const char*, 2> names = {core::cache_images_file(bits), core::kCacheLabelsFile};
  core::in_parallel(2, [&](std::size_t i) { hashes[i] = core::sha256_file(folder / names[i]); });
  return {hashes[0], hashes[1]};
}

/// Equal but for the names of the files, which say nothing about the pixels.
core::Json comparable(core::CacheManifest manifest) {
  for (core::CachedSample& sample : manifest.samples) sample.image_file = sample.mask_file = "";
  manifest.images_sha256 = manifest.labels_sha256 = "";
  return core::to_json(manifest);
}

}  // namespace

std::string cache_name(const core::CacheManifest& manifest) {
  return fmt::format("{}-{}x{}x{}", manifest.data_fingerprint.substr(0, 16), manifest.height, manifest.width,
                     manifest.channels);
}

core::CacheManifest manifest_of(const Catalogue& catalogue, const core::DataConfig& config,
                                const Scan& scan) {
  core::CacheManifest manifest{.data_fingerprint = data_fingerprint(catalogue, config, scan),
                               .kind = config.kind,
                               .height = scan.height,
                               .width = scan.width,
                               .channels = config.channels,
                               .bits = scan.bits(),
                               .classes = catalogue.classes,
                               .samples = {},
                               .official_splits = catalogue.official_splits,
                               .images_sha256 = scan.images_sha256,
                               .labels_sha256 = scan.labels_sha256};
  for (std::size_t i = 0; i < scan.samples.size(); ++i) {
    const Sample& sample = catalogue.samples[i];
    const SampleFacts& facts = scan.samples[i];
    manifest.samples.push_back({.id = sample.id,
                                .image_file = sample.image_file,
                                .mask_file = sample.mask_file,
                                .image_sha256 = facts.image_sha256,
                                .original_height = facts.height,
                                .original_width = facts.width,
                                .class_pixels = facts.class_pixels});
  }
  return manifest;
}

std::optional<std::string> cache_defect(const fs::path& folder, const core::CacheManifest& expected) {
  if (!fs::exists(folder)) return "it is not there";
  try {
    const core::CacheManifest found = core::read_cache_manifest(folder / core::kCacheManifestFile);
    if (comparable(found) != comparable(expected)) return "its manifest tells of other data";
    const core::DecodeCache check_sizes(folder);
    const auto [images, labels] = hash_files(folder, found.bits);
    if (images != found.images_sha256)
      return fmt::format("{} is not as it was written", core::cache_images_file(found.bits));
    if (labels != found.labels_sha256)
      return fmt::format("{} is not as it was written", core::kCacheLabelsFile);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return std::nullopt;
}

CacheWriter::CacheWriter(const fs::path& folder, std::int64_t samples, std::int64_t height,
                         std::int64_t width, std::int64_t channels, int bits)
    : folder_(folder), pixels_(height * width), channels_(channels), bits_(bits) {
  fs::create_directories(folder);
  const auto needed = static_cast<std::uintmax_t>(samples * pixels_ * (channels_ * bits_ / 8 + 1));
  if (const std::uintmax_t free = fs::space(folder).available; free < needed) {
    throw core::UserError(
        fmt::format("{}: the decode cache needs {}, the disk has {} left", folder.parent_path().string(),
                    core::human_bytes(needed), core::human_bytes(free)),
        core::kTrialFailed);
  }
  images_ = create_file(folder / core::cache_images_file(bits_), samples * pixels_ * channels_ * bits_ / 8);
  labels_ = create_file(folder / core::kCacheLabelsFile, samples * pixels_);
}

CacheWriter::~CacheWriter() {
  if (images_ >= 0) ::close(images_);
  if (labels_ >= 0) ::close(labels_);
}

void CacheWriter::write(std::size_t index, const Image& image, const LabelMap& labels) {
  const auto i = static_cast<std::int64_t>(index);
  const std::int64_t image_bytes = pixels_ * channels_ * bits_ / 8;
  SEGBENCH_CHECK(static_cast<std::int64_t>(image.bytes().size()) == image_bytes &&
                     static_cast<std::int64_t>(labels.labels.size()) == pixels_,
                 "sample {} has {} bytes and {} labels", index, image.bytes().size(), labels.labels.size());
  write_at(images_, folder_ / core::cache_images_file(bits_), image.bytes(), i * image_bytes);
  write_at(labels_, folder_ / core::kCacheLabelsFile, std::as_bytes(std::span(labels.labels)), i * pixels_);
}

void CacheWriter::finish(Scan& scan) {
  if (::fsync(images_) != 0) fail(folder_ / core::cache_images_file(bits_), "cannot be synced to disk");
  if (::fsync(labels_) != 0) fail(folder_ / core::kCacheLabelsFile, "cannot be synced to disk");
  std::tie(scan.images_sha256, scan.labels_sha256) = hash_files(folder_, bits_);
}

void publish_cache(const fs::path& building, const fs::path& target, const core::CacheManifest& manifest) {
  core::write_file_atomically(building / core::kCacheManifestFile, core::to_json(manifest).dump(1) + "\n");
  const fs::path aside = target.string() + ".damaged";
  fs::remove_all(aside);
  if (fs::exists(target)) fs::rename(target, aside);  // trials that have it mapped keep their pages
  fs::rename(building, target);
  core::sync_folder(target.parent_path());
  fs::remove_all(aside);
}

}  // namespace segbench::data
