// SPDX-License-Identifier: MIT
#include "harness/core/background.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/core/measures.h"

namespace segbench::core {
namespace {

/// Lower case, and everything between words one '-': "_Background_" becomes "background", "No ship"
/// "no-ship".
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
      text += upper ? static_cast<char>(c + 32) : c;
    else if (!text.empty() && text.back() != '-')
      text += '-';
  }
  if (!text.empty() && text.back() == '-') text.pop_back();
  return text;
}

template <std::size_t N>
bool is_one_of(const std::string& name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool means_background(const std::string& name) {
  constexpr std::array<std::string_view, 7> kNames = {
      "background", "bg", "back-ground", "backgrounds", "unlabelled", "unlabeled", "clutter-background"};
  return is_one_of(name, kNames);
}

bool means_background_in_front(const std::string& name) {
  constexpr std::array<std::string_view, 10> kNames = {"other",   "others", "none",    "nothing",  "rest",
                                                       "unknown", "empty",  "outside", "negative", "back"};
  constexpr std::array<std::string_view, 4> kPrefixes = {"no-", "non-", "not-", "background-"};
  return is_one_of(name, kNames) || std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                                [&](std::string_view p) { return name.starts_with(p); });
}

}  // namespace

Background background_by_name(const std::vector<std::string>& classes) {
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (means_background(plain(classes[c]))) return static_cast<int>(c);
  }
  if (!classes.empty() && means_background_in_front(plain(classes.front()))) return kFirstClass;
  return std::nullopt;
}

Background background_of(const PartSpec& kind, const Json& params) {
  const Json classes = params.value("classes", Json::array());
  const std::vector<std::string> names =
      classes.is_array() ? classes.get<std::vector<std::string>>() : std::vector<std::string>{};
  const Json set = params.value("background", Json());
  if (set.is_boolean()) return std::nullopt;
  if (set.is_string()) {
    const auto found = std::find(names.begin(), names.end(), set.get<std::string>());
    return found == names.end() ? Background() : Background(static_cast<int>(found - names.begin()));
  }
  const Json trait = kind.traits.value("background", Json(kFirstClass));
  if (trait.is_string()) return background_by_name(names);
  return trait.is_null() ? Background() : Background(trait.get<int>());
}

std::string_view default_metric(const Background& background) {
  return background ? "miou_no_background" : "miou";
}

std::string metric_problem(std::string_view metric, const Background& background) {
  const Measure* name = find_metric(metric);
  if (background || name == nullptr || name->with_background.empty()) return "";
  return fmt::format("\"{}\" leaves out the background, and these data have no background class; use \"{}\"",
                     metric, name->with_background);
}

}  // namespace segbench::core
