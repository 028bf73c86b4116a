// SPDX-License-Identifier: MIT
#include "harness/train/resident_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/train/device_errors.h"
#include "harness/train/environment.h"
#include "harness/train/resident_batches.h"

namespace segbench::train {
namespace {

/// Of a step; those of the test split are evaluated once or twice.
std::vector<std::int64_t> samples_of(const core::Splits& splits) {
  std::vector<std::int64_t> samples = splits.train;
  samples.insert(samples.end(), splits.selection.begin(), splits.selection.end());
  std::sort(samples.begin(), samples.end());
  samples.erase(std::unique(samples.begin(), samples.end()), samples.end());
  return samples;
}

std::string mebibytes(std::int64_t bytes) {
  return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace

core::Json keep_data_on_device(const core::TrialSpec& spec, torch::Device device,
                               std::optional<std::int64_t> free_bytes, TrialParts& parts) {
  std::vector<std::int64_t> samples = samples_of(spec.splits);
  const auto count = static_cast<std::int64_t>(samples.size());
  const std::int64_t bytes = resident_bytes(parts.cache.manifest(), count),
                     most = most_resident_bytes(free_bytes);
  std::string problem;
  if (!spec.variant.ensemble.empty()) {
    problem = "an ensemble sees each image once or twice";
  } else if (bytes > most) {
    problem = fmt::format("did not fit: {} for at most {}, {}", mebibytes(bytes), mebibytes(most),
                          free_bytes ? "an eighth of what is free" : "as nobody tells what is free");
  } else {
    try {
      ResidentSamples resident(parts.cache, std::move(samples), device);
      parts.loader = std::make_unique<ResidentBatches>(parts.cache, parts.augmentations, parts.batch_format,
                                                       std::move(resident), std::move(parts.loader));
    } catch (const std::exception& error) {
      if (device_trouble(error.what()) != DeviceTrouble::kMemory) throw;
      problem = fmt::format("did not fit: the device had no {} left", mebibytes(bytes));
    }
  }
  return {{"in_use", problem.empty()},
          {"samples", count},
          {"bytes", bytes},
          {"most_bytes", most},
          {"problem", problem.empty() ? core::Json() : core::Json(problem)}};
}

std::optional<std::int64_t> free_device_bytes(torch::Device device) {
  const std::optional<core::Gpu> gpu = gpu_of(device);
  return gpu ? gpu->free_bytes : std::nullopt;
}

}  // namespace segbench::train
