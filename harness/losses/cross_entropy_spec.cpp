// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "cross_entropy", "softmax cross-entropy over the classes",
    "Keras categorical_crossentropy; torch.nn.CrossEntropyLoss",
    {{.name = "clip",
      .types = core::kNumber,
      .default_value = 0.0,
      .help =
          "clip probabilities to [clip, 1 - clip] before the logarithm, with zero gradient outside; Keras "
          "does so with 1e-7 when given probabilities",
      .minimum = 0.0,
      .maximum = 0.5,
      .exclusive_maximum = true},
     label_smoothing_param("share of the truth that is spread evenly over all classes")},
    "softmax")};

}  // namespace
}  // namespace segbench::losses
