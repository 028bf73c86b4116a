// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>

namespace segbench::train {

/// Operations of a device that are recorded once and done again on one call: a CUDA graph.
class DeviceGraph {
 public:
  virtual ~DeviceGraph() = default;
  /// What is called from here on on the current stream, which must not be the default one, is recorded and
  /// not computed; so is what LibTorch's autograd calls for it on threads of its own. Other threads may use
  /// the device meanwhile.
  virtual void begin() = 0;
  virtual void end() = 0;
  /// Does it all again on the current stream, in the same memory.
  virtual void replay() = 0;
};

/// Makes graphs of one device.
using GraphMaker = std::function<std::unique_ptr<DeviceGraph>()>;

/// Empty where this LibTorch has no graphs for the device.
GraphMaker graphs_of(torch::Device device);

/// Finds a function of the loaded libraries by its name; null: there is none.
using FunctionFinder = std::function<void*(const char* name)>;

/// Graphs of LibTorch's class at::cuda::CUDAGraph, whose functions are found by name: its header needs
/// CUDA's, which a machine that only has a driver lacks. (LibTorch up to 2.14 offers it in no other way:
/// at::GraphImplInterface has no implementation for CUDA.) Empty unless `find` knows all of them.
GraphMaker cuda_graphs(const FunctionFinder& find);

}  // namespace segbench::train
