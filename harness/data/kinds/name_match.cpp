// SPDX-License-Identifier: MIT
#include "harness/data/kinds/name_match.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace segbench::data {
namespace {

constexpr std::size_t kMostTried = 50;  // names that candidates are taken from

/// The character at the front of valid UTF-8, which is removed; a stray byte is itself.
std::uint32_t next_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(i < text.size() ? text[i] : 0); };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3FU);
  text.remove_prefix(std::min(length, text.size()));
  return code;
}

/// Marks that follow the letter they belong to: accents, Japanese voicing marks, vowels and finals of Korean.
bool is_mark(std::uint32_t code) {
  return (code >= 0x300 && code <= 0x36F) || code == 0x3099 || code == 0x309A ||
         (code >= 0x1160 && code <= 0x11FF);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

/// The name with a '?' for every letter that is not ASCII or bears a mark: alike for both forms of Unicode.
struct Skeleton {
  std::string text;
  bool has_marks = false;
};

Skeleton skeleton_of(std::string_view name) {
  Skeleton skeleton;
  while (!name.empty()) {
    const std::uint32_t code = next_character(name);
    if (is_mark(code) && !skeleton.text.empty()) {
      skeleton.text.back() = '?';
      skeleton.has_marks = true;
    } else {
      skeleton.text += code < 0x80 ? static_cast<char>(code) : '?';
    }
  }
  return skeleton;
}

bool ends_with(const std::string& name, const std::string& suffix) {
  return name.size() > suffix.size() && name.ends_with(suffix);
}

/// True when the suffixes make pairs of all masks and of all images that have theirs.
bool pairs_all(const std::set<std::string>& images, const std::set<std::string>& masks, const Suffixes& tried,
               bool together) {
  std::size_t paired = 0, with_image_suffix = 0, with_mask_suffix = 0;
  for (const std::string& mask : masks) {
    if (!ends_with(mask, tried.mask)) {
      if (!together) return false;
      continue;
    }
    ++with_mask_suffix;
    const std::string stem = mask.substr(0, mask.size() - tried.mask.size());
    if (!images.contains(stem + tried.image)) return false;
    ++paired;
  }
  for (const std::string& image : images) {
    if (together && ends_with(image, tried.mask)) continue;
    if (!ends_with(image, tried.image)) {
      if (together) return false;
      continue;
    }
    ++with_image_suffix;
  }
  return paired > 0 && paired == with_image_suffix && paired == with_mask_suffix;
}

/// "" and every ending that begins at a '_', '-', '.' or blank.
std::vector<std::string> endings(const std::string& name) {
  std::vector<std::string> found = {""};
  for (std::size_t i = name.size(); i-- > 1;) {
    if (name[i] == '/') break;
    if (name[i] == '_' || name[i] == '-' || name[i] == '.' || name[i] == ' ') found.push_back(name.substr(i));
  }
  return found;
}

/// What `name` has behind the longest of `heads` that it begins with.
std::optional<std::string> behind(const std::string& name, const std::set<std::string>& heads) {
  for (std::size_t length = name.size(); length-- > 1;) {
    if (heads.contains(name.substr(0, length))) return name.substr(length);
  }
  return std::nullopt;
}

std::vector<std::string> first_of(const std::set<std::string>& names) {
  std::vector<std::string> few;
  for (const std::string& name : names) {
    if (few.size() < kMostTried) few.push_back(name);
  }
  return few;
}

}  // namespace

std::string only_difference(std::string_view a, std::string_view b) {
  if (a == b) return "";
  constexpr const char* kCase = "in upper and lower case";
  constexpr const char* kForm = "in how accented letters are stored (Unicode NFC and NFD)";
  if (lower_case(std::string(a)) == lower_case(std::string(b))) return kCase;
  const Skeleton first = skeleton_of(a), second = skeleton_of(b);
  if (!first.has_marks && !second.has_marks) return "";
  if (first.text == second.text) return kForm;
  return lower_case(first.text) == lower_case(second.text) ? std::string(kCase) + " and " + kForm : "";
}

void NameIndex::add(const std::string& name) {
  names_.emplace(lower_case(skeleton_of(name).text), name);
}

std::string NameIndex::nearly_same(const std::string& name) const {
  const auto [first, last] = names_.equal_range(lower_case(skeleton_of(name).text));
  const auto found = std::find_if(
      first, last, [&](const auto& other) { return !only_difference(name, other.second).empty(); });
  return found == last ? "" : found->second;
}

std::optional<Suffixes> find_suffixes(const std::set<std::string>& images, const std::set<std::string>& masks,
                                      bool together) {
  std::vector<Suffixes> candidates;
  const auto add = [&](Suffixes candidate) {
    if (std::find(candidates.begin(), candidates.end(), candidate) == candidates.end())
      candidates.push_back(std::move(candidate));
  };
  for (const std::string& mask : first_of(masks)) {
    if (const auto suffix = behind(mask, images)) add({"", *suffix});
  }
  if (!together) {
    for (const std::string& image : first_of(images)) {
      if (const auto suffix = behind(image, masks)) add({*suffix, ""});
    }
  }
  for (const std::string& mask : first_of(masks)) {
    for (const std::string& tail : endings(mask)) {
      const std::string head = mask.substr(0, mask.size() - tail.size());
      for (auto image = images.lower_bound(head);
           candidates.size() < kMostTried && image != images.end() && image->starts_with(head); ++image) {
        const std::string other = image->substr(head.size());
        const std::vector<std::string> parts = endings(*image);
        const bool parted = std::find(parts.begin(), parts.end(), other) != parts.end();
        if (parted && *image != mask) add({other, tail});
      }
    }
  }
  for (const Suffixes& candidate : candidates) {
    if (candidate == Suffixes{}) continue;
    if (together && candidate.mask.empty()) continue;
    if (pairs_all(images, masks, candidate, together)) return candidate;
  }
  return std::nullopt;
}

}  // namespace segbench::data
