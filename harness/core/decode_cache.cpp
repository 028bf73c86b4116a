// SPDX-License-Identifier: MIT
#include "harness/core/decode_cache.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"

namespace segbench::core {
namespace {

std::span<const std::uint8_t> slice(const MappedFile& file, std::int64_t index, std::int64_t bytes_each) {
  const auto bytes = file.bytes().subspan(static_cast<std::size_t>(index * bytes_each),
                                          static_cast<std::size_t>(bytes_each));
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

void check_size(const std::filesystem::path& file, const MappedFile& mapped, std::int64_t expected) {
  if (static_cast<std::int64_t>(mapped.bytes().size()) == expected) return;
  throw UserError(fmt::format("{}: the decode cache is damaged: it has {} bytes, expected {}", file.string(),
                              mapped.bytes().size(), expected));
}

}  // namespace

Json to_json(const CacheManifest& manifest) {
  Json classes = Json::array(), samples = Json::array();
  for (const ClassInfo& info : manifest.classes)
    classes.push_back({{"name", info.name}, {"colour", info.colour}});
  for (const CachedSample& sample : manifest.samples) {
    samples.push_back({{"id", sample.id},
                       {"image_file", sample.image_file},
                       {"mask_file", sample.mask_file},
                       {"image_sha256", sample.image_sha256},
                       {"original_size", {sample.original_height, sample.original_width}},
                       {"class_pixels", sample.class_pixels}});
  }
  Json json = {{"format", manifest.bits == 16 ? kWideCacheFormat : kCacheFormat},
               {"data_fingerprint", manifest.data_fingerprint},
               {"kind", manifest.kind},
               {"height", manifest.height},
               {"width", manifest.width},
               {"channels", manifest.channels},
               {"classes", classes},
               {"samples", samples},
               {"official_splits", manifest.official_splits},
               {"images_sha256", manifest.images_sha256},
               {"labels_sha256", manifest.labels_sha256}};
  if (manifest.bits != 8) json["bits"] = manifest.bits;
  return json;
}

CacheManifest read_cache_manifest(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    const Json json = Json::parse(text);
    const int format = json.at("format"),
              expected = json.value("bits", 8) == 16 ? kWideCacheFormat : kCacheFormat;
    if (format != expected) {
      throw UserError(fmt::format("{}: unknown cache format {}; this version reads format {}", file.string(),
                                  format, expected));
    }
    CacheManifest manifest{.data_fingerprint = json.at("data_fingerprint"),
                           .kind = json.at("kind"),
                           .height = json.at("height"),
                           .width = json.at("width"),
                           .channels = json.at("channels"),
                           .bits = json.value("bits", 8),
                           .classes = {},
                           .samples = {},
                           .official_splits = json.at("official_splits"),
                           .images_sha256 = json.at("images_sha256"),
                           .labels_sha256 = json.at("labels_sha256")};
    for (const Json& info : json.at("classes")) {
      manifest.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
    }
    for (const Json& sample : json.at("samples")) {
      manifest.samples.push_back({.id = sample.at("id"),
                                  .image_file = sample.at("image_file"),
                                  .mask_file = sample.at("mask_file"),
                                  .image_sha256 = sample.at("image_sha256"),
                                  .original_height = sample.at("original_size").at(0),
                                  .original_width = sample.at("original_size").at(1),
                                  .class_pixels = sample.at("class_pixels")});
    }
    return manifest;
  } catch (const Json::exception& error) {
    throw UserError(fmt::format("{}: the decode cache is damaged: {}", file.string(), json_problem(error)));
  }
}

DecodeCache::DecodeCache(const std::filesystem::path& folder)
    : manifest_(read_cache_manifest(folder / kCacheManifestFile)),
      images_(folder / cache_images_file(manifest_.bits)),
      labels_(folder / kCacheLabelsFile) {
  const std::int64_t pixels = size() * manifest_.height * manifest_.width;
  check_size(folder / cache_images_file(manifest_.bits), images_,
             pixels * manifest_.channels * manifest_.sample_bytes());
  check_size(folder / kCacheLabelsFile, labels_, pixels);
}

std::span<const std::uint8_t> DecodeCache::image(std::int64_t index) const {
  SEGBENCH_CHECK(index >= 0 && index < size(), "sample {} of {}", index, size());
  return slice(images_, index,
               manifest_.height * manifest_.width * manifest_.channels * manifest_.sample_bytes());
}

std::span<const std::uint8_t> DecodeCache::labels(std::int64_t index) const {
  SEGBENCH_CHECK(index >= 0 && index < size(), "sample {} of {}", index, size());
  return slice(labels_, index, manifest_.height * manifest_.width);
}

std::vector<std::int64_t> DecodeCache::class_pixels(std::span<const std::int64_t> indices) const {
  std::vector<std::int64_t> sums(manifest_.classes.size() + 1);
  for (const std::int64_t index : indices) {
    SEGBENCH_CHECK(index >= 0 && index < size(), "sample {} of {}", index, size());
    const auto& counts = manifest_.samples[static_cast<std::size_t>(index)].class_pixels;
    SEGBENCH_CHECK(counts.size() == sums.size(), "sample {} counts {} classes", index, counts.size());
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += counts[c];
  }
  return sums;
}

}  // namespace segbench::core
