// SPDX-License-Identifier: MIT
#include "harness/data/mask_survey.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/mask_file.h"

namespace segbench::data {
namespace {

using core::Json;

constexpr std::size_t kMostMasks = 300, kMostClasses = 254;
constexpr int kVoid = 255;

/// Pixels of every value, or of every colour where masks have colours.
struct Held {
  std::map<int, std::int64_t> values;
  std::map<Rgb, std::int64_t> colours;
};

bool is_grey(const Rgb& colour) {
  return colour[0] == colour[1] && colour[1] == colour[2];
}

Held held_by(const Catalogue& catalogue) {
  Held held;
  const std::size_t all = catalogue.samples.size(), count = std::min(all, kMostMasks);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      const RawMask mask =
          decode_mask(read_sample_file(catalogue.root / catalogue.samples[i * all / count].mask_file));
      for (const std::uint16_t value : mask.values) {
        // A GIF's indices say nothing, its grey values do.
        const bool looked_up =
            mask.through_palette && value < mask.palette.size() && is_grey(mask.palette[value]);
        ++held.values[looked_up ? mask.palette[value][0] : value];
      }
      for (const Rgb& colour : mask.colours) ++held.colours[colour];
    } catch (const core::UserError&) {  // the audit names it
    }
  }
  const bool grey = std::all_of(held.colours.begin(), held.colours.end(),
                                [](const auto& entry) { return is_grey(entry.first); });
  if (!grey) return held;
  for (const auto& [colour, pixels] : held.colours) held.values[colour[0]] += pixels;
  held.colours.clear();
  return held;
}

std::vector<FoundSetting> by_colours(const std::map<Rgb, std::int64_t>& colours) {
  std::vector<std::pair<std::int64_t, Rgb>> by_pixels;
  for (const auto& [colour, pixels] : colours) by_pixels.emplace_back(pixels, colour);
  std::sort(by_pixels.rbegin(), by_pixels.rend());
  // Black first, where it is: it mostly is the background.
  std::stable_partition(by_pixels.begin(), by_pixels.end(), [](const auto& entry) {
    return entry.second == Rgb{0, 0, 0};
  });
  Json names = Json::array(), texts = Json::array();
  for (std::size_t i = 0; i < by_pixels.size(); ++i) {
    const Rgb& c = by_pixels[i].second;
    names.push_back(i == 0 && c == Rgb{0, 0, 0} ? "background" : fmt::format("class_{}", i));
    texts.push_back(fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]));
  }
  return {{"classes", names, "name them; the colours below are in this order"},
          {"class_colours", texts, "as found in the masks, the most frequent first"}};
}

std::vector<FoundSetting> by_values(std::map<int, std::int64_t> values) {
  std::vector<FoundSetting> settings;
  Json voids = Json::array();
  if (values.size() > 2 && values.size() < kVoid && values.contains(kVoid)) {
    values.erase(kVoid);
    voids.push_back(kVoid);
  }
  std::vector<int> found;
  for (const auto& [value, pixels] : values) found.push_back(value);
  if (found.size() == 1)
    found.push_back(found.front() == 0 ? 1 : 0);  // one class in all masks that were looked at
  std::sort(found.begin(), found.end());
  Json names = Json::array();
  bool counts_up = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    counts_up = counts_up && found[i] == static_cast<int>(i);
    const bool only_object = found.size() == 2 && found.front() == 0;
    names.push_back(found[i] == 0 ? "background"
                    : only_object ? "object"
                                  : fmt::format("class_{}", found[i]));
  }
  settings.push_back({"classes", names, "name them, in the order of the masks' values"});
  if (!counts_up) settings.push_back({"mask_values", found, "as found in the masks"});
  if (!voids.empty()) settings.push_back({"void_values", voids, "usually pixels that are not to be scored"});
  return settings;
}

}  // namespace

std::vector<FoundSetting> survey_masks(const Catalogue& catalogue) {
  const Held held = held_by(catalogue);
  const std::size_t classes = held.colours.empty() ? held.values.size() : held.colours.size();
  if (classes == 0 || classes > kMostClasses + 1) {
    throw core::UserError(
        fmt::format("{}: the masks hold {} different {}{}", catalogue.root.string(), classes,
                    held.colours.empty() ? "values" : "colours",
                    classes == 0
                        ? ": none can be read"
                        : ": more than there can be classes; are they images, or saved with losses?"),
        core::kAuditRefused);
  }
  return held.colours.empty() ? by_values(held.values) : by_colours(held.colours);
}

}  // namespace segbench::data
