// SPDX-License-Identifier: MIT
#include "harness/data/mask_hints.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace segbench::data {
namespace {

std::string name_of(int value) {
  return fmt::format("{}", value);
}
std::string name_of(const Rgb& c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]);
}

template <typename Value>
bool only(const std::map<Value, std::int64_t>& found, const std::vector<Value>& allowed) {
  return !found.empty() && std::all_of(found.begin(), found.end(), [&](const auto& entry) {
    return std::find(allowed.begin(), allowed.end(), entry.first) != allowed.end();
  });
}

std::vector<int> counting(int first, std::size_t count) {
  std::vector<int> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<int>(i);
  return values;
}

/// What a reader sees that decodes a VOC palette to colours and these to grey.
bool is_grey_of_voc_colours(const std::map<int, std::int64_t>& values, std::size_t num_classes) {
  if (values.size() < 2) return false;
  return std::all_of(values.begin(), values.end(), [&](const auto& entry) {
    const auto near = [&](std::uint8_t index) {
      return std::abs(luminance(voc_colour(index)) - entry.first) <= 1;
    };
    for (std::size_t i = 0; i < num_classes; ++i) {
      if (near(static_cast<std::uint8_t>(i))) return true;
    }
    return near(255);
  });
}

}  // namespace

std::string list_values(const MaskValues& values, std::size_t limit) {
  std::vector<std::pair<std::int64_t, std::string>> all;
  for (const auto& [value, pixels] : values.values) all.emplace_back(pixels, name_of(value));
  for (const auto& [colour, pixels] : values.colours) all.emplace_back(pixels, name_of(colour));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(limit, all.size()); ++i) {
    shown.push_back(
        fmt::format("{} ({} pixel{})", all[i].second, all[i].first, all[i].first == 1 ? "" : "s"));
  }
  const std::string more = all.size() > limit ? fmt::format(" and {} more", all.size() - limit) : "";
  return fmt::format("{}{}", fmt::join(shown, ", "), more);
}

std::string mask_hint(const MaskValues& seen, const MaskValues& unknown, const LabelCoding& coding) {
  const std::size_t classes = coding.class_values.size();
  if (!unknown.colours.empty()) {
    std::vector<Rgb> voc = {voc_colour(255)};
    for (int i = 0; i < 21; ++i) voc.push_back(voc_colour(static_cast<std::uint8_t>(i)));
    if (!coding.class_colours.empty())
      return "these colours are not in the colour map: every colour must match exactly";
    if (only(unknown.colours, voc)) {
      return "these masks hold colours of the Pascal VOC palette instead of indices: give the colour of each "
             "class as "
             "class_colours, or use kind = \"voc2012\"";
    }
    return "these masks hold colours instead of class numbers: give the colour of each class as "
           "class_colours = "
           "[\"#rrggbb\", …]";
  }
  for (const int white : {255, 65535}) {
    if (classes == 2 && only(seen.values, {0, white})) {
      return fmt::format("these look like binary masks stored as 0 and {}{}: set mask_values = [0, {}]",
                         white, white == 65535 ? " (16 bits)" : "", white);
    }
  }
  if (only(unknown.values, {255}))
    return "255 usually means void (not to be scored): set void_values = [255]";
  const int last = static_cast<int>(classes);
  if (only(seen.values, counting(1, classes)) && unknown.values.contains(last)) {
    return fmt::format("these labels start at 1: set mask_values = [{}]",
                       fmt::join(counting(1, classes), ", "));
  }
  if (is_grey_of_voc_colours(seen.values, std::max<std::size_t>(classes, 21))) {
    return "these look like the colours of a palette turned to grey: use the original palette PNG files, "
           "whose "
           "indices are the class numbers";
  }
  if (unknown.values.size() == 1 && unknown.values.begin()->first == last) {
    return fmt::format("if {0} means void, set void_values = [{0}]; otherwise a class is missing in the list",
                       last);
  }
  return "";
}

}  // namespace segbench::data
