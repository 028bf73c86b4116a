// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration voc2012{
    {.kind = core::PartKind::kDataSet,
     .name = "voc2012",
     .summary = "Pascal VOC 2012, 21 classes and void",
     .source = "Everingham et al., The PASCAL Visual Object Classes Challenge 2012",
     .params = {{.name = "masks",
                 .types = core::kString,
                 .default_value = "SegmentationClass",
                 .help = "folder of the masks",
                 .choices = {"SegmentationClass", "SegmentationClassAug"}},
                allow_absent_classes()},
     .traits = {
         {"needs_root", true},
         {"recognised_by",
          core::Json::array({"ImageSets/Segmentation/train.txt", "VOC2012", "VOCdevkit/VOC2012"})},
         {"default_splits", {{"train", "train"}, {"selection", 0.2}, {"test", "val"}}},
         {"default_resolution", {128, 128}},
         {"num_classes", 21},
         {"classes", core::class_trait({{"background", {0, 0, 0}, 0},
                                        {"aeroplane", {128, 0, 0}, 1},
                                        {"bicycle", {0, 128, 0}, 2},
                                        {"bird", {128, 128, 0}, 3},
                                        {"boat", {0, 0, 128}, 4},
                                        {"bottle", {128, 0, 128}, 5},
                                        {"bus", {0, 128, 128}, 6},
                                        {"car", {128, 128, 128}, 7},
                                        {"cat", {64, 0, 0}, 8},
                                        {"chair", {192, 0, 0}, 9},
                                        {"cow", {64, 128, 0}, 10},
                                        {"diningtable", {192, 128, 0}, 11},
                                        {"dog", {64, 0, 128}, 12},
                                        {"horse", {192, 0, 128}, 13},
                                        {"motorbike", {64, 128, 128}, 14},
                                        {"person", {192, 128, 128}, 15},
                                        {"pottedplant", {0, 64, 0}, 16},
                                        {"sheep", {128, 64, 0}, 17},
                                        {"sofa", {0, 192, 0}, 18},
                                        {"train", {128, 192, 0}, 19},
                                        {"tvmonitor", {0, 64, 128}, 20}})},
         {"background", core::kFirstClass},
         {"layout",
          {"ImageSets/Segmentation/train.txt, val.txt, trainval.txt   one id a line",
           "JPEGImages/<id>.jpg                                       images",
           "SegmentationClass/<id>.png                                palette masks (or RGB in the same "
           "colours), 255 = void"}}}}};

}  // namespace
}  // namespace segbench::data
