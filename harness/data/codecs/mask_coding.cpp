// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/codecs/mask_file.h"

namespace segbench::data {
namespace {

constexpr int kUnknownLabel = -1;
constexpr std::size_t kShownEntries = 6;

bool is_grey(const Rgb& colour) {
  return colour[0] == colour[1] && colour[1] == colour[2];
}

std::string colour_text(const Rgb& c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c[0], c[1], c[2]);
}

/// Labels of stored values and of colours; kUnknownLabel where there is none.
class CodingTables {
 public:
  explicit CodingTables(const LabelCoding& coding) : values_(65536, kUnknownLabel) {
    for (std::size_t c = 0; c < coding.class_values.size(); ++c) {
      values_.at(static_cast<std::size_t>(coding.class_values[c])) = static_cast<int>(c);
    }
    for (const int value : coding.void_values) values_.at(static_cast<std::size_t>(value)) = core::kVoidLabel;
    for (std::size_t c = 0; c < coding.class_colours.size(); ++c)
      colours_[coding.class_colours[c]] = static_cast<int>(c);
    for (const Rgb& colour : coding.void_colours) colours_[colour] = core::kVoidLabel;
  }
  int of_value(std::uint32_t value) const { return value < values_.size() ? values_[value] : kUnknownLabel; }
  bool is_void(std::uint32_t value) const { return of_value(value) == core::kVoidLabel; }
  int of_colour(const Rgb& colour) const {
    const auto found = colours_.find(colour);
    return found != colours_.end() ? found->second : kUnknownLabel;
  }

 private:
  std::vector<int> values_;
  std::map<Rgb, int> colours_;
};

using Reading = std::function<int(std::uint32_t)>;

bool knows_all(const Reading& reading, const std::vector<std::uint32_t>& present) {
  return std::all_of(present.begin(), present.end(),
                     [&](std::uint32_t value) { return reading(value) != kUnknownLabel; });
}

std::vector<std::uint32_t> present_values(const RawMask& raw) {
  std::vector<bool> seen(65536);
  for (const std::uint16_t value : raw.values) seen[value] = true;
  std::vector<std::uint32_t> present;
  for (std::uint32_t value = 0; value < seen.size(); ++value) {
    if (seen[value]) present.push_back(value);
  }
  return present;
}

/// "index 1 is #800000, index 2 is #008000 and 3 more".
std::string palette_text(const RawMask& raw, const std::vector<std::uint32_t>& present) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < std::min(present.size(), kShownEntries); ++i) {
    entries.push_back(fmt::format("index {} is {}", present[i], colour_text(raw.palette[present[i]])));
  }
  const std::string more =
      present.size() > kShownEntries ? fmt::format(" and {} more", present.size() - kShownEntries) : "";
  return fmt::format("{}{}", fmt::join(entries, ", "), more);
}

std::string declared_text(const LabelCoding& coding) {
  std::vector<std::string> entries;
  for (std::size_t c = 0; c < std::min(coding.class_colours.size(), kShownEntries); ++c) {
    entries.push_back(fmt::format("{} is {}", coding.class_values[c], colour_text(coding.class_colours[c])));
  }
  return fmt::format("{}{}", fmt::join(entries, ", "),
                     coding.class_colours.size() > kShownEntries ? ", …" : "");
}

/// How the values of one mask are read, or why that cannot be decided.
struct Decision {
  Reading reading;
  bool unknown_as_colours = false;  ///< the palette's colours tell more than its indices
  std::string conflict;
};

Decision decide_palette(const RawMask& raw, const LabelCoding& coding, const CodingTables& tables,
                        const std::vector<std::uint32_t>& present) {
  const Reading by_index = [&](std::uint32_t v) { return tables.of_value(v); };
  const Reading by_colour = [&](std::uint32_t v) {
    const Rgb& colour = raw.palette[v];
    if (raw.through_palette ? is_grey(colour) && tables.is_void(colour[0]) : tables.is_void(v)) {
      return static_cast<int>(core::kVoidLabel);
    }
    return tables.of_colour(colour);
  };
  const Reading by_grey = [&](std::uint32_t v) {
    return is_grey(raw.palette[v]) ? tables.of_value(raw.palette[v][0]) : kUnknownLabel;
  };
  if (!coding.class_colours.empty()) {
    if (knows_all(by_colour, present)) return {by_colour, false, ""};
    if (!coding.customary_colours && knows_all(by_index, present)) {
      return {by_index, false,
              fmt::format(
                  "the palette of this {} mask and class_colours disagree: in the palette {}; declared: {}; "
                  "declare the palette's colours as class_colours, or leave class_colours out, and the "
                  "indices count",
                  raw.storage, palette_text(raw, present), declared_text(coding))};
    }
    if (!coding.customary_colours) return {by_colour, true, ""};
  }
  if (!raw.through_palette) {
    if (!knows_all(by_index, present) && knows_all(by_grey, present)) return {by_grey, false, ""};
    return {by_index, false, ""};
  }
  const bool grey = knows_all(by_grey, present), index = knows_all(by_index, present);
  const bool differ =
      std::any_of(present.begin(), present.end(), [&](std::uint32_t v) { return by_grey(v) != by_index(v); });
  if (grey && index && differ) {
    return {
        by_grey, false,
        fmt::format("this GIF mask can be read by its indices and by its grey values, and they disagree: {}; "
                    "store it as a grey PNG, or declare class_colours",
                    palette_text(raw, present))};
  }
  if (grey) return {by_grey, false, ""};
  const auto light = [&](std::uint32_t v) { return luminance(raw.palette[v]); };
  const bool pure = std::all_of(present.begin(), present.end(),
                                [&](std::uint32_t v) { return light(v) < 64 || light(v) >= 192; });
  const bool white =
      std::any_of(present.begin(), present.end(), [&](std::uint32_t v) { return light(v) >= 192; });
  const bool all_black =
      std::all_of(present.begin(), present.end(), [&](std::uint32_t v) { return light(v) == 0; });
  const bool black_and_white = pure && (white || all_black);
  if (coding.class_values.size() == 2 && black_and_white) {
    const int bright = coding.class_values[0] > coding.class_values[1] ? 0 : 1;
    return {
        [&raw, bright](std::uint32_t v) { return luminance(raw.palette[v]) >= 128 ? bright : 1 - bright; },
        false, ""};
  }
  return {by_index, !index, ""};
}

