// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>

namespace segbench::train {

/// "auto" (the first GPU when there is one), "cpu", "cuda" or "cuda:N". Throws core::UserError for another
/// word and for a GPU that is not there or does not work (choose_device() in accelerator.h). From here on
/// this process computes float32 in full there, as use_precision() says it.
torch::Device resolve_device(const std::string& text);

/// Asks for deterministic algorithms wherever the library has them, warning where it has none; no cuDNN
/// auto-tuning, whose choice differs from run to run.
void prefer_determinism();

/// Lets convolutions and products of matrices of float32 compute as training.precision says: in full unless
/// it is "tf32", whatever LibTorch's default is. Throws core::UserError for "tf32" on a CPU, which has none.
void use_precision(const std::string& precision, torch::Device device);

/// Waits until the device has done all its work; nothing to do on a CPU.
void synchronise(torch::Device device);

}  // namespace segbench::train
