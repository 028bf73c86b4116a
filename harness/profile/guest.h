// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "harness/profile/engine_link.h"
#include "harness/profile/engine_programs.h"
#include "harness/profile/network.h"

// Engines that execute a trained network for others than a profile.

namespace segbench::profile {

/// What an engine is to execute, and where.
struct GuestTask {
  NetworkFiles& files;
  std::int64_t batch = 1;
  std::string device = "cpu";  ///< "cpu", "cuda", "cuda:N"
  int threads = 1;
  std::filesystem::path log;      ///< takes what it prints
  std::chrono::seconds patience;  ///< for each of its answers
  std::function<bool()> interrupted = {};
};

/// A running engine that has loaded its network.
struct Guest {
  std::unique_ptr<EngineLink> link;
  std::string version;
};

/// Throws core::UserError with why this program cannot execute the network here: it is not there (and how to
/// get it), does not do the device or read the network, or fails.
Guest start_guest(const EngineProgram& program, const GuestTask& task);

/// A forward pass of the images in one file (float32 [batch, channels, height, width], normalised) to logits
/// in another one. Throws as EngineLink::ask() does.
void execute(EngineLink& link, const std::filesystem::path& images, const std::filesystem::path& logits,
             std::chrono::seconds patience);

}  // namespace segbench::profile
