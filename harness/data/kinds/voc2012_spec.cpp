// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/part.h"

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
                {.name = "allow_absent_classes",
                 .types = core::kBool,
                 .default_value = false,
                 .help = "accept classes that occur in the test split but not in the training split"}},
     .traits = {
         {"needs_root", true},
         {"default_splits", {{"train", "train"}, {"selection", 0.2}, {"test", "val"}}},
         {"default_resolution", {128, 128}},
         {"num_classes", 21},
         {"background", core::kFirstClass},
         {"layout",
          {"ImageSets/Segmentation/train.txt, val.txt, trainval.txt   one id a line",
           "JPEGImages/<id>.jpg                                       images",
           "SegmentationClass/<id>.png                                palette masks (or RGB in the same "
           "colours), 255 = void"}}}}};

}  // namespace
}  // namespace segbench::data
