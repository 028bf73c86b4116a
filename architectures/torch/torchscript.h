// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "architectures/torch/engine.h"
#include "architectures/torch/network.h"

namespace segbench::architectures {

/// The architecture whose networks are read from files.
inline constexpr const char* kTorchScript = "torchscript";

/// Loads the TorchScript module `options.file` on the CPU and tries it on an image of zeros. Its output is a
/// tensor [N, C, h, w], a dict that holds one under "out" (as torchvision's networks do) or "logits", or a
/// tuple or list that begins with one; where h and w are not the image's, it is resized bilinearly (pixel
/// centres, no aligned corners). Parameters and buffers have the module's names; constants of its code stay
/// on the device that it was saved for.
///
/// `options.freeze` may hold patterns of parameter names; a submodule all of whose parameters are frozen
/// works as in evaluation. Throws core::UserError naming the file: another SHA-256 than `options.file` says,
/// no module, weights or an output that are not float32, an output of another form or with another number of
/// channels than `options.num_outputs`, a pattern that fits nothing.
std::shared_ptr<Network> load_torchscript(const NetworkOptions& options);

/// The same file frozen and optimised for inference alone (LibTorch's torch::jit::freeze and
/// optimize_for_inference): other numbers than load_torchscript()'s in the last bits.
std::shared_ptr<Network> freeze_torchscript(const NetworkOptions& options, const EngineOptions& engine);

/// The cause in an error of LibTorch: the sentence of the innermost error of a TorchScript traceback,
/// otherwise the first line.
std::string cause_of(const std::string& message);

/// Runs a network of `options` that is read from a file as a trial would, on zeros: one image and a batch of
/// `batch_size` in evaluation mode, then every batch size in `training_batches` in training mode. The network
/// is read anew and thrown away. Throws core::UserError that names the file and the input, also where there
/// are parameters to train but the output has no gradient. Does nothing for other architectures.
void probe_torchscript(const NetworkOptions& options, std::int64_t batch_size,
                       const std::vector<std::int64_t>& training_batches);

/// Counts of the parameters; layers and multiply-accumulates of a module are not known.
NetworkSummary summarise_torchscript(const Network& network);

}  // namespace segbench::architectures
