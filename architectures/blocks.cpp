// SPDX-License-Identifier: MIT
#include "architectures/blocks.h"

namespace segbench::architectures {

Value conv_relu(const Layers& at, std::string_view name, Value x, const Conv2d& conv) {
  return at.relu(at.conv2d(name, x, conv));
}

Value conv_bn_relu(const Build& build, const Layers& at, Value x, const Conv2d& conv) {
  x = at.conv2d("conv", x, conv);
  x = at.batch_norm("bn", x, build.batch_norm());
  return at.relu("relu", x);
}

Value preactivated_conv(const Build& build, const Layers& at, Value x, const Conv2d& conv,
                        double dropout_rate) {
  x = at.batch_norm("bn", x, build.batch_norm());
  x = at.relu("relu", x);
  x = at.conv2d("conv", x, conv);
  return dropout_rate > 0 ? at.dropout("dropout", x, dropout_rate) : x;
}

Value basic_residual_block(const Build& build, const Layers& at, Value x, std::int64_t filters, int stride,
                           int dilation) {
  const Conv2d conv{.filters = filters, .dilation = dilation, .bias = false, .init = Init::kHeNormal};
  Conv2d first = conv;
  first.stride = stride;
  Value residual = at.relu("relu1", at.batch_norm("bn1", at.conv2d("conv1", x, first), build.batch_norm()));
  residual = at.batch_norm("bn2", at.conv2d("conv2", residual, conv), build.batch_norm());
  Value shortcut = x;
  if (stride != 1 || at.shape(x).channels != filters) {
    const Conv2d project{
        .filters = filters, .kernel = 1, .stride = stride, .bias = false, .init = Init::kHeNormal};
    shortcut = at.batch_norm("shortcut_bn", at.conv2d("shortcut_conv", x, project), build.batch_norm());
  }
  return at.relu("relu2", at.add("add", residual, shortcut));
}

}  // namespace segbench::architectures
