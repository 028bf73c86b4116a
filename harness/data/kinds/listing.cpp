// SPDX-License-Identifier: MIT
#include "harness/data/kinds/listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "harness/data/codecs/signature.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

/// Length of the valid UTF-8 character at the start of `text`, 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  if (byte(0) < 0x80) return 1;
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF) return follows(1) ? 2 : 0;
  if (byte(0) >= 0xE0 && byte(0) <= 0xEF) {
    const bool overlong = byte(0) == 0xE0 && byte(1) < 0xA0, surrogate = byte(0) == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (byte(0) >= 0xF0 && byte(0) <= 0xF4) {
    const bool overlong = byte(0) == 0xF0 && byte(1) < 0x90, beyond = byte(0) == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool has_image_signature(const fs::path& file) {
  std::array<char, 16> first{};
  std::ifstream in(file, std::ios::binary);
  in.read(first.data(), first.size());
  return sniff({reinterpret_cast<const std::uint8_t*>(first.data()),
                static_cast<std::size_t>(in.gcount())}) != FileFormat::kUnknown;
}

/// Lists, notes and settings, which lie beside images where these lie in the root.
bool is_description(const fs::path& name) {
  constexpr std::array<std::string_view, 7> kTypes = {".txt", ".toml", ".md", ".json",
                                                      ".csv", ".yaml", ".xml"};
  return std::find(kTypes.begin(), kTypes.end(), name.extension().string()) != kTypes.end();
}

/// Everything in a folder, relative to it, in alphabetical order. Subfolders are entered with `below`, else
/// their images are collected apart.
struct Entries {
  std::vector<fs::path> here, deeper;
  std::error_code error;
  fs::path apart;              ///< a folder that is not entered
  std::vector<fs::path> open;  ///< the folders around the one that is read, which links must not lead back to
};

constexpr int kDeepestFolder = 16;

void collect_entries(const fs::path& root, const fs::path& folder, bool below, int depth, Entries& entries) {
  std::error_code no_place;
  const fs::path place = fs::canonical(root / folder, no_place);
  if (!no_place && std::find(entries.open.begin(), entries.open.end(), place) != entries.open.end()) return;
  entries.open.push_back(place);
  for (fs::directory_iterator entry(root / folder, entries.error), end; !entries.error && entry != end;
       entry.increment(entries.error)) {
    const fs::path name = folder / entry->path().filename();
    if (is_clutter(name.filename().string())) continue;
    std::error_code ignored;
    const bool is_folder = fs::is_directory(entry->path(), ignored);
    if (is_folder && entry->path().lexically_normal() == entries.apart) continue;
    if (is_folder && !(has_image_suffix(name) && !below)) {
      if (depth < kDeepestFolder) collect_entries(root, name, below, depth + 1, entries);
    } else if (depth == 0 || below) {
      entries.here.push_back(name);
    } else if (has_image_suffix(name)) {
      entries.deeper.push_back(name);
    }
  }
  entries.open.pop_back();
  if (depth > 0) entries.error.clear();  // a subfolder that cannot be listed hides nothing that is used
}

std::vector<std::string> shown(const fs::path& folder, const std::vector<fs::path>& names) {
  std::vector<std::string> texts;
  for (const fs::path& name : names) texts.push_back(printable((folder / name).string()));
  return texts;
}

void tell_others(const fs::path& folder, const std::vector<fs::path>& others,
                 const std::vector<fs::path>& deeper, CatalogueBuilder& builder) {
  const std::string where = printable(folder.string());
  if (!others.empty()) {
    builder.warn(
        "unused_types", where,
        {{"files", others.size() == 1
                       ? "one file of another type than those that are read"
                       : fmt::format("{} files of other types than those that are read", others.size())},
         {"names", some_of(shown("", others))}});
  }
  if (!deeper.empty()) {
    builder.warn("unused_subfolders", where,
                 {{"images", deeper.size() == 1 ? "one image" : fmt::format("{} images", deeper.size())},
                  {"names", some_of(shown("", deeper))},
                  {"folder", where}});
  }
}

}  // namespace

std::string printable(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const std::size_t length = utf8_length(name);
    const auto first = static_cast<unsigned char>(name.front());
    if (length == 0 || first < 0x20 || first == 0x7F) {
      text += fmt::format("\\x{:02X}", first);
      name.remove_prefix(1);
    } else {
      text += name.substr(0, length);
      name.remove_prefix(length);
    }
  }
  return text;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  const std::string more = names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  return fmt::format("{}{}", fmt::join(first, ", "), more);
}

bool is_clutter(const std::string& name) {
  return name.front() == '.' || name == "Thumbs.db" || name == "desktop.ini" || name == "__MACOSX";
}

bool has_image_suffix(const fs::path& file) {
  static const std::vector<std::string> kSuffixes = {".png",  ".jpg",  ".jpeg", ".gif", ".bmp", ".tif",
                                                     ".tiff", ".webp", ".pgm",  ".ppm", ".pbm", ".pnm"};
  std::string suffix = file.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

ImageFolder list_images(const fs::path& root, const fs::path& folder, CatalogueBuilder& builder, bool below,
                        const fs::path& apart) {
  ImageFolder listed{folder, {}};
  Entries entries;
  if (!apart.empty()) entries.apart = (root / apart).lexically_normal();
  collect_entries(root / folder, "", below, 0, entries);
  if (entries.error) {
    builder.refuse("missing_folder", printable(folder.string()),
                   fmt::format("cannot be listed: {}", entries.error.message()));
    return listed;
  }
  std::sort(entries.here.begin(), entries.here.end());
  std::sort(entries.deeper.begin(), entries.deeper.end());
  std::vector<fs::path> others;
  std::error_code error;
  for (const fs::path& name : entries.here) {
    const fs::path file = folder / name;
    const std::string shown_file = printable(file.string());
    const bool regular = fs::is_regular_file(root / file, error);
    if (folder.lexically_normal() == "." && is_description(name)) continue;
    if (!has_image_suffix(name) && !(regular && has_image_signature(root / file))) {
      others.push_back(name);
      continue;
    }
    if (!regular) {
      const bool is_folder = fs::is_directory(root / file, error);
      builder.refuse("unreadable", shown_file,
                     is_folder ? "a folder, not an image file"
                               : fmt::format("no file that can be read: {}", error.message()));
      continue;
    }
    if (shown_file != file.string()) {
      builder.refuse("file_name", shown_file, "the file's name is not valid UTF-8; rename it");
      continue;
    }
    const auto [place, is_new] =
        listed.files.emplace((name.parent_path() / name.stem()).string(), file.string());
    if (!is_new) {
      builder.refuse(
          "ambiguous", shown_file,
          fmt::format("{} has the same stem \"{}\"; keep one file per stem", place->second, place->first));
    }
  }
  tell_others(folder, others, entries.deeper, builder);
  return listed;
}

}  // namespace segbench::data