Decision decide_values(const RawMask& raw, const LabelCoding& coding, const CodingTables& tables,
                       const std::vector<std::uint32_t>& present) {
  const bool damaged = !raw.palette.empty() && !present.empty() && present.back() >= raw.palette.size();
  if (damaged) {
    throw core::UserError(
        fmt::format("the {} mask is damaged: its palette has no entry {}", raw.storage, present.back()));
  }
  const bool says_nothing = std::all_of(present.begin(), present.end(), [&](std::uint32_t v) {
    return raw.palette.empty() || (is_grey(raw.palette[v]) && raw.palette[v][0] == v);
  });
  if (!says_nothing) return decide_palette(raw, coding, tables, present);
  const Reading by_value = [&](std::uint32_t v) { return tables.of_value(v); };
  if (knows_all(by_value, present)) return {by_value, false, ""};
  for (const std::uint32_t white : {255U, 65535U}) {  // of 1 bit, 1 is full intensity
    const Reading full = [&tables, white](std::uint32_t v) { return tables.of_value(v == 0 ? 0 : white); };
    if (raw.bits == 1 && knows_all(full, present)) return {full, false, ""};
  }
  const Reading grey_colours = [&](std::uint32_t v) {
    const auto grey = static_cast<std::uint8_t>(v);
    if (tables.is_void(v)) return static_cast<int>(core::kVoidLabel);
    return v > 255 ? kUnknownLabel : tables.of_colour({grey, grey, grey});
  };
  if (!coding.class_colours.empty() && knows_all(grey_colours, present)) return {grey_colours, false, ""};
  return {by_value, false, ""};
}

template <typename Value>
void note_unknown(std::map<Value, std::int64_t>& unknown, const Value& value, CodedMask& coded) {
  ++coded.unknown_pixels;
  if (const auto found = unknown.find(value); found != unknown.end())
    ++found->second;
  else if (unknown.size() < kMaxListed)
    unknown.emplace(value, 1);
}

void encode_values(const RawMask& raw, const LabelCoding& coding, const CodingTables& tables,
                   CodedMask& coded) {
  const std::vector<std::uint32_t> present = present_values(raw);
  const Decision decision = decide_values(raw, coding, tables, present);
  coded.conflict = decision.conflict;
  std::vector<int> labels(present.empty() ? 0 : present.back() + 1, kUnknownLabel);
  for (const std::uint32_t value : present) labels[value] = decision.reading(value);
  coded.map.labels.reserve(raw.values.size());
  for (const std::uint16_t value : raw.values) {
    const int label = labels[value];
    coded.map.labels.push_back(label == kUnknownLabel ? core::kVoidLabel : static_cast<std::uint8_t>(label));
    if (label != kUnknownLabel) continue;
    if (decision.unknown_as_colours)
      note_unknown(coded.unknown.colours, raw.palette[value], coded);
    else
      note_unknown(coded.unknown.values, static_cast<int>(value), coded);
  }
}

void encode_colours(const RawMask& raw, const LabelCoding& coding, const CodingTables& tables,
                    CodedMask& coded) {
  const bool grey = std::all_of(raw.colours.begin(), raw.colours.end(), is_grey);
  const auto by_value = [&](const Rgb& colour) { return tables.of_value(colour[0]); };
  const auto by_colour = [&](const Rgb& colour) { return tables.of_colour(colour); };
  const auto all_known = [&](const auto& reading) {
    return std::none_of(raw.colours.begin(), raw.colours.end(),
                        [&](const Rgb& colour) { return reading(colour) == kUnknownLabel; });
  };
  const bool declared = !coding.class_colours.empty();
  const bool values = grey && (!declared || (!all_known(by_colour) && all_known(by_value)));
  Rgb last{};
  int label = kUnknownLabel;
  bool first = true;
  coded.map.labels.reserve(raw.colours.size());
  for (const Rgb& colour : raw.colours) {
    if (first || colour != last) {
      label = values ? by_value(colour) : declared ? by_colour(colour) : kUnknownLabel;
      last = colour, first = false;
    }
    coded.map.labels.push_back(label == kUnknownLabel ? core::kVoidLabel : static_cast<std::uint8_t>(label));
    if (label != kUnknownLabel) continue;
    if (values)
      note_unknown(coded.unknown.values, static_cast<int>(colour[0]), coded);
    else
      note_unknown(coded.unknown.colours, colour, coded);
  }
}

}  // namespace

CodedMask encode_mask(const RawMask& raw, const LabelCoding& coding) {
  CodedMask coded{.map = {raw.height, raw.width, {}}, .unknown = {}};
  const CodingTables tables(coding);
  if (raw.colours.empty())
    encode_values(raw, coding, tables, coded);
  else
    encode_colours(raw, coding, tables, coded);
  return coded;
}

}  // namespace segbench::data
