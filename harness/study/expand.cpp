// SPDX-License-Identifier: MIT
#include "harness/study/expand.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/text.h"
#include "harness/study/merge.h"
#include "harness/study/select.h"

namespace segbench::study {
namespace {

const Node* table_list(const Node& parent, const char* name, const char* shown, ProblemList& problems) {
  const Node* list = parent.find(name);
  if (list == nullptr) return nullptr;
  const auto is_table = [](const Node& item) { return item.is_table(); };
  if (list->is_array() && std::all_of(list->children.begin(), list->children.end(), is_table)) return list;
  problems.add(
      list->place,
      found_message(shown, *list, fmt::format("a list of tables, each under a header [[{}]]", shown)));
  return nullptr;
}

/// Whether a key is a setting of a variant, as far as its first part tells; the rest shows when it is
/// resolved.
bool is_setting(const Node& entry, ProblemList& problems) {
  const std::string first = core::split(entry.key, '.').front();
  if (is_section(first)) return true;
  const std::vector<std::string> sections(kSections.begin(), kSections.end());
  problems.add(entry.key_place,
               fmt::format("unknown key \"{}\"; write a dotted key that begins with {}{}", entry.key,
                           fmt::join(sections, ", "), core::did_you_mean(first, sections)));
  return false;
}

bool is_sound_axis(const Node& axis, ProblemList& problems) {
  if (!is_setting(axis, problems)) return false;
  if (!axis.is_array() || axis.children.empty()) {
    problems.add(axis.place, found_message(axis.key, axis, "a list of at least one value"));
    return false;
  }
  std::vector<core::Json> seen;
  bool sound = true;
  for (const Node& value : axis.children) {
    seen.push_back(to_json(value));
    if (std::find(seen.begin(), seen.end() - 1, seen.back()) == seen.end() - 1) continue;
    problems.add(value.place, fmt::format("{} lists {} twice", axis.key, describe(value)));
    sound = false;
  }
  return sound;
}

/// Leaf keys in file order: a table as a value counts by its entries.
void add_keys(const Node& value, const std::string& path, std::vector<std::string>& keys) {
  if (value.is_table()) {
    for (const Node& child : value.children) add_keys(child, fmt::format("{}.{}", path, child.key), keys);
  } else if (std::find(keys.begin(), keys.end(), path) == keys.end()) {
    keys.push_back(path);
  }
}

/// Writes values into the settings, those of a whole table before those below it.
void assign(Draft& draft, std::vector<const Node*> values, const std::vector<std::string>& keys,
            const Document& document, ProblemList& problems) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    add_keys(*values[i], keys[i], draft.keys);
    texts.push_back(fmt::format("{} = {}", keys[i], describe(*values[i])));
  }
  draft.description = fmt::format("{}", fmt::join(texts, ", "));
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return core::split(keys[a], '.').size() < core::split(keys[b], '.').size();
  });
  for (const std::size_t i : order) {
    if (!set_path(draft.settings, keys[i], *values[i])) {
      problems.add(values[i]->key_place,
                   fmt::format("{} is not a setting: what stands above it is not a table", keys[i]));
    }
    reapply_overrides(draft.settings, keys[i], document.overrides);
  }
}

std::vector<const Node*> sound_excludes(const Node& matrix, ProblemList& problems) {
  std::vector<const Node*> excludes;
  const Node* list = table_list(matrix, "exclude", "matrix.exclude", problems);
  if (list == nullptr) return excludes;
  std::vector<std::string> axes;
  for (const Node& axis : matrix.children) {
    if (axis.key != "exclude") axes.push_back(axis.key);
  }
  for (const Node& exclude : list->children) {
    bool sound = !exclude.children.empty();
    if (!sound) problems.add(exclude.place, "matrix.exclude needs at least one condition");
    for (const Node& condition : exclude.children) {
      if (std::any_of(axes.begin(), axes.end(), [&](const std::string& axis) {
            return is_at_or_below(condition.key, axis) || is_at_or_below(axis, condition.key);
          })) {
        continue;
      }
      sound = false;
      problems.add(
          condition.key_place,
          fmt::format("matrix.exclude: \"{}\" is not an axis of the matrix; axes: {}{}", condition.key,
                      fmt::join(axes, ", "), core::did_you_mean(condition.key, axes)));
    }
    if (sound) excludes.push_back(&exclude);
  }
  return excludes;
}

void drop_excluded(const Node& matrix, const Document& document, std::vector<Draft>& drafts,
                   ProblemList& problems) {
  const std::vector<const Node*> excludes = sound_excludes(matrix, problems);
  if (excludes.empty() || drafts.empty()) return;
  std::vector<core::Json> settings;
  for (const Draft& draft : drafts) settings.push_back(to_json(draft.settings));
  std::vector<bool> excluded(drafts.size(), false);
  for (const Node* exclude : excludes) {
    const core::Json conditions = to_json(*exclude);
    bool matched = false;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      if (!meets_all(settings[i], conditions)) continue;
      excluded[i] = matched = true;
    }
    const bool overridden =
        std::any_of(exclude->children.begin(), exclude->children.end(),
                    [&](const Node& condition) { return is_overridden(condition.key, document.overrides); });
    if (matched || overridden) continue;
    problems.add(exclude->place,
                 fmt::format("matrix.exclude: {} matches no combination of the matrix", describe(*exclude)));
  }
  std::vector<Draft> kept;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!excluded[i]) kept.push_back(std::move(drafts[i]));
  }
  if (kept.empty()) problems.add(matrix.place, "matrix: every combination is excluded");
  drafts = std::move(kept);
}

