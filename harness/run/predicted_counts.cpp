// SPDX-License-Identifier: MIT
#include "harness/run/predicted_counts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "harness/core/files.h"
#include "harness/core/text.h"

namespace segbench::run {
namespace {

constexpr std::array<const char*, 5> kColumns = {"image_id", "class", "tp", "fp", "fn"};
constexpr std::size_t kMostTold = 10;

/// The cells of a line of CSV (RFC 4180, without line ends in cells).
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      cells.back() += line[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

class CountsReader {
 public:
  CountsReader(const std::filesystem::path& file, const core::DecodeCache& cache,
               std::span<const std::int64_t> indices, std::vector<core::Problem>& problems)
      : file_(file), cache_(cache), indices_(indices), problems_(problems) {
    counts_.assign(indices.size(),
                   std::vector<core::ClassCounts>(static_cast<std::size_t>(cache.num_classes())));
    for (std::size_t i = 0; i < indices.size(); ++i)
      places_[cache.manifest().samples.at(static_cast<std::size_t>(indices[i])).id] = i;
  }

  std::vector<std::vector<core::ClassCounts>> read() {
    const std::vector<std::string> lines = core::split(core::read_file(file_), '\n');
    if (!read_heading(lines.empty() ? "" : lines[0])) return {};
    for (std::size_t i = 1; i < lines.size() && told_ < kMostTold; ++i) {
      if (!core::trim(lines[i]).empty()) read_row(static_cast<int>(i) + 1, cells_of(core::trim(lines[i])));
    }
    if (told_ == 0) check_images();
    return std::move(counts_);
  }

 private:
  void tell(int line, const std::string& message) {
    if (++told_ <= kMostTold)
      problems_.push_back({.file = file_.string(), .line = line, .column = 0, .message = message});
  }

  bool read_heading(std::string_view line) {
    const std::vector<std::string> names = cells_of(core::trim(line));
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
      const auto found = std::find(names.begin(), names.end(), kColumns[c]);
      if (found == names.end()) {
        tell(1, fmt::format("there is no column {}; columns needed: {}", kColumns[c],
                            fmt::join(kColumns, ", ")));
        return false;
      }
      columns_[c] = static_cast<std::size_t>(found - names.begin());
    }
    width_ = names.size();
    return true;
  }

  std::optional<std::size_t> class_of(const std::string& text) const {
    const std::vector<core::ClassInfo>& classes = cache_.manifest().classes;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (classes[c].name == text) return c;
    }
    const std::optional<std::int64_t> index = number(text);
    return index && *index < static_cast<std::int64_t>(classes.size())
               ? std::optional(static_cast<std::size_t>(*index))
               : std::nullopt;
  }

  static std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
  }

  void read_row(int line, const std::vector<std::string>& cells) {
    if (cells.size() != width_)
      return tell(line, fmt::format("has {} cells, but the heading has {}", cells.size(), width_));
    const std::string &image = cells[columns_[0]], &name = cells[columns_[1]];
    const auto place = places_.find(image);
    if (place == places_.end()) return tell(line, fmt::format("{} is no image of this split", image));
    const std::optional<std::size_t> index = class_of(name);
    if (!index) return tell(line, fmt::format("{} is no class of the study", name));
    if (!seen_.insert({place->second, *index}).second)
      return tell(line, fmt::format("class {} of {} stands here twice", name, image));
    core::ClassCounts& counts = counts_[place->second][*index];
    for (std::size_t c = 0; c < 3; ++c) {
      const std::optional<std::int64_t> value = number(cells[columns_[c + 2]]);
      if (!value)
        return tell(line, fmt::format("{} is {}, but must be a number of pixels", kColumns[c + 2],
                                      cells[columns_[c + 2]]));
      (c == 0 ? counts.tp : c == 1 ? counts.fp : counts.fn) = *value;
    }
  }

  /// Truth is the study's: counts of another resolution or split do not fit it.
  void check_images() {
    for (const auto& [image, place] : places_) {
      const bool has_any = std::any_of(seen_.begin(), seen_.end(),
                                       [&, p = place](const auto& seen) { return seen.first == p; });
      if (!has_any) {
        tell(0, fmt::format("{} has no row", image));
        continue;
      }
      const std::vector<std::int64_t> truth =
          core::count_labels(cache_.labels(indices_[place]), cache_.num_classes());
      std::int64_t wrong = 0, missed = 0;
      for (std::size_t c = 0; c < counts_[place].size(); ++c) {
        const core::ClassCounts& n = counts_[place][c];
        wrong += n.fp, missed += n.fn;
        if (n.tp + n.fn != truth[c])
          tell(0, fmt::format("{}: tp + fn of class {} are {} pixels, but the study's truth has {}", image,
                              cache_.manifest().classes[c].name, n.tp + n.fn, truth[c]));
      }
      if (wrong != missed)
        tell(0, fmt::format("{}: fp add up to {} and fn to {}; every wrong pixel is one of each", image,
                            wrong, missed));
    }
  }

  const std::filesystem::path& file_;
  const core::DecodeCache& cache_;
  std::span<const std::int64_t> indices_;
  std::vector<core::Problem>& problems_;
  std::vector<std::vector<core::ClassCounts>> counts_;
  std::map<std::string, std::size_t> places_;
  std::array<std::size_t, kColumns.size()> columns_{};
  std::set<std::pair<std::size_t, std::size_t>> seen_;
  std::size_t width_ = 0, told_ = 0;
};

}  // namespace

std::vector<std::vector<core::ClassCounts>> read_predicted_counts(const std::filesystem::path& file,
                                                                  const core::DecodeCache& cache,
                                                                  std::span<const std::int64_t> indices,
                                                                  std::vector<core::Problem>& problems) {
  return CountsReader(file, cache, indices, problems).read();
}

}  // namespace segbench::run
