// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/text/characters.h"
#include "harness/text/utf8.h"

namespace segbench::text {
namespace {

using Characters = std::vector<Character>;

/// Characters that all names begin, or with reversed names end, with.
template <typename Begin>
std::size_t in_common(const std::vector<Characters>& names, Begin begin) {
  std::size_t common = names.front().size();
  for (const Characters& name : names) {
    common = std::min(common, name.size());
    const auto first = begin(names.front()), other = begin(name);
    for (std::size_t i = 0; i < common; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      if (first[at].bytes != other[at].bytes) common = i;
    }
  }
  return common;
}

/// A name without what all have in common.
std::string core_of(const Characters& name, std::size_t head, std::size_t tail) {
  const std::size_t begin = std::min(head, name.size());
  const std::size_t end = name.size() - std::min(tail, name.size() - begin);
  std::string core = begin > 0 ? "…" : "";
  for (std::size_t i = begin; i < end; ++i) core += name[i].bytes;
  return core + (end < name.size() ? "…" : "");
}

std::size_t distinct(const std::vector<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size();
}

}  // namespace

std::vector<std::string> shorten_names(const std::vector<std::string>& names, std::size_t columns) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(shorten_middle(name, columns));
  if (names.empty() || distinct(shown) == distinct(names)) return shown;
  std::vector<Characters> split;
  for (const std::string& name : names) split.push_back(characters(name));
  const std::size_t head = in_common(split, [](const Characters& name) { return name.begin(); });
  const std::size_t tail = in_common(split, [](const Characters& name) { return name.rbegin(); });
  std::vector<std::string> cores;
  for (const Characters& name : split) cores.push_back(shorten_middle(core_of(name, head, tail), columns));
  if (distinct(cores) > distinct(shown)) shown = std::move(cores);
  std::map<std::string, std::vector<std::size_t>> alike;  // by what is shown
  for (std::size_t i = 0; i < names.size(); ++i) alike[shown[i]].push_back(i);
  for (const auto& [same, places] : alike) {
    std::vector<std::string> group;
    for (const std::size_t place : places) group.push_back(names[place]);
    if (distinct(group) == 1 || group.size() == names.size()) continue;
    const std::vector<std::string> apart = shorten_names(group, columns);
    for (std::size_t i = 0; i < places.size(); ++i) shown[places[i]] = apart[i];
  }
  return shown;
}

}  // namespace segbench::text
