// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration carvana{
    {.kind = core::PartKind::kDataSet,
     .name = "carvana",
     .summary = "cars in a studio, 16 views each; images of one car stay in one split",
     .source = "Kaggle 2017, Carvana Image Masking Challenge",
     .params = {allow_absent_classes()},
     .traits = {{"needs_root", true},
                {"recognised_by", core::Json::array({"train_masks/*_mask.gif"})},
                {"default_splits", {{"train", "all"}, {"selection", 0.15}, {"test", 0.15}}},
                {"default_resolution", {256, 384}},
                {"num_classes", 2},
                {"classes", core::class_trait({{"background", {0, 0, 0}, 0}, {"car", {255, 255, 255}, 1}})},
                {"background", core::kFirstClass},
                {"group", "the car: what stands before the last _ of an id"},
                {"layout",
                 {"train/<car>_<view>.jpg             images",
                  "train_masks/<car>_<view>_mask.gif  palette index 1 (or white) = car"}}}}};

}  // namespace
}  // namespace segbench::data
