// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"

#include <fmt/format.h>

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

}  // namespace segbench::core
