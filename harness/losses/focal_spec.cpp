// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "focal", "focal loss: cross-entropy times (1 - p)^gamma",
    "Lin et al., ICCV 2017 (alpha: class_weights = [1 - alpha, alpha]); Keras categorical_focal_crossentropy "
    "and binary_focal_crossentropy (weight_normalisation = \"pixels\"); segmentation_models "
    "binary_focal_loss (clipping = \"before\")",
    {{.name = "gamma",
      .types = core::kNumber,
      .default_value = 2.0,
      .help = "exponent of 1 - p: how much less a pixel counts whose class is predicted well; 0 is the "
              "cross-entropy",
      .minimum = 0.0},
     {.name = "clip",
      .types = core::kNumber,
      .default_value = 0.0,
      .help = "clip probabilities to [clip, 1 - clip], with zero gradient outside, as Keras does with 1e-7; "
              "with a sigmoid head only inside the logarithm, which adds clip",
      .minimum = 0.0,
      .maximum = 0.5,
      .exclusive_maximum = true},
     {.name = "clipping",
      .types = core::kString,
      .default_value = "keras",
      .help = "with a sigmoid head: what is clipped; \"before\": the probability before anything is computed "
              "from it",
      .choices = {"keras", "before"}}})};

}  // namespace
}  // namespace segbench::losses
