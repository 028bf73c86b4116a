// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <set>

#include "harness/core/part.h"
#include "harness/data/kinds/class_params.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

using core::Json;
using core::PartProblem;

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

std::vector<PartProblem> check_folders(const Json& params, const Json&) {
  std::vector<PartProblem> problems;
  check_class_params(params, problems);
  check_length(params, "mask_values", problems);
  check_values(params, problems);
  if (params.value("object_masks", "none") != "none" &&
      (params.at("images") == params.at("masks") || params.at("mask_suffix") != "")) {
    problems.push_back(
        {"data.object_masks",
         "masks of single objects lie in a folder of their own, and mask_suffix has no effect on "
         "them"});
  } else if (params.at("images") == params.at("masks") && params.at("mask_suffix") == "") {
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
         {classes_param(),
          background_param(),
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
          {.name = "object_masks",
           .types = core::kString,
           .default_value = "none",
           .help =
               "whether each object has a mask of its own, in a folder for each image (\"masks/a/1.png\") or "
               "numbered (\"masks/a_1.png\"); what is not of the first class in any of them counts",
           .choices = {"none", "folder", "numbered"}},
          {.name = "unlabelled",
           .types = core::kString,
           .default_value = "refuse",
           .help = "what to do with images that have no mask: refuse the data, or skip them with a warning",
           .choices = {"refuse", "skip"}},
          {.name = "roots",
           .types = core::kStringList,
           .default_value = Json::array(),
           .help = "folders below root that are such data sets each and are joined; their names stand in "
                   "front of "
                   "ids: \"site_a/img1\""},
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
          class_colours_param("decodes masks of colours or with a palette, and colours the report"),
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
