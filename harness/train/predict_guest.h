// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "architectures/torch/network.h"

namespace segbench::train {

/// How a guest is reached: it takes batches of one size from one file, and leaves logits in another one.
struct GuestPlace {
  std::int64_t batch = 1, outputs = 1;
  std::filesystem::path images;  ///< float32 [batch, channels, height, width], normalised
  std::filesystem::path logits;  ///< float32 [batch, outputs, height, width]
  /// Has it executed: returns when the logits are there. Throws core::UserError with why they are not.
  std::function<void()> execute;
};

/// A network that a program other than this one executes. A smaller batch is filled up with its last image,
/// a larger one goes in parts. forward() throws core::UserError when that program fails.
std::shared_ptr<architectures::Network> make_guest(GuestPlace place);

}  // namespace segbench::train
