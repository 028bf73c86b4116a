// SPDX-License-Identifier: MIT
#include "harness/data/audit/mask_hints.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace segbench::data {
namespace {

std::string name_of(int value) {
  return fmt::format("{}", value);
}
std::string name_of(const Rgb& c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]);
}

std::vector<int> counting(int first, std::size_t count) {
  std::vector<int> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

std::string line_of(const char* key, const std::vector<int>& values) {
  return fmt::format("{} = [{}]", key, fmt::join(values, ", "));
}

std::string line_of(const char* key, const std::vector<Rgb>& colours) {
  std::vector<std::string> names;
  for (const Rgb& colour : colours) names.push_back("\"" + name_of(colour) + "\"");
  return fmt::format("{} = [{}]", key, fmt::join(names, ", "));
}

bool all_known(const std::set<int>& found, const std::vector<int>& classes, const std::vector<int>& voids) {
  return std::all_of(found.begin(), found.end(), [&](int value) {
    return std::find(classes.begin(), classes.end(), value) != classes.end() ||
           std::find(voids.begin(), voids.end(), value) != voids.end();
  });
}

/// What a reader sees that decodes a VOC palette to colours and these to grey.
bool is_grey_of_voc_colours(const std::set<int>& values, std::size_t num_classes) {
  if (values.size() < 2) return false;
  return std::all_of(values.begin(), values.end(), [&](int value) {
    const auto near = [&](std::uint8_t index) { return std::abs(luminance(voc_colour(index)) - value) <= 1; };
    for (std::size_t i = 0; i < num_classes; ++i) {
      if (near(static_cast<std::uint8_t>(i))) return true;
    }
    return near(255);
  });
}

constexpr const char* kSmoothed =
    "there are far more values than classes, as in masks that were resized with interpolation or saved with "
    "losses: make them anew, labels by the nearest pixel and in a lossless format";

bool are_smoothed(std::size_t values, std::size_t classes) {
  constexpr std::size_t kMost = 64;
  return values > kMost && values > 4 * classes;
}

/// Values of grey and palette masks: settings are tried in the order of how often they are meant.
class ValueHints {
 public:
  ValueHints(const std::vector<StoredKinds>& masks, const LabelCoding& coding, core::Background background)
      : masks_(masks),
        coding_(coding),
        background_(std::move(background)),
        classes_(coding.class_values.size()) {
    for (const StoredKinds& mask : masks) found_.insert(mask.values.begin(), mask.values.end());
  }

  MaskHint find() {
    if (tell_mixture() || try_voids() || try_from_one() || tell_grey_palette() || try_all_values() ||
        try_zero_void() || try_trimap() || try_one_void() || tell_smoothed())
      return hint_;
    return {};
  }

 private:
  bool tell_smoothed() {
    if (!are_smoothed(found_.size(), classes_)) return false;
    hint_.cause = kSmoothed;
    return true;
  }

  bool tell_grey_palette() {
    if (classes_ == 2 || !is_grey_of_voc_colours(found_, std::max<std::size_t>(classes_, 21))) return false;
    hint_.cause =
        "these look like the colours of a palette turned to grey: use the original palette PNG files, whose "
        "indices are the class numbers";
    return true;
  }

  /// Two classes, stored as 1 in some masks and as 255 or 65535 in others.
  bool tell_mixture() {
    if (classes_ != 2) return false;
    for (const int white : {255, 65535}) {
      const auto holds = [&](int value, int other) {
        return std::count_if(masks_.begin(), masks_.end(), [&](const StoredKinds& mask) {
          return mask.values.contains(value) && !mask.values.contains(other);
        });
      };
      const auto ones = holds(1, white), whites = holds(white, 1);
      const bool both = std::any_of(masks_.begin(), masks_.end(), [&](const StoredKinds& mask) {
        return mask.values.contains(1) && mask.values.contains(white);
      });
      if (ones == 0 || whites == 0 || both) continue;
      hint_.cause = fmt::format(
          "the masks are of two kinds: {} store a class as 1, {} store it as {}; no setting fits both, so "
          "convert "
          "one kind",
          ones, whites, white);
      return true;
    }
    return false;
  }

  /// Proposes a coding when every mask fits it.
  bool propose(const std::vector<int>& values, const std::vector<int>& voids, std::string cause) {
    if (!all_known(found_, values, voids)) return false;
    hint_.cause = std::move(cause);
    if (values != coding_.class_values) hint_.lines.push_back(line_of("mask_values", values));
    if (voids != coding_.void_values) hint_.lines.push_back(line_of("void_values", voids));
    return !hint_.lines.empty();
  }

  std::vector<int> voids_and(int more) const {
    std::vector<int> voids = coding_.void_values;
    if (std::find(voids.begin(), voids.end(), more) == voids.end()) voids.push_back(more);
    return voids;
  }

  /// What is stored and is no void value.
  std::vector<int> class_like() const {
    std::vector<int> values;
    for (const int value : found_) {
      if (std::find(coding_.void_values.begin(), coding_.void_values.end(), value) ==
          coding_.void_values.end())
        values.push_back(value);
    }
    return values;
  }

  bool try_voids() {
    for (const int white : {255, 65535}) {
      if (classes_ == 2 && !found_.contains(coding_.class_values.back()))
        continue;  // 255 is the second class
      if (found_.contains(white) && propose(coding_.class_values, voids_and(white),
                                            fmt::format("{} usually means void (not to be scored)", white)))
        return true;
    }
    return false;
  }

  bool try_all_values() {
    const std::vector<int> values = class_like();
    if (values.size() != classes_) return false;
    const bool binary = classes_ == 2 && values[0] == 0 && values[1] >= 255;
    std::string cause = binary ? fmt::format("these look like binary masks stored as 0 and {}{}", values[1],
                                             values[1] == 65535 ? " (16 bits)" : "")
                        : values == counting(1, classes_)
                            ? "these labels start at 1"
                            : fmt::format("the masks hold {} values for {} classes", classes_, classes_);
    std::vector<int> in_order = values;
    if (binary && background_ == 1) std::reverse(in_order.begin(), in_order.end());
    return propose(in_order, coding_.void_values, std::move(cause));
  }

  /// 1 to n, of which some may be absent, perhaps with 255 as void.
  bool try_from_one() {
    if (!found_.contains(static_cast<int>(classes_))) return false;
    const std::vector<int> from_one = counting(1, classes_);
    return propose(from_one, coding_.void_values, "these labels start at 1") ||
           propose(from_one, voids_and(255),
                   "these labels start at 1, and 255 usually means void (not to be scored)");
  }

  /// 0 to n where no class is the background: 0 is what nobody labelled.
  bool try_zero_void() {
    if (background_ == 0 || classes_ == 2 || !found_.contains(static_cast<int>(classes_)) ||
        coding_.class_values != counting(0, classes_))
      return false;
    std::vector<int> voids = voids_and(0);
    const std::string cause =
        "no class is called the background, and these labels run from 0 to the number of classes: 0 usually "
        "means unlabelled there";
    if (propose(counting(1, classes_), voids, cause)) return true;
    voids.push_back(255);
    return propose(counting(1, classes_), voids, cause);
  }

  /// Oxford-IIIT Pet: 1 pet, 2 background, 3 border.
  bool try_trimap() {
    if (classes_ != 2 || class_like() != std::vector<int>{1, 2, 3}) return false;
    const bool background_first = !background_ || *background_ == 0;
    return propose(
        background_first ? std::vector<int>{2, 1} : std::vector<int>{1, 2}, voids_and(3),
        "these look like trimaps, 1 inside, 2 background, 3 border, of which the border is not scored");
  }

  /// One value more than classes: the last one may be void.
  bool try_one_void() {
    std::vector<int> values = class_like();
    if (values.size() < 2 || (values.size() != classes_ + 1 && values.back() != static_cast<int>(classes_)))
      return false;
    const int last = values.back();
    values.pop_back();
    const bool counted = all_known({values.begin(), values.end()}, coding_.class_values, {});
    return propose(
        counted ? coding_.class_values : values, voids_and(last),
        fmt::format("{} may be void (not to be scored); if it is a class, add it to classes", last));
  }

  const std::vector<StoredKinds>& masks_;
  const LabelCoding& coding_;
  core::Background background_;
  std::size_t classes_;
  std::set<int> found_;
  MaskHint hint_;
};

MaskHint colour_hint(const std::set<Rgb>& found, const LabelCoding& coding,
                     const core::Background& background) {
  const std::size_t classes = coding.class_values.size();
  if (are_smoothed(found.size(), classes)) return {kSmoothed, {}};
  if (!coding.class_colours.empty()) {
    std::vector<Rgb> unknown;
    for (const Rgb& colour : found) {
      const auto in = [&](const std::vector<Rgb>& list) {
        return std::find(list.begin(), list.end(), colour) != list.end();
      };
      if (!in(coding.class_colours) && !in(coding.void_colours)) unknown.push_back(colour);
    }
    const std::string cause = "these colours are not in the colour map: every colour must match exactly";
    if (unknown.size() != 1) return {cause, {}};
    std::vector<Rgb> voids = coding.void_colours;
    voids.push_back(unknown.front());
    return {cause + "; if this one is not to be scored, name it as void", {line_of("void_colours", voids)}};
  }
  std::vector<Rgb> voc;
  for (std::size_t i = 0; i < classes; ++i) voc.push_back(voc_colour(static_cast<std::uint8_t>(i)));
  std::set<Rgb> rest = found;
  for (const Rgb& colour : voc) rest.erase(colour);
  if (rest.empty())
    return {"these masks hold colours of the Pascal VOC palette instead of indices",
            {line_of("class_colours", voc)}};
  if (rest == std::set<Rgb>{voc_colour(255)}) {
    return {"these masks hold colours of the Pascal VOC palette instead of indices",
            {line_of("class_colours", voc), line_of("void_colours", std::vector<Rgb>{voc_colour(255)})}};
  }
  const bool two = classes == 2 && found.size() == 2 && found.contains(Rgb{});
  if (two && background) {  // black is the background
    std::vector<Rgb> colours(found.begin(), found.end());
    if (*background == 1) std::reverse(colours.begin(), colours.end());
    return {"these masks hold two colours, black for the background", {line_of("class_colours", colours)}};
  }
  return {
      "these masks hold colours instead of class numbers: give the colour of each class, in the order of "
      "classes, as class_colours = [\"#rrggbb\", …]",
      {}};
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

MaskHint mask_hint(const std::vector<StoredKinds>& masks, const LabelCoding& coding,
                   const core::Background& background) {
  std::size_t with_values = 0, with_colours = 0;
  std::set<Rgb> colours;
  for (const StoredKinds& mask : masks) {
    with_values += mask.values.empty() ? 0 : 1;
    with_colours += mask.colours.empty() ? 0 : 1;
    colours.insert(mask.colours.begin(), mask.colours.end());
  }
  if (with_values > 0 && with_colours > 0) {
    return {fmt::format("the masks are of two kinds: {} hold colours, {} hold grey values or palette indices",
                        with_colours, with_values),
            {}};
  }
  if (with_colours > 0) return colour_hint(colours, coding, background);
  return ValueHints(masks, coding, background).find();
}

std::string remedy_of(const MaskHint& hint) {
  if (hint.lines.empty()) return "";
  if (hint.lines.size() == 1) return "set " + hint.lines.front();
  return fmt::format("set these in [data]:\n{}", fmt::join(hint.lines, "\n"));
}

}  // namespace segbench::data
