// SPDX-License-Identifier: MIT
#include "architectures/encoders/mobile_blocks.h"

namespace segbench::architectures {

Value conv_norm_activation(const Layers& at, Value x, Conv2d conv, const BatchNorm& norm,
                           std::optional<Function> activation) {
  conv.padding = Padding::kTorch;
  conv.bias = false;
  conv.init = Init::kHeNormalFanOut;
  x = at.batch_norm("1", at.conv2d("0", x, conv), norm);
  return activation ? at.activation("2", x, *activation) : x;
}

Value depthwise_norm_activation(const Layers& at, Value x, Conv2d conv, const BatchNorm& norm,
                                Function activation) {
  conv.filters = conv.groups = at.shape(x).channels;
  return conv_norm_activation(at, x, conv, norm, activation);
}

Value squeeze_excitation(const Layers& at, Value x, std::int64_t squeezed, Function between,
                         Function factor) {
  const Conv2d conv{.kernel = 1, .padding = Padding::kTorch, .init = Init::kHeNormalFanOut};
  Conv2d first = conv, second = conv;
  first.filters = squeezed;
  second.filters = at.shape(x).channels;
  Value factors = at.conv2d("fc1", at.adaptive_avg_pool("avgpool", x, 1), first);
  factors = at.conv2d("fc2", at.activation("activation", factors, between), second);
  return at.multiply("multiply", x, at.activation("scale_activation", factors, factor));
}

}  // namespace segbench::architectures
