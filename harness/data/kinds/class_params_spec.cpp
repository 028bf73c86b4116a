// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/text.h"
#include "harness/data/codecs/colour_text.h"
#include "harness/data/kinds/class_params.h"

namespace segbench::data {
namespace {

using core::Json;
using core::PartProblem;

void check_classes(const Json& params, std::vector<PartProblem>& problems) {
  std::set<std::string> seen;
  for (const std::string name : params.at("classes")) {
    if (!seen.insert(name).second) {
      problems.push_back({"data.classes", fmt::format("lists \"{}\" twice; list each class once", name)});
    }
  }
  if (const std::size_t n = params.at("classes").size(); n < 2 || n > 254) {
    problems.push_back({"data.classes",
                        fmt::format("must list 2 to 254 classes, the background included, but lists {}", n)});
  }
}

void check_background(const Json& params, std::vector<PartProblem>& problems) {
  const Json background = params.value("background", Json());
  const Json& classes = params.at("classes");
  if (background == true) {
    problems.push_back({"data.background", "must be the name of a class or false, but is true"});
  } else if (background.is_string() &&
             std::find(classes.begin(), classes.end(), background) == classes.end()) {
    const auto names = classes.get<std::vector<std::string>>();
    problems.push_back(
        {"data.background",
         fmt::format("unknown class {}; known classes: {}{}, or false", background.dump(),
                     fmt::join(names, ", "), core::did_you_mean(background.get<std::string>(), names))});
  }
}

void check_colours(const Json& params, std::vector<PartProblem>& problems) {
  std::set<Rgb> seen;
  for (const char* name : {"class_colours", "void_colours"}) {
    if (!params.contains(name) || params.at(name).is_null()) continue;
    for (const std::string text : params.at(name)) {
      const std::optional<Rgb> colour = parse_colour(text);
      const std::string key = fmt::format("data.{}", name);
      if (!colour)
        problems.push_back({key, fmt::format("\"{}\" is not a colour; write colours as \"#8000ff\"", text)});
      else if (!seen.insert(*colour).second)
        problems.push_back({key, fmt::format("lists \"{}\" twice", text)});
    }
  }
}

}  // namespace

void check_length(const Json& params, const std::string& name, std::vector<PartProblem>& problems) {
  const Json& list = params.at(name);
  const std::size_t classes = params.at("classes").size();
  if (list.is_null() || list.size() == classes) return;
  problems.push_back(
      {"data." + name, fmt::format("has {} entries for {} classes, but must have one for each class, in "
                                   "the order of data.classes",
                                   list.size(), classes)});
}

core::ParamSpec classes_param() {
  return {.name = "classes",
          .types = core::kStringList,
          .default_value = std::nullopt,
          .help =
              "names of the classes, in the order of the masks' values; class_table = \"classes.csv\" takes "
              "them from a table, with values and colours"};
}

core::ParamSpec background_param() {
  return {.name = "background",
          .types = core::kString | core::kBool,
          .default_value = Json(),
          .help =
              "the class that is the background, or false for none; default: the class named so, such as "
              "\"background\" or \"bg\", or a first class such as \"other\" or \"no_ship\""};
}

core::ParamSpec class_colours_param(const std::string& use) {
  return {.name = "class_colours",
          .types = core::kStringList,
          .default_value = Json(),
          .help = "colour of each class, \"#rrggbb\": " + use};
}

void check_class_params(const Json& params, std::vector<PartProblem>& problems) {
  check_classes(params, problems);
  check_background(params, problems);
  check_length(params, "class_colours", problems);
  check_colours(params, problems);
}

}  // namespace segbench::data
