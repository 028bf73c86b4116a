// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "architectures/networks/architecture.h"

// The pre-activated ResNets of classification_models (qubvel, Keras), which segmentation_models builds on: a
// batch normalisation without scale on the image, every padding a layer of its own, no biases, a last batch
// normalisation. He et al., "Identity Mappings in Deep Residual Networks", ECCV 2016, figure 4e.

namespace segbench::architectures {

/// Where such an encoder can be tapped.
struct KerasResNet {
  Value coarsest;  ///< of the last stage made, after its last activation
  std::vector<Value>
      skips;  ///< from fine to coarse: "relu0", then "relu1" of the first unit of stages 2, 3, 4
};

/// "backbone": resnet18, resnet34, resnet50 or resnet101.
core::ParamSpec keras_resnet_param();

/// The layers below "encoder.". With `until` 3 or 4 the encoder ends at the first activation of that stage,
/// which is `coarsest` then; with 5 it is complete.
KerasResNet keras_resnet(const Build& build, Value image, int until = 5);

}  // namespace segbench::architectures
