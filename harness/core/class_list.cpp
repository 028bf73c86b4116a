// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::core {
namespace {

std::array<std::uint8_t, 3> colour_of(const std::string& text) {
  const unsigned long number = std::stoul(text.substr(1), nullptr, 16);
  return {static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8 & 255),
          static_cast<std::uint8_t>(number & 255)};
}

}  // namespace

Json class_trait(const std::vector<ListedClass>& classes) {
  Json list = Json::array();
  for (const auto& [name, colour, value] : classes)
    list.push_back({name, fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]), value});
  return list;
}

std::vector<ListedClass> listed_classes(const PartSpec& kind) {
  std::vector<ListedClass> classes;
  for (const Json& entry : kind.traits.value("classes", Json::array()))
    classes.push_back({entry.at(0), colour_of(entry.at(1)), entry.at(2)});
  return classes;
}

std::vector<std::string> class_names(const PartSpec& kind, const Json& params) {
  if (const auto given = params.find("classes"); given != params.end() && given->is_array())
    return given->get<std::vector<std::string>>();
  std::vector<std::string> names;
  for (const ListedClass& known : listed_classes(kind)) names.push_back(known.name);
  return names;
}

std::string merge_problem(const std::vector<std::string>& names, const ClassMerge& merge) {
  std::set<std::string> taken;
  for (const auto& [name, parts] : merge) {
    if (name.empty() || parts.empty()) return "unites no class; name at least one";
    for (const std::string& part : parts) {
      if (std::find(names.begin(), names.end(), part) == names.end())
        return fmt::format("unknown class \"{}\"; known classes: {}{}", part, fmt::join(names, ", "),
                           did_you_mean(part, names));
      if (!taken.insert(part).second) return fmt::format("lists \"{}\" twice", part);
    }
  }
  for (const auto& [name, parts] : merge) {
    if (std::find(names.begin(), names.end(), name) != names.end() && !taken.contains(name))
      return fmt::format(
          "\"{0}\" is the name of a class that is not merged; list \"{0}\" too, or choose another name",
          name);
  }
  if (names.size() - taken.size() + merge.size() < 2) return "leaves fewer than two classes";
  return "";
}

MergedClasses merge_classes(const std::vector<std::string>& names, const ClassMerge& merge) {
  if (const std::string problem = merge_problem(names, merge); !problem.empty())
    throw UserError("data.merge: " + problem);
  std::map<std::string, std::string> new_name;
  for (const auto& [name, parts] : merge) {
    for (const std::string& part : parts) new_name[part] = name;
  }
  MergedClasses merged;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = new_name.find(names[i]);
    const std::string& name = found == new_name.end() ? names[i] : found->second;
    const auto place = std::find(merged.names.begin(), merged.names.end(), name);
    merged.index_of.push_back(static_cast<std::size_t>(place - merged.names.begin()));
    if (place != merged.names.end()) continue;
    merged.names.push_back(name);
    merged.first_of.push_back(i);
  }
  return merged;
}

std::optional<std::int64_t> num_classes_of(const Json& data) {
  const Json params = data.value("params", Json::object());
  const PartSpec* kind = PartRegistry::instance().find(PartKind::kDataSet, data.value("kind", std::string()));
  if (kind != nullptr) {
    const std::vector<std::string> names = class_names(*kind, params);
    const ClassMerge merge = data.value("merge", ClassMerge());
    if (!names.empty() && merge_problem(names, merge).empty())
      return static_cast<std::int64_t>(merge_classes(names, merge).names.size());
    if (const Json count = kind->traits.value("num_classes", Json()); count.is_number_integer())
      return count.get<std::int64_t>();
  }
  for (const char* key : {"num_classes", "classes"}) {
    const auto found = params.find(key);
    if (found == params.end()) continue;
    if (found->is_number_integer()) return found->get<std::int64_t>();
    if (found->is_array() && !found->empty()) return static_cast<std::int64_t>(found->size());
  }
  return std::nullopt;
}

}  // namespace segbench::core