std::vector<Draft> expand_matrix(const Node& matrix, const Node& base, const Document& document,
                                 ProblemList& problems) {
  std::vector<const Node*> axes;
  std::vector<std::string> keys;
  bool sound = true;
  std::size_t combinations = 1;
  for (const Node& axis : matrix.children) {
    if (axis.key == "exclude") continue;
    if (!is_sound_axis(axis, problems)) {
      sound = false;
      continue;
    }
    axes.push_back(&axis);
    keys.push_back(axis.key);
    combinations = std::min(combinations * axis.children.size(), kMostVariants + 1);
  }
  if (sound && axes.empty()) problems.add(matrix.place, "matrix has no axis");
  if (combinations > kMostVariants) {
    problems.add(matrix.place, fmt::format("matrix has more than {} combinations", kMostVariants));
  }
  if (!sound || axes.empty() || combinations > kMostVariants) {
    sound_excludes(matrix, problems);
    return {};
  }
  std::vector<Draft> drafts;
  for (std::size_t n = 0; n < combinations; ++n) {
    std::vector<const Node*> values(axes.size());
    for (std::size_t i = axes.size(), rest = n; i-- > 0; rest /= axes[i]->children.size()) {
      values[i] = &axes[i]->children[rest % axes[i]->children.size()];
    }
    Draft draft{.settings = base, .place = values.back()->place, .description = {}};
    assign(draft, values, keys, document, problems);
    drafts.push_back(std::move(draft));
  }
  drop_excluded(matrix, document, drafts, problems);
  return drafts;
}

std::vector<Draft> expand_draws(const SearchTable& search, const std::vector<std::vector<Node>>& draws,
                                const Node& base, const Document& document, ProblemList& problems) {
  std::vector<std::string> keys;
  for (const Range& range : search.space) keys.push_back(range.key);
  std::vector<Draft> drafts;
  for (const std::vector<Node>& draw : draws) {
    std::vector<const Node*> values;
    for (const Node& value : draw) values.push_back(&value);
    Draft draft{.settings = base, .place = search.place, .description = {}};
    assign(draft, values, keys, document, problems);
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

Draft expand_variant(const Node& variant, const Node& base, const Document& document, ProblemList& problems) {
  Draft draft{.settings = base, .place = variant.place, .description = {}};
  std::vector<const Node*> values;
  std::vector<std::string> keys;
  for (const Node& entry : variant.children) {
    if (entry.key == "label") {
      const std::string label = entry.string();
      if (label.empty() || label != core::trim(label) || label.find('\n') != std::string::npos) {
        problems.add(entry.place, found_message("variant.label", entry, "a string of one line"));
      } else {
        draft.label = label;
      }
    } else if (is_setting(entry, problems)) {
      values.push_back(&entry);
      keys.push_back(entry.key);
    }
  }
  assign(draft, values, keys, document, problems);
  if (draft.description.empty()) draft.description = "[[variant]] without settings of its own";
  if (draft.label) draft.description = *draft.label;
  return draft;
}

}  // namespace

Node settings_of(const Node& root) {
  Node settings{.type = NodeType::kTable, .key = {}, .place = root.place, .key_place = root.key_place};
  for (const std::string_view name : kSections) {
    if (const Node* section = root.find(name)) settings.children.push_back(*section);
  }
  return settings;
}

std::vector<Draft> expand(const Document& document, const std::optional<SearchTable>& search,
                          const std::vector<std::vector<Node>>& draws, ProblemList& problems) {
  const Node base = settings_of(document.root);
  std::vector<Draft> drafts;
  const bool searches = document.root.find("search") != nullptr;
  if (search) drafts = expand_draws(*search, draws, base, document, problems);
  const Node* matrix = document.root.find("matrix");
  if (searches) {
    // that there is a matrix, too, has been reported
  } else if (matrix != nullptr && matrix->is_table()) {
    drafts = expand_matrix(*matrix, base, document, problems);
  } else if (matrix != nullptr) {
    problems.add(matrix->place, found_message("matrix", *matrix, "a table of axes"));
  }
  const Node* variants = table_list(document.root, "variant", "variant", problems);
  if (variants != nullptr) {
    for (const Node& variant : variants->children) {
      drafts.push_back(expand_variant(variant, base, document, problems));
    }
  }
  if (!searches && matrix == nullptr && (variants == nullptr || variants->children.empty())) {
    drafts.push_back({.settings = base, .place = base.place, .description = "the settings of the file"});
  }
  return drafts;
}

}  // namespace segbench::study
