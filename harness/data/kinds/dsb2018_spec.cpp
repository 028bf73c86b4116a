// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration dsb2018{
    {.kind = core::PartKind::kDataSet,
     .name = "dsb2018",
     .summary = "nuclei in microscopy, one mask a nucleus: background and nucleus",
     .source =
         "Caicedo et al. 2019, Nucleus segmentation across imaging experiments: the 2018 Data Science Bowl",
     .params = {allow_absent_classes()},
     .traits = {
         {"needs_root", true},
         {"recognised_by", core::Json::array({"stage1_train"})},
         {"default_splits", {{"train", "all"}, {"selection", 0.15}, {"test", 0.15}}},
         {"default_resolution", {256, 256}},
         {"num_classes", 2},
         {"classes", core::class_trait({{"background", {0, 0, 0}, 0}, {"nucleus", {255, 255, 255}, 255}})},
         {"background", core::kFirstClass},
         {"layout",
          {"stage1_train/<id>/images/<id>.png   image",
           "stage1_train/<id>/masks/*.png       one mask a nucleus, 0 and 255; their union is the label"}}}}};

}  // namespace
}  // namespace segbench::data
