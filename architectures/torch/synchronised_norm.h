// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "architectures/torch/reducer.h"

namespace segbench::architectures {

/// The tensors of a batch normalisation, [C] each; `scale` may be undefined.
struct NormTensors {
  torch::Tensor scale, bias, moving_mean, moving_variance;
};

/// Normalises x [N, C, H, W] by the mean and the variance over the batches of all processes, and updates the
/// moving statistics with them: what one process computes that holds all the images. Two sums over the
/// processes, one forward and one backward (Ioffe and Szegedy 2015, with the sums of their backward pass
/// taken over all processes). `momentum` is LibTorch's: the share of the new statistics. Types smaller than
/// float32 are taken as float32, in which y is then, too.
torch::Tensor synchronised_batch_norm(const torch::Tensor& x, const NormTensors& tensors, double momentum,
                                      double epsilon, Reducer& reducer);

}  // namespace segbench::architectures
