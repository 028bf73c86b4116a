// SPDX-License-Identifier: MIT
#include "harness/data/kinds/annotation_params.h"

namespace segbench::data {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = annotation_params();
  params.push_back(
      {.name = "annotations",
       .types = core::kString,
       .default_value = "",
       .help = "one annotation file, relative to root, whose images are one set; default: all that are "
               "found, a split each"});
  return params;
}

const core::PartRegistration coco{
    {.kind = core::PartKind::kDataSet,
     .name = "coco",
     .summary = "annotations in COCO's JSON: polygons and run lengths, drawn as pycocotools does",
     .source = "Lin et al. 2014, Microsoft COCO; cocodataset.org",
     .params = params(),
     .traits = annotation_traits(
         {"annotations/instances_<split>.json, <split>/<file_name>    as COCO unpacks, where train2017 "
          "is the split train; images/ and images/<split>/ do, too",
          "<split>/_annotations.coco.json, <split>/<file_name>        as many tools export",
          "annotations.json, images/<file_name>                       one set, split by fractions"}),
     .check = check_annotation_params}};

}  // namespace
}  // namespace segbench::data
