// SPDX-License-Identifier: MIT
#include "harness/run/training_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "architectures/networks/architecture.h"
#include "harness/core/text.h"
#include "harness/core/warning_kinds.h"

namespace segbench::run {
namespace {

/// "1 step", "3 steps".
std::string counted(std::int64_t n, const char* noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace

std::optional<core::Warning> few_steps_warning(const core::Variant& variant, std::int64_t train_samples) {
  const core::TrainingConfig& training = variant.config.training;
  const auto batch_norm = architectures::batch_norm_of(variant.config.model.params);
  if (!batch_norm || training.batch_norm_statistics == "precise") return std::nullopt;
  const double momentum = batch_norm->momentum;
  const std::int64_t batch = training.batch_size;
  const std::int64_t steps = training.epochs * ((train_samples + batch - 1) / batch);
  const double kept = std::pow(momentum, static_cast<double>(steps));
  if (steps == 0 || kept <= 0.01) return std::nullopt;
  const double enough = std::clamp(std::pow(0.01, 5 / static_cast<double>(steps)), 0.0, 0.9);
  const bool momentum_helps = enough < momentum && enough >= 0.1;  // less would take in the last batch alone
  return core::make_warning(
      "few_steps_for_batch_norm",
      {{"steps", counted(steps, "step")},
       {"percent", fmt::format("{:.0f}", 100 * kept)},
       {"momentum", momentum_helps ? fmt::format(" set model.batch_norm_momentum = {:.2g} (now {:.3g}),",
                                                 enough, momentum)
                                   : ""}});
}

std::optional<core::Warning> large_batch_warning(const core::Variant& variant, std::int64_t train_samples) {
  const std::int64_t batch = variant.config.training.batch_size;
  if (batch <= train_samples) return std::nullopt;
  return core::make_warning("batch_exceeds_training_set",
                            {{"batch", std::to_string(batch)},
                             {"images", counted(train_samples, "image")},
                             {"most", std::to_string(std::max<std::int64_t>(1, train_samples))}});
}

std::optional<core::Warning> memory_warning(std::int64_t training_bytes,
                                            std::optional<std::int64_t> available) {
  if (!available || training_bytes <= *available) return std::nullopt;
  return core::make_warning("exceeds_memory",
                            {{"needed", core::human_bytes(static_cast<std::uint64_t>(training_bytes))},
                             {"available", core::human_bytes(static_cast<std::uint64_t>(*available))}});
}

std::vector<core::Warning> training_warnings(const core::Variant& variant, std::int64_t train_samples) {
  std::vector<core::Warning> warnings;
  for (const auto& warning :
       {few_steps_warning(variant, train_samples), large_batch_warning(variant, train_samples)}) {
    if (warning) warnings.push_back(*warning);
  }
  return warnings;
}

}  // namespace segbench::run
