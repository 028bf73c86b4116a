// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>

namespace segbench::architectures {

/// The largest memory that LibTorch's allocator has held on a device so far. Empty on a CPU, before the
/// device was used, and where this LibTorch cannot tell without CUDA's headers (2.8 and older, built on a
/// machine without them). Never throws: it is asked when something else has failed already.
std::optional<std::int64_t> peak_device_bytes(torch::Device device) noexcept;

}  // namespace segbench::architectures
