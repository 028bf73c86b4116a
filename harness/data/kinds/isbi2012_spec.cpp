// SPDX-License-Identifier: MIT
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

const core::PartRegistration isbi2012{
    {.kind = core::PartKind::kDataSet,
     .name = "isbi2012",
     .summary = "electron microscopy of neurons, 30 slices of 512 x 512 grey: membrane and cell",
     .source = "Arganda-Carreras et al. 2015; ISBI 2012 challenge, Segmentation of neuronal structures in EM "
               "stacks",
     .params = {allow_absent_classes()},
     .traits = {{"needs_root", true},
                {"recognised_by", core::Json::array({"train-volume.tif"})},
                {"default_splits", {{"train", "all"}, {"selection", 0.15}, {"test", 0.15}}},
                {"default_resolution", "native"},
                {"num_classes", 2},
                {"classes", core::class_trait({{"membrane", {0, 0, 0}, 0}, {"cell", {255, 255, 255}, 255}})},
                {"background", nullptr},
                {"layout",
                 {"train-volume.tif, train-labels.tif   stacks of slices, labels 0 = membrane, 255 = cell",
                  "or train/image, train/label          the same as one file a slice"}}}}};

}  // namespace
}  // namespace segbench::data
