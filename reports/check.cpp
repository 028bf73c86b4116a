// SPDX-License-Identifier: MIT
#include "reports/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace segbench::reports {
namespace {

using core::Json;

constexpr double kTolerance = 1e-12;

bool same_number(const Json& a, const Json& b) {
  if (a.is_number_integer() && b.is_number_integer()) return a == b;
  const auto x = a.get<double>(), y = b.get<double>();
  return std::fabs(x - y) <= kTolerance * std::max({1.0, std::fabs(x), std::fabs(y)});
}

/// What a list's item is called: by its label, where it has one, else by its position.
std::string name_of(const Json& item, std::size_t index) {
  for (const char* key : {"label", "class", "metric", "claim", "trial", "split", "name", "variant"}) {
    if (item.is_object() && item.contains(key) && item.at(key).is_string())
      return item.at(key).get<std::string>();
  }
  return fmt::format("{}", index);
}

std::string shown(const Json& value) {
  std::string text = value.is_null() ? "nothing" : value.dump();
  return text.size() > 160 ? text.substr(0, 157) + "..." : text;
}

void compare(const Json& written, const Json& recomputed, const std::string& place,
             std::vector<std::string>& out) {
  const auto below = [&](const std::string& name) { return place.empty() ? name : place + " / " + name; };
  if (written.is_object() && recomputed.is_object()) {
    std::set<std::string> keys;
    for (const auto& [key, value] : written.items()) keys.insert(key);
    for (const auto& [key, value] : recomputed.items()) keys.insert(key);
    for (const std::string& key : keys) {
      compare(written.value(key, Json()), recomputed.value(key, Json()), below(key), out);
    }
    return;
  }
  if (written.is_array() && recomputed.is_array() && written.size() == recomputed.size()) {
    for (std::size_t i = 0; i < written.size(); ++i) {
      compare(written[i], recomputed[i], below(name_of(written[i], i)), out);
    }
    return;
  }
  const bool numbers = written.is_number() && recomputed.is_number();
  if (numbers ? same_number(written, recomputed) : written == recomputed) return;
  out.push_back(
      fmt::format("{}: the report says {}, the store gives {}", place, shown(written), shown(recomputed)));
}

}  // namespace

std::vector<std::string> differences(const Json& written, const Json& recomputed) {
  std::vector<std::string> found;
  compare(written, recomputed, "", found);
  return found;
}

}  // namespace segbench::reports
