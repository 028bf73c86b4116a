// SPDX-License-Identifier: MIT
#include "harness/study/selector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/text.h"
#include "harness/study/merge.h"
#include "harness/study/resolve.h"
#include "harness/study/select.h"

namespace segbench::study {
namespace {

using core::Json;

constexpr std::size_t kMostListed = 20;
constexpr const char* kSelectorForm =
    "a table of settings such as { \"model.size\" = \"small\" }, or a label";

std::string listed(const std::vector<std::string>& items) {
  const std::size_t shown = std::min(items.size(), kMostListed);
  std::string text =
      fmt::format("{}", fmt::join(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < items.size()) text += fmt::format(", … ({} in all)", items.size());
  return text;
}

std::vector<std::string> labels(const std::vector<core::Variant>& variants) {
  std::vector<std::string> labels;
  for (const core::Variant& variant : variants) labels.push_back(variant.label);
  return labels;
}

bool is_overridden_selector(const Node& selector, const SelectorContext& context) {
  const std::vector<Override>& overrides = context.document.overrides;
  if (selector.is_string()) {
    return std::any_of(overrides.begin(), overrides.end(), [](const Override& override) {
      const std::string first = core::split(override.path, '.').front();
      return is_section(first) || first == "matrix" || first == "variant";
    });
  }
  return std::any_of(selector.children.begin(), selector.children.end(),
                     [&](const Node& condition) { return is_overridden(condition.key, overrides); });
}

/// Reports a condition that no variant meets on its own account: an unknown key or a value that does not
/// occur.
bool report_hopeless(const Node& condition, const std::string& path, const SelectorContext& context) {
  std::vector<std::string> values, words;
  std::set<std::string> keys;
  for (const Json& layout : context.layouts) {
    for (const std::string& key : dotted_keys(layout)) keys.insert(key);
    const Json* value = value_at(layout, condition.key);
    if (value == nullptr) continue;
    if (meets(*value, to_json(condition))) return false;
    const std::string text = toml_text(*value);
    if (std::find(values.begin(), values.end(), text) != values.end()) continue;
    values.push_back(text);
    if (value->is_string()) words.push_back(value->get<std::string>());
  }
  if (values.empty()) {
    context.problems.add(
        condition.key_place,
        fmt::format("{}: no variant has a setting \"{}\"; write dotted keys of settings{}", path,
                    condition.key, core::did_you_mean(condition.key, {keys.begin(), keys.end()})));
  } else {
    context.problems.add(
        condition.place,
        fmt::format("{}: no variant has {} = {}; values in this study: {}{}", path, condition.key,
                    describe(condition), listed(values), core::did_you_mean(condition.string(), words)));
  }
  return true;
}

bool report_hopeless_conditions(const Node& selector, const std::string& path,
                                const SelectorContext& context) {
  bool reported = false;
  if (!selector.is_table()) return reported;
  for (const Node& condition : selector.children) reported |= report_hopeless(condition, path, context);
  return reported;
}

}  // namespace

SelectorContext::SelectorContext(const Document& of, const std::vector<core::Variant>& among,
                                 ProblemList& list)
    : document(of), variants(among), problems(list) {
  for (const core::Variant& variant : variants) layouts.push_back(file_layout(variant.config));
}

const core::Variant* select_variant(const Node& table, const std::string& list, const std::string& name,
                                    const SelectorContext& context) {
  const std::string path = fmt::format("{}.{}", list, name);
  if (const Node* selector = table.find(name)) return select_variant(*selector, path, context);
  context.problems.add(table.place, fmt::format("{} is missing; it must be {}", path, kSelectorForm));
  return nullptr;
}

const core::Variant* select_variant(const Node& selector, const std::string& path,
                                    const SelectorContext& context) {
  if (!selector.is_table() && !selector.is_string()) {
    context.problems.add(selector.place, found_message(path, selector, kSelectorForm));
    return nullptr;
  }
  if (context.variants.empty()) return nullptr;

  const Json conditions = to_json(selector);
  const core::Variant* chosen = nullptr;
  std::vector<std::string> matched;
  for (std::size_t i = 0; i < context.variants.size(); ++i) {
    const core::Variant& variant = context.variants[i];
    if (selector.is_string() ? variant.label != selector.string()
                             : !variant.config.ensemble.empty() || !meets_all(context.layouts[i], conditions))
      continue;
    chosen = &variant;
    matched.push_back(variant.label);
  }
  if (matched.size() == 1) return chosen;
  if (is_overridden_selector(selector, context)) return nullptr;
  if (matched.empty() && report_hopeless_conditions(selector, path, context)) return nullptr;
  const std::vector<std::string> known = labels(context.variants);
  context.problems.add(
      selector.place,
      fmt::format("{}: {} {}; it must match exactly one of the variants {}{}", path, describe(selector),
                  matched.empty() ? std::string("matches no variant")
                                  : fmt::format("matches {} variants ({})", matched.size(), listed(matched)),
                  listed(known), core::did_you_mean(selector.string(), known)));
  return nullptr;
}

}  // namespace segbench::study
