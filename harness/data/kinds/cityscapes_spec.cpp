// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

/// The values are those of labelIds (cityscapesscripts, helpers/labels.py).
core::Json classes() {
  return core::class_trait({{"road", {128, 64, 128}, 7},
                            {"sidewalk", {244, 35, 232}, 8},
                            {"building", {70, 70, 70}, 11},
                            {"wall", {102, 102, 156}, 12},
                            {"fence", {190, 153, 153}, 13},
                            {"pole", {153, 153, 153}, 17},
                            {"traffic light", {250, 170, 30}, 19},
                            {"traffic sign", {220, 220, 0}, 20},
                            {"vegetation", {107, 142, 35}, 21},
                            {"terrain", {152, 251, 152}, 22},
                            {"sky", {70, 130, 180}, 23},
                            {"person", {220, 20, 60}, 24},
                            {"rider", {255, 0, 0}, 25},
                            {"car", {0, 0, 142}, 26},
                            {"truck", {0, 0, 70}, 27},
                            {"bus", {0, 60, 100}, 28},
                            {"train", {0, 80, 100}, 31},
                            {"motorcycle", {0, 0, 230}, 32},
                            {"bicycle", {119, 11, 32}, 33}});
}

const core::PartRegistration cityscapes{
    {.kind = core::PartKind::kDataSet,
     .name = "cityscapes",
     .summary = "streets of 50 cities, the 19 classes of evaluation and void",
     .source = "Cordts et al. 2016, The Cityscapes Dataset for Semantic Urban Scene Understanding",
     .params = {{.name = "annotations",
                 .types = core::kString,
                 .default_value = "gtFine",
                 .help = "folder of the masks",
                 .choices = {"gtFine", "gtCoarse"}},
                {.name = "masks",
                 .types = core::kString,
                 .default_value = "labelIds",
                 .help =
                     "which masks: those that come with the data set, or those that createTrainIdLabelImgs "
                     "makes of them; the labels are the same",
                 .choices = {"labelIds", "labelTrainIds"}},
                allow_absent_classes()},
     .traits = {
         {"needs_root", true},
         {"recognised_by", core::Json::array({"leftImg8bit"})},
         {"default_splits", {{"train", "train"}, {"selection", 0.15}, {"test", "val"}}},
         {"default_resolution", {256, 512}},
         {"num_classes", 19},
         {"classes", classes()},
         {"background", nullptr},
         {"group", "the city"},
         {"layout",
          {"leftImg8bit/{train,val}/<city>/<id>_leftImg8bit.png  images",
           "gtFine/{train,val}/<city>/<id>_gtFine_labelIds.png   34 labels, of which 19 count; others are "
           "void",
           "the official test split has no labels: val takes its place, and selection is drawn by city"}}}}};

}  // namespace
}  // namespace segbench::data
