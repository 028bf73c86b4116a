// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <set>
#include <string>

#include "harness/core/random.h"
#include "harness/core/text.h"
#include "harness/study/search.h"

namespace segbench::study {
namespace {

/// Draws that repeat an earlier one are passed over; a space of few values has no more than these tries find.
constexpr std::size_t kTriesPerDraw = 50;

double rounded(double value) {
  return std::stod(fmt::format("{:.3e}", value));
}

double number_in(const Range& range, double u) {
  const bool logarithmic = range.kind.starts_with("log_");
  const bool whole = range.kind.ends_with("integer");
  const double above = whole ? range.high + 1 : range.high;  // integers: each has a piece of the range
  const double value =
      logarithmic ? range.low * std::pow(above / range.low, u) : range.low + (above - range.low) * u;
  return std::clamp(whole ? std::floor(value) : rounded(value), range.low, range.high);
}

/// One number from [0, 1) a range, for a draw.
class Points {
 public:
  explicit Points(const SearchTable& table) : table_(table), sobol_(table.space.size()) {
    for (const Range& range : table.space) {
      names_.push_back(range.key);
      shifts_.push_back(
          core::Stream(table.search.seed, core::Purpose::kSearch, "shift " + range.key, 0, 0).next_u64());
    }
    std::sort(names_.begin(), names_.end());
  }

  /// The next draw: one number a range of the table.
  std::vector<double> next() {
    std::vector<double> point;
    if (table_.search.method == "sobol") {
      std::vector<std::uint64_t> bits;
      // Boost leaves out the origin, without which the first 2^k points are no net (Owen 2020).
      for (std::size_t i = 0; i < names_.size(); ++i) bits.push_back(number_ == 0 ? 0 : sobol_());
      for (std::size_t i = 0; i < names_.size(); ++i) {
        const auto at = std::lower_bound(names_.begin(), names_.end(), table_.space[i].key) - names_.begin();
        const std::uint64_t shifted = bits[static_cast<std::size_t>(at)] ^ shifts_[i];
        point.push_back(static_cast<double>(shifted >> 11) * 0x1.0p-53);
      }
    } else {
      for (const Range& range : table_.space)
        point.push_back(
            core::Stream(table_.search.seed, core::Purpose::kSearch, range.key, 0, number_).uniform());
    }
    ++number_;
    return point;
  }

  /// The same draw's number for a range within a choice.
  double within(const std::string& key) const {
    return core::Stream(table_.search.seed, core::Purpose::kSearch, key, 0, number_ - 1).uniform();
  }

 private:
  const SearchTable& table_;
  boost::random::sobol sobol_;
  std::vector<std::string> names_;  ///< of the dimensions
  std::vector<std::uint64_t> shifts_;
  std::uint64_t number_ = 0;
};

/// Puts a value in the place of what stands at a path that is there.
void replace_at(Node& table, std::string_view path, Node value) {
  Node* node = &table;
  for (const std::string& step : core::split(path, '.')) node = node->find(step);
  value.key = node->key;
  *node = std::move(value);
}

/// A number from [0, 1) as a value of a range.
Node value_of(const Range& range, double u, const Points& points) {
  Node value{.place = range.place, .key_place = range.key_place};
  if (range.kind == "choice") {
    const auto count = static_cast<double>(range.choices.size());
    const std::size_t at = std::min(range.choices.size() - 1, static_cast<std::size_t>(u * count));
    value = range.choices[at];
    for (const Range& inner : range.within[at]) {
      replace_at(value, std::string_view(inner.key).substr(range.key.size() + 1),
                 value_of(inner, points.within(inner.key), points));
    }
  } else if (range.kind.ends_with("integer")) {
    value.type = NodeType::kInteger;
    value.scalar = static_cast<std::int64_t>(number_in(range, u));
  } else {
    value.type = NodeType::kNumber;
    value.scalar = number_in(range, u);
  }
  return value;
}

}  // namespace

std::vector<std::vector<Node>> draw_values(const SearchTable& table, std::size_t seeds) {
  const std::size_t wanted = static_cast<std::size_t>(table.search.trials) / std::max<std::size_t>(1, seeds);
  Points points(table);
  std::set<std::string> seen;
  std::vector<std::vector<Node>> draws;
  for (std::size_t tried = 0; draws.size() < wanted && tried < kTriesPerDraw * (wanted + 1); ++tried) {
    const std::vector<double> point = points.next();
    std::vector<Node> values;
    std::string text;
    for (std::size_t i = 0; i < point.size(); ++i) {
      values.push_back(value_of(table.space[i], point[i], points));
      text += to_json(values.back()).dump() + '\n';
    }
    if (seen.insert(text).second) draws.push_back(std::move(values));
  }
  return draws;
}

}  // namespace segbench::study
