// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/data/audit/scan.h"

namespace segbench::data {

/// "<first 16 digits of the fingerprint>-<height>x<width>x<channels>".
std::string cache_name(const core::CacheManifest& manifest);

/// What the manifest of the decode cache must say about the data set. The hashes of its files come from the
/// scan.
core::CacheManifest manifest_of(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan);

/// Why the cache in `folder` cannot be used: it is absent, its manifest is not `expected` (file names apart),
/// or its files do not have the manifest's hashes. Empty when it is sound.
std::optional<std::string> cache_defect(const std::filesystem::path& folder,
                                        const core::CacheManifest& expected);

/// The two big files of a decode cache while they are written, in a folder of their own.
class CacheWriter {
 public:
  /// Creates `folder` and reserves the files' space. Throws core::UserError when the disk has too little.
  CacheWriter(const std::filesystem::path& folder, std::int64_t samples, std::int64_t height,
              std::int64_t width, std::int64_t channels, int bits = 8);
  CacheWriter(const CacheWriter&) = delete;
  CacheWriter& operator=(const CacheWriter&) = delete;
  ~CacheWriter();

  /// May be called from several threads for different samples.
  void write(std::size_t index, const Image& image, const LabelMap& labels);
  /// Syncs both files and sets their hashes.
  void finish(Scan& scan);

 private:
  std::filesystem::path folder_;
  std::int64_t pixels_, channels_;
  int bits_;
  int images_ = -1, labels_ = -1;
};

/// Writes the manifest into `building` and renames the folder to `target`, in place of one that may be there.
void publish_cache(const std::filesystem::path& building, const std::filesystem::path& target,
                   const core::CacheManifest& manifest);

}  // namespace segbench::data
