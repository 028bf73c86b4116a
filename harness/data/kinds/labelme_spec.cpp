// SPDX-License-Identifier: MIT
#include "harness/data/kinds/annotation_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration labelme{
    {.kind = core::PartKind::kDataSet,
     .name = "labelme",
     .summary = "annotations of LabelMe, a JSON beside each image, drawn as LabelMe does: polygons, "
                "rectangles, circles, "
                "points, lines and masks; __ignore__ is void",
     .source = "github.com/wkentaro/labelme",
     .params = annotation_params(),
     .traits = annotation_traits(
         {"<name>.json, <name>.<any>              one set, split by fractions; subfolders are read, too",
          "train/<name>.json, val/…, test/…       official splits, one folder each"}),
     .check = check_annotation_params}};

}  // namespace
}  // namespace segbench::data
