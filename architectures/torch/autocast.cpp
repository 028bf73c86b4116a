// SPDX-License-Identifier: MIT
#include "architectures/torch/autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace segbench::architectures {
namespace {

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 204  // one pair of functions for all devices
bool is_cast(torch::Device device) {
  return at::autocast::is_autocast_enabled(device.type());
}
torch::ScalarType cast_type(torch::Device device) {
  return at::autocast::get_autocast_dtype(device.type());
}
#else
bool is_cast(torch::Device device) {
  return device.is_cpu() ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
torch::ScalarType cast_type(torch::Device device) {
  return device.is_cpu() ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
#endif

}  // namespace

Autocast::Autocast(torch::Device device, torch::ScalarType type)
    : device_(device), was_enabled_(is_cast(device)), type_before_(cast_type(device)) {
  set(true, type);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0)
    at::autocast::clear_cache();  // weights as they were before an update
  set(was_enabled_, type_before_);
}

void Autocast::set(bool enabled, torch::ScalarType type) const {
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 204
  at::autocast::set_autocast_enabled(device_.type(), enabled);
  at::autocast::set_autocast_dtype(device_.type(), type);
#else
  if (device_.is_cpu()) {
    at::autocast::set_cpu_enabled(enabled);
    at::autocast::set_autocast_cpu_dtype(type);
  } else {
    at::autocast::set_enabled(enabled);
    at::autocast::set_autocast_gpu_dtype(type);
  }
#endif
}

}  // namespace segbench::architectures
