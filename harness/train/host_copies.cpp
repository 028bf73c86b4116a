// SPDX-License-Identifier: MIT
#include "harness/train/host_copies.h"

#include <algorithm>

namespace segbench::train {
namespace {

using torch::Tensor;

/// All values as they lie in memory, [n]; a copy where they do not lie without gaps.
Tensor in_memory_order(const Tensor& tensor) {
  return tensor.is_non_overlapping_and_dense() ? tensor.as_strided({tensor.numel()}, {1})
                                               : tensor.contiguous().view(-1);
}

}  // namespace

HostCopies::HostCopies(const std::vector<Tensor>& tensors) {
  std::vector<torch::ScalarType> types;
  for (const Tensor& tensor : tensors) {
    originals_.push_back(tensor.detach());
    values_.push_back(tensor.device().is_cpu() ? in_memory_order(originals_.back()) : Tensor());
    const torch::ScalarType type = tensor.scalar_type();
    if (!tensor.device().is_cpu() && std::find(types.begin(), types.end(), type) == types.end())
      types.push_back(type);
  }
  for (const torch::ScalarType type : types) fetch(type);
}

void HostCopies::fetch(torch::ScalarType type) {
  Fetched& found = fetched_.emplace_back();
  std::vector<Tensor> flat;
  for (std::size_t i = 0; i < originals_.size(); ++i) {
    if (values_[i].defined() || originals_[i].scalar_type() != type) continue;
    found.places.push_back(i);
    flat.push_back(in_memory_order(originals_[i]));
  }
  found.on_device = at::cat(flat);
  const bool is_cuda = found.on_device.is_cuda();
  found.on_host = at::empty({found.on_device.numel()}, torch::TensorOptions(type).pinned_memory(is_cuda));
  found.on_host.copy_(found.on_device);
  std::int64_t first = 0;
  for (const std::size_t place : found.places) {
    values_[place] = found.on_host.narrow(0, first, originals_[place].numel());
    first += originals_[place].numel();
  }
}

void HostCopies::give_back() {
  for (Fetched& fetched : fetched_) {
    fetched.on_device.copy_(fetched.on_host);
    std::int64_t first = 0;
    for (const std::size_t place : fetched.places) {
      const Tensor to = in_memory_order(originals_[place]);
      const Tensor from = fetched.on_device.narrow(0, first, originals_[place].numel());
      if (to.is_alias_of(originals_[place]))
        Tensor(to).copy_(from);
      else
        originals_[place].copy_(from.view(originals_[place].sizes()));
      first += originals_[place].numel();
    }
  }
  for (std::size_t i = 0; i < originals_.size(); ++i) {
    if (originals_[i].device().is_cpu() && !values_[i].is_alias_of(originals_[i]))
      originals_[i].copy_(values_[i].view(originals_[i].sizes()));
  }
}

}  // namespace segbench::train
