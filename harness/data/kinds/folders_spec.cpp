// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/data/codecs/colour_text.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

using core::Json;
using core::PartProblem;

/// The list must have as many entries as there are classes.
void check_length(const Json& params, const std::string& name, std::vector<PartProblem>& problems) {
  const Json& list = params.at(name);
  const std::size_t classes = params.at("classes").size();
  if (list.is_null() || list.size() == classes) return;
  problems.push_back(
      {"data." + name, fmt::format("has {} entries for {} classes, but must have one for each class, in "
                                   "the order of data.classes",
                                   list.size(), classes)});
}

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

/// No stored value may mean two things.
void check_values(const Json& params, std::vector<PartProblem>& problems) {
  std::set<int> seen;
  if (params.at("mask_values").is_null()) {
    for (std::size_t i = 0; i < params.at("classes").size(); ++i) seen.insert(static_cast<int>(i));
  } else {
    for (const int value : params.at("mask_values")) {
      if (!seen.insert(value).second) {
        problems.push_back(
            {"data.mask_values", fmt::format("lists {} twice; each class needs a value of its own", value)});
      }
    }
  }
  for (const int value : params.at("void_values")) {
    if (!seen.contains(value)) continue;
    problems.push_back({"data.void_values", fmt::format("lists {}, which is the value of a class", value)});
  }
}

void check_colours(const Json& params, std::vector<PartProblem>& problems) {
  std::set<Rgb> seen;
  for (const char* name : {"class_colours", "void_colours"}) {
    if (params.at(name).is_null()) continue;
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

std::vector<PartProblem> check_folders(const Json& params, const Json&) {
  std::vector<PartProblem> problems;
  check_classes(params, problems);
  check_background(params, problems);
  check_length(params, "mask_values", problems);
  check_length(params, "class_colours", problems);
  check_values(params, problems);
  check_colours(params, problems);
  if (params.at("images") == params.at("masks") && params.at("mask_suffix") == "") {
    problems.push_back({"data.mask_suffix",
                        "images and masks are in one folder; set a suffix that tells the masks "
                        "apart, such as \"_mask\""});
  }
  return problems;
}

const core::PartRegistration folders{
    {.kind = core::PartKind::kDataSet,
     .name = "folders",
     .summary = "your own images and masks, paired by name",
     .source = "any data set",
     .params =
         {{.name = "classes",
           .types = core::kStringList,
           .default_value = std::nullopt,
           .help = "names of the classes, in the order of the masks' values"},
          {.name = "background",
           .types = core::kString | core::kBool,
           .default_value = Json(),
           .help =
               "the class that is the background, or false for none; default: the class named so, such as "
               "\"background\" or \"bg\", or a first class such as \"other\" or \"no_ship\""},
          {.name = "images",
           .types = core::kString,
           .default_value = "images",
           .help = "folder of the images; \"images/**\" with all below it"},
          {.name = "masks",
           .types = core::kString,
           .default_value = "masks",
           .help = "folder of the masks; \"masks/**\" with all below it"},
          {.name = "image_suffix",
           .types = core::kString,
           .default_value = "",
           .help = "what an image's name has behind the name that it shares with its mask: \"_0000\""},
          {.name = "mask_suffix",
           .types = core::kString,
           .default_value = "",
           .help = "what a mask's name has behind its image's name, before the extension: \"_mask\""},
          {.name = "mask_values",
           .types = core::kIntegerList,
           .default_value = Json(),
           .help =
               "stored value of each class, in the order of classes, such as [0, 255]; default 0, 1, 2, …",
           .minimum = 0,
           .maximum = 65535},
          {.name = "void_values",
           .types = core::kIntegerList,
           .default_value = Json::array(),
           .help = "stored values of pixels that are not to be scored",
           .minimum = 0,
           .maximum = 65535},
          {.name = "class_colours",
           .types = core::kStringList,
           .default_value = Json(),
           .help = "colour of each class, \"#rrggbb\": decodes masks of colours or with a palette, and "
                   "colours the report"},
          {.name = "void_colours",
           .types = core::kStringList,
           .default_value = Json::array(),
           .help = "colours of RGB masks that are not to be scored"},
          allow_absent_classes()},
     .traits = {{"needs_root", true},
                {"default_splits", {{"train", "auto"}, {"selection", "auto"}, {"test", "auto"}}},
                {"default_resolution", "native"},
                {"num_classes", Json()},
                {"background", "by_name"},
                {"layout",
                 {"images/<name>.<any>, masks/<name><mask_suffix>.<any>       one set, split by fractions "
                  "(0.15, 0.15)",
                  "… and train.txt, val.txt, test.txt with one name a line    official splits",
                  "train/images, train/masks, val/…, test/…                   official splits",
                  "images/train, masks/train, images/val, …                   official splits"}}},
     .check = check_folders}};

}  // namespace
}  // namespace segbench::data
