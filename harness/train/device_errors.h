// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace segbench::train {

/// What an error that LibTorch reports says of the device. It says so by text alone: classes of exceptions
/// differ between versions and devices.
enum class DeviceTrouble {
  kNone,      ///< nothing
  kMemory,    ///< its memory is used up, or that of the host
  kUnusable,  ///< it is gone, busy, forbidden, broken, or not made for this LibTorch: no trial would fare
              ///< better
  kBroken  ///< this process can use it no more, another can: a failed assertion, an address that is not ours
};
DeviceTrouble device_trouble(std::string_view message);

}  // namespace segbench::train
