// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/activation.h"

#include "harness/core/error.h"

namespace segbench::engines::onednn {

using architectures::Function;
using dnnl::algorithm;

void append(dnnl::post_ops& operations, Function function) {
  const auto add = [&](algorithm what, float alpha = 0, float beta = 0) {
    operations.append_eltwise(1.0F, what, alpha, beta);
  };
  switch (function) {
    case Function::kRelu:
      add(algorithm::eltwise_relu);
      return;
    case Function::kRelu6:
      add(algorithm::eltwise_clip, 0, 6);
      return;
    case Function::kSigmoid:
      add(algorithm::eltwise_logistic);
      return;
    case Function::kTanh:
      add(algorithm::eltwise_tanh);
      return;
    case Function::kSilu:
      add(algorithm::eltwise_swish, 1);
      return;
    case Function::kHardSwish:
      add(algorithm::eltwise_hardswish);
      return;
    case Function::kHardSigmoid:
      add(algorithm::eltwise_linear, 1.0F / 6, 0.5F);
      add(algorithm::eltwise_clip, 0, 1);
      return;
    case Function::kGelu:
      add(algorithm::eltwise_gelu_erf);
      return;
  }
  throw core::InternalError("an unknown activation");
}

bool keeps_zero(Function function) {
  return function != Function::kSigmoid && function != Function::kHardSigmoid;
}

Map activated(Program& program, const Map& x, Function function, const Map& y) {
  dnnl::post_ops operations;
  append(operations, function);
  for (int i = 0; i < operations.len(); ++i) {
    float scale = 1, alpha = 0, beta = 0;
    algorithm what = algorithm::undef;
    operations.get_params_eltwise(i, scale, what, alpha, beta);
    const dnnl::eltwise_forward::primitive_desc elementwise(
        {dnnl::prop_kind::forward_inference, what, x.desc(), alpha, beta}, attributes(), program.engine());
    program.then(dnnl::eltwise_forward(elementwise), elementwise.scratchpad_desc(),
                 {{DNNL_ARG_SRC, i == 0 ? x.memory : y.memory}, {DNNL_ARG_DST, y.memory}});
  }
  return y;
}

}  // namespace segbench::engines::onednn
