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

/// How many characters of each name's beginning and end are left out.
struct Cut {
  std::size_t head = 0, tail = 0;

  bool operator==(const Cut&) const = default;
};

std::string core_of(const Characters& name, const Cut& cut) {
  const std::size_t begin = std::min(cut.head, name.size());
  const std::size_t end = name.size() - std::min(cut.tail, name.size() - begin);
  std::string core = begin > 0 ? "…" : "";
  for (std::size_t i = begin; i < end; ++i) core += name[i].bytes;
  return core + (end < name.size() ? "…" : "");
}

bool is_between_words(const Character& character) {
  return character.bytes == " " || character.bytes == ",";
}

/// From where the word begins that is cut, or that stands before.
Cut with_word_before(Cut cut, const Characters& name) {
  while (cut.head > 0 && is_between_words(name[cut.head - 1])) --cut.head;
  while (cut.head > 0 && !is_between_words(name[cut.head - 1])) --cut.head;
  return cut;
}

/// To where the word ends that is cut, or that stands behind.
Cut with_word_behind(Cut cut, const Characters& name) {
  while (cut.tail > 0 && is_between_words(name[name.size() - cut.tail])) --cut.tail;
  while (cut.tail > 0 && !is_between_words(name[name.size() - cut.tail])) --cut.tail;
  return cut;
}

/// The names without what they have in common, but for the words around the rest that find room.
std::vector<std::string> cores_of(const std::vector<Characters>& names, std::size_t columns) {
  const auto cores = [&](const Cut& cut) {
    std::vector<std::string> shown;
    for (const Characters& name : names) shown.push_back(core_of(name, cut));
    return shown;
  };
  const auto fits = [&](const Cut& cut) {
    return std::ranges::all_of(cores(cut),
                               [&](const std::string& core) { return text::width(core) <= columns; });
  };
  Cut cut{.head = in_common(names, [](const Characters& name) { return name.begin(); }),
          .tail = in_common(names, [](const Characters& name) { return name.rbegin(); })};
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto widened : {with_word_before, with_word_behind}) {
      const Cut more = widened(cut, names.front());
      if (more == cut || !fits(more)) continue;
      cut = more;
      grows = true;
    }
  }
  std::vector<std::string> shown = cores(cut);
  for (std::string& core : shown) core = shorten_middle(core, columns);
  return shown;
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
  std::vector<std::string> cores = cores_of(split, columns);
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
