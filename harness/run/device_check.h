// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/gpu.h"
#include "harness/core/warning.h"

namespace segbench::run {

/// What is wrong with this device here; nothing when it is there. "auto" and "cpu" always are; for a GPU the
/// worker is asked, which has LibTorch.
std::optional<core::Warning> missing_device(const std::filesystem::path& worker, const std::string& device);

/// What "auto" and the like come to on this machine.
struct SettledDevice {
  std::string device;                         ///< what workers are told: the same for all of a study
  std::string description;                    ///< for people: "cuda:0 (NVIDIA H100)"
  std::optional<core::Warning> warning = {};  ///< a GPU is there that is not used
};

/// Settles run.device. Where there is a GPU the worker tries it out; on other machines it is not started.
/// Throws core::UserError when a GPU is asked for that is not there or does not work.
SettledDevice settle_device(const std::filesystem::path& worker, const std::string& device,
                            const core::Gpus& gpus);

}  // namespace segbench::run
