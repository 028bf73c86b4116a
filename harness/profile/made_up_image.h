// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/profile/network.h"

namespace segbench::profile {

/// A scene of coloured blobs on a gradient with noise, [height, width, channels] samples of 8 bits, or of 16
/// where the network takes them.
std::vector<std::uint8_t> made_up_image(const Network& network, std::uint64_t seed, std::uint64_t index);

}  // namespace segbench::profile
