// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "harness/core/json.h"
#include "harness/profile/engine_link.h"
#include "harness/profile/images.h"

namespace segbench::profile {

/// A running engine that many images go through, batch by batch.
struct Traveller {
  EngineLink& link;
  const NetworkImages& images;
  std::int64_t batch = 1, outputs = 0, pixels = 0;
  std::filesystem::path scratch;  ///< a file that may be written and removed
  std::chrono::seconds patience;
};

/// Takes `count` images from the cache to labels (the last batch is filled up) and adds up, in seconds, what
/// that takes: {"read", "forward"} and, where the engine tells them, {"to_device", "argmax", "to_host"}. How
/// the harness hands images to the engine's process does not count.
core::Json time_pass(const Traveller& traveller, std::int64_t count);

/// What the engine counts on the images that its trial is scored on: {"split", "images", "background", "tp",
/// "fp", "fn"}; null where their data are not there, or the trial's evaluation decides otherwise than by the
/// largest logit.
core::Json count_labels(const Traveller& traveller);

/// Seconds that reading so many batches from the cache takes, each.
std::vector<double> time_reads(const NetworkImages& images, std::int64_t batch, std::int64_t count);

/// What an engine writes of its logits to `file`, which is removed.
std::vector<float> output_of(EngineLink& link, const std::filesystem::path& file,
                             std::chrono::seconds patience);
void write_values(const std::filesystem::path& file, std::span<const float> values);

}  // namespace segbench::profile
