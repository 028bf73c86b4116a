// SPDX-License-Identifier: MIT
#include "harness/data/predicted_masks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/core/files.h"
#include "harness/data/codecs/colour_text.h"
#include "harness/data/codecs/mask_file.h"
#include "harness/data/codecs/resize.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTold = 10;

core::Problem problem_of(const fs::path& file, const std::string& message) {
  return {.file = file.string(), .line = 0, .column = 0, .message = message};
}

/// The files below a folder by their path without extension, '/' turned to '_'.
std::multimap<std::string, fs::path> files_by_name(const fs::path& folder) {
  std::multimap<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename().string().starts_with('.')) continue;
    std::string name = fs::relative(entry.path(), folder).replace_extension().generic_string();
    std::replace(name.begin(), name.end(), '/', '_');
    files.emplace(std::move(name), entry.path());
  }
  return files;
}

/// What the mask of each id may be called, by the id.
std::map<std::string, std::vector<std::string>> names_of(const core::CacheManifest& manifest,
                                                         std::span<const std::int64_t> indices) {
  std::map<std::string, int> last_parts;
  const auto last_part = [](const std::string& id) { return id.substr(id.rfind('/') + 1); };
  for (const core::CachedSample& sample : manifest.samples) ++last_parts[last_part(sample.id)];
  std::map<std::string, std::vector<std::string>> names;
  for (const std::int64_t index : indices) {
    const std::string& id = manifest.samples.at(static_cast<std::size_t>(index)).id;
    std::string whole = id;
    std::replace(whole.begin(), whole.end(), '/', '_');
    names[id] = {whole};
    if (last_part(id) != whole && last_parts.at(last_part(id)) == 1) names[id].push_back(last_part(id));
  }
  return names;
}

LabelCoding coding_of(const PredictedCoding& chosen, const core::CacheManifest& manifest,
                      std::vector<core::Problem>& problems) {
  LabelCoding coding;
  const std::size_t classes = manifest.classes.size();
  for (std::size_t c = 0; c < classes; ++c) {
    coding.class_values.push_back(chosen.values.empty() ? static_cast<int>(c) : 0);
    coding.class_colours.push_back(manifest.classes[c].colour);
  }
  const auto check = [&](const char* what, std::size_t given) {
    if (given > 0 && given != classes)
      problems.push_back(problem_of(
          "", fmt::format("{} has {} entries, but the study has {} classes", what, given, classes)));
    return given == classes;
  };
  if (check("values", chosen.values.size())) coding.class_values = chosen.values;
  if (check("colours", chosen.colours.size())) {
    for (std::size_t c = 0; c < classes; ++c) {
      const std::optional<Rgb> colour = parse_colour(chosen.colours[c]);
      if (!colour)
        problems.push_back(
            problem_of("", fmt::format("colours: {} is no colour such as #80ff00", chosen.colours[c])));
      coding.class_colours[c] = colour.value_or(Rgb{});
    }
  }
  if (chosen.kind == "values") coding.class_colours.clear();
  if (chosen.kind == "colours") coding.class_values.clear();
  return coding;
}

/// "value 7 on 120 pixels", of what belongs to no class.
std::string unknown_text(const CodedMask& mask) {
  std::vector<std::string> parts;
  for (const auto& [value, pixels] : mask.unknown.values) parts.push_back(fmt::format("value {}", value));
  for (const auto& [colour, pixels] : mask.unknown.colours)
    parts.push_back(fmt::format("colour #{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]));
  if (parts.size() > 5) parts.resize(5), parts.emplace_back("…");
  return fmt::format("{} on {} pixels: no class of the study", fmt::join(parts, ", "), mask.unknown_pixels);
}

/// The labels at the cache's size; "" or what is wrong.
std::string read_one(const fs::path& file, const core::CacheManifest& manifest,
                     const core::CachedSample& sample, const LabelCoding& coding,
                     std::vector<std::uint8_t>& labels) try {
  const std::string bytes = core::read_file(file);
  const RawMask raw = decode_mask(Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  CodedMask coded = encode_mask(raw, coding);
  if (!coded.conflict.empty()) return coded.conflict + "; set coding to values or colours";
  if (coded.unknown_pixels > 0) return unknown_text(coded);
  const bool is_cached_size = coded.map.height == manifest.height && coded.map.width == manifest.width;
  const bool is_original_size =
      coded.map.height == sample.original_height && coded.map.width == sample.original_width;
  if (!is_cached_size && !is_original_size)
    return fmt::format("is {} x {}, but must be {} x {} as the study scores, or {} x {} as the image is",
                       coded.map.height, coded.map.width, manifest.height, manifest.width,
                       sample.original_height, sample.original_width);
  labels = is_cached_size ? std::move(coded.map.labels)
                          : resize_nearest(coded.map, manifest.height, manifest.width).labels;
  return "";
} catch (const core::UserError& error) {
  return error.what();
}

/// Files that no sample asked for: predictions of other images.
std::string other_files_note(const fs::path& folder, std::size_t files, std::size_t used) {
  return files > used ? fmt::format("{}: {} more file{} not of this split, not used", folder.string(),
                                    files - used, files - used == 1 ? " is" : "s are")
                      : "";
}

}  // namespace

PredictedMasks read_predicted_masks(const fs::path& folder, const core::CacheManifest& manifest,
                                    std::span<const std::int64_t> indices, const PredictedCoding& coding) {
  PredictedMasks masks;
  const LabelCoding labels = coding_of(coding, manifest, masks.problems);
  const std::multimap<std::string, fs::path> files = files_by_name(folder);
  const auto names = names_of(manifest, indices);
  std::vector<std::string> missing;
  std::size_t used = 0;
  for (const std::int64_t index : indices) {
    const core::CachedSample& sample = manifest.samples.at(static_cast<std::size_t>(index));
    std::vector<fs::path> found;
    for (const std::string& name : names.at(sample.id)) {
      const auto [begin, end] = files.equal_range(name);
      for (auto it = begin; it != end; ++it) found.push_back(it->second);
    }
    masks.labels.emplace_back();
    used += found.size();
    if (found.empty()) {
      missing.push_back(sample.id);
    } else if (found.size() > 1) {
      masks.problems.push_back(problem_of(
          found[1], fmt::format("is a second mask of {}, beside {}", sample.id, found[0].string())));
    } else if (std::string wrong = read_one(found[0], manifest, sample, labels, masks.labels.back());
               !wrong.empty()) {
      masks.problems.push_back(problem_of(found[0], std::move(wrong)));
    }
  }
  if (!missing.empty()) {
    const std::size_t told = std::min(missing.size(), kMostTold);
    masks.problems.push_back(problem_of(
        folder,
        fmt::format("{} of {} images have no mask: {}{}", missing.size(), indices.size(),
                    fmt::join(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(told), ", "),
                    missing.size() > told ? ", …" : "")));
  }
  if (std::string note = other_files_note(folder, files.size(), used); !note.empty())
    masks.notes.push_back(std::move(note));
  return masks;
}

}  // namespace segbench::data
