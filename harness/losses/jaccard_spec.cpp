// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    region_spec("jaccard", "soft Jaccard loss: 1 - |overlap| / |union of truth and prediction| of each class",
                "Rahman and Wang, ISVC 2016; segmentation_models JaccardLoss", {})};

}  // namespace
}  // namespace segbench::losses
