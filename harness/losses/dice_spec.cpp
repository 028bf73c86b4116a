// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{region_spec(
    "dice", "soft Dice loss: 1 - 2 |overlap| / (|truth| + |prediction|) of each class",
    "Milletari, Navab and Ahmadi, 3DV 2016 (squared); segmentation_models DiceLoss (not squared; over = "
    "\"image\": its per_image)",
    {{.name = "squared",
      .types = core::kBool,
      .default_value = false,
      .help = "square the probabilities below the fraction line"}})};

}  // namespace
}  // namespace segbench::losses
