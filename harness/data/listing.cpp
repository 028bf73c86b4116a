// SPDX-License-Identifier: MIT
#include "harness/data/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/data/signature.h"

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

bool has_image_suffix(const fs::path& file) {
  static const std::vector<std::string> kSuffixes = {".png",  ".jpg",  ".jpeg", ".gif", ".bmp", ".tif",
                                                     ".tiff", ".webp", ".pgm",  ".ppm", ".pbm", ".pnm"};
  std::string suffix = file.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

bool has_image_signature(const fs::path& file) {
  std::array<char, 16> first{};
  std::ifstream in(file, std::ios::binary);
  in.read(first.data(), first.size());
  return sniff({reinterpret_cast<const std::uint8_t*>(first.data()),
                static_cast<std::size_t>(in.gcount())}) != FileFormat::kUnknown;
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

ImageFolder list_images(const fs::path& root, const fs::path& folder, CatalogueBuilder& builder) {
  ImageFolder listed{folder, {}};
  std::error_code error;
  std::vector<fs::path> names;
  for (fs::directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename());
  }
  if (error) {
    builder.refuse("missing_folder", printable(folder.string()),
                   fmt::format("cannot be listed: {}", error.message()));
    return listed;
  }
  std::sort(names.begin(), names.end());
  for (const fs::path& name : names) {
    const fs::path file = folder / name;
    const std::string shown = printable(file.string());
    if (name.string().front() == '.') continue;
    const bool regular = fs::is_regular_file(root / file, error);
    if (!has_image_suffix(name) && !(regular && has_image_signature(root / file))) continue;
    if (!regular) {
      const bool is_folder = fs::is_directory(root / file, error);
      builder.refuse("unreadable", shown,
                     is_folder ? "a folder, not an image file"
                               : fmt::format("no file that can be read: {}", error.message()));
      continue;
    }
    if (shown != file.string()) {
      builder.refuse("file_name", shown, "the file's name is not valid UTF-8; rename it");
      continue;
    }
    const auto [place, is_new] = listed.files.emplace(name.stem().string(), file.string());
    if (!is_new) {
      builder.refuse(
          "ambiguous", shown,
          fmt::format("{} has the same stem \"{}\"; allowed: one file a stem", place->second, place->first));
    }
  }
  return listed;
}

std::vector<ListLine> read_list(const fs::path& root, const fs::path& list) {
  std::string text = core::read_file(root / list);
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
  std::vector<ListLine> lines;
  int number = 0;
  for (const std::string& raw : core::split(text, '\n')) {
    ++number;
    ListLine line{number, {}};
    std::string word;
    for (const char c : raw + ' ') {
      const bool blank = c == ' ' || c == '\t' || c == '\r';
      if (!blank)
        word += c;
      else if (!word.empty())
        line.words.push_back(std::exchange(word, ""));
    }
    if (!line.words.empty() && line.words.front().front() != '#') lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace segbench::data
