// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration oxford_pet{
    {.kind = core::PartKind::kDataSet,
     .name = "oxford_pet",
     .summary = "Oxford-IIIT Pet, trimaps of cats and dogs: pet, border and the rest",
     .source = "Parkhi, Vedaldi, Zisserman, Jawahar 2012, Cats and Dogs",
     .params = {allow_absent_classes()},
     .traits = {
         {"needs_root", true},
         {"recognised_by", core::Json::array({"annotations/trimaps", "oxford-iiit-pet"})},
         {"default_splits", {{"train", "trainval"}, {"selection", 0.15}, {"test", "test"}}},
         {"default_resolution", {128, 128}},
         {"num_classes", 3},
         {"classes", core::class_trait(
                         {{"pet", {128, 0, 0}, 1}, {"border", {224, 224, 192}, 3}, {"rest", {0, 0, 0}, 2}})},
         {"background", 2},
         {"layout",
          {"annotations/trainval.txt, test.txt, list.txt   official lists, lines \"name class species "
           "breed\"",
           "images/<name>.jpg                              images",
           "annotations/trimaps/<name>.png                 1 = pet, 2 = rest, 3 = border"}}}}};

}  // namespace
}  // namespace segbench::data
