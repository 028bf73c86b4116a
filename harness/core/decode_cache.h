// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/core/files.h"
#include "harness/core/json.h"

// The decode cache: a folder that holds every image and label map of a data set, decoded and resized once.
//
//   manifest.json   CacheManifest
//   images.u8       N * height * width * channels bytes, [N, H, W, C]: channels last, RGB order, 0…255
//   images.u16      instead of it where files have more than 8 bits a sample: 16-bit little-endian numbers
//   labels.u8       N * height * width bytes, [N, H, W]: class index, or kVoidLabel (255)
//
// It is written by harness/data into a temporary folder that is renamed when complete, and only read
// afterwards.

namespace segbench::core {

struct CachedSample {
  std::string id;                     ///< unique within the data set
  std::string image_file, mask_file;  ///< relative to the data root; "" for built-in data
  std::string image_sha256;           ///< of the decoded pixels before resizing
  std::int64_t original_height = 0, original_width = 0;
  std::vector<std::int64_t> class_pixels;  ///< at cache resolution; num_classes entries and, last, void
};

struct ClassInfo {
  std::string name;
  std::array<std::uint8_t, 3> colour{};  ///< RGB, for panels and plots
};

struct CacheManifest {
  std::string data_fingerprint;  ///< SHA-256 hex of kind, classes and every sample's pixels, before resizing
  std::string kind;
  std::int64_t height = 0, width = 0, channels = 0;
  int bits = 8;  ///< of a sample of images.u8 (8) or images.u16 (16)
  std::vector<ClassInfo> classes;
  std::vector<CachedSample> samples;
  std::map<std::string, std::vector<std::int64_t>> official_splits;  ///< name to sample indices
  std::string images_sha256, labels_sha256;                          ///< of the two big files

  std::int64_t sample_bytes() const { return bits == 16 ? 2 : 1; }
};

Json to_json(const CacheManifest& manifest);
/// Throws UserError naming `file` when it is malformed or of another format version.
CacheManifest read_cache_manifest(const std::filesystem::path& file);

inline constexpr int kCacheFormat = 1;
inline constexpr int kWideCacheFormat =
    2;  ///< of 16 bits, which programs that know format 1 alone must not read
inline constexpr const char* kCacheManifestFile = "manifest.json";
inline constexpr const char* kCacheImagesFile = "images.u8";
inline constexpr const char* kWideCacheImagesFile = "images.u16";
inline constexpr const char* kCacheLabelsFile = "labels.u8";
/// The name of the images' file for samples of `bits`.
constexpr const char* cache_images_file(int bits) {
  return bits == 16 ? kWideCacheImagesFile : kCacheImagesFile;
}

/// A complete cache folder, memory-mapped. Opening checks that the sizes fit the manifest (throws UserError
/// if not).
class DecodeCache {
 public:
  explicit DecodeCache(const std::filesystem::path& folder);

  const CacheManifest& manifest() const { return manifest_; }
  std::int64_t size() const { return static_cast<std::int64_t>(manifest_.samples.size()); }
  int num_classes() const { return static_cast<int>(manifest_.classes.size()); }
  /// [H, W, C] samples of sample `index`, as bytes: two each where manifest().bits is 16.
  std::span<const std::uint8_t> image(std::int64_t index) const;
  /// [H, W] bytes of sample `index`.
  std::span<const std::uint8_t> labels(std::int64_t index) const;
  /// Pixels of each class and, last, void over the given samples.
  std::vector<std::int64_t> class_pixels(std::span<const std::int64_t> indices) const;

 private:
  CacheManifest manifest_;
  MappedFile images_, labels_;
};

}  // namespace segbench::core
