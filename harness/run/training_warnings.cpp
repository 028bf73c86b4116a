// SPDX-License-Identifier: MIT
#include "harness/run/training_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "architectures/networks/architecture.h"
#include "harness/core/text.h"

namespace segbench::run {

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
  return core::Warning{
      .code = "few_steps_for_batch_norm",
      .message = fmt::format("{}: after {} step{} the moving statistics of batch normalisation still consist "
                             "to {:.0f} % of their initial values, which spoils every evaluation.",
                             variant.label, steps, steps == 1 ? "" : "s", 100 * kept),
      .remedy = enough < momentum && enough >= 0.1  // less would take in the last batch alone
                    ? fmt::format("Train for longer, set model.batch_norm_momentum = {:.2g} (now {:.3g}), or "
                                  "set training.batch_norm_statistics = \"precise\".",
                                  enough, momentum)
                    : "Train for longer, or set training.batch_norm_statistics = \"precise\"."};
}

std::optional<core::Warning> large_batch_warning(const core::Variant& variant, std::int64_t train_samples) {
  const std::int64_t batch = variant.config.training.batch_size;
  if (batch <= train_samples) return std::nullopt;
  return core::Warning{
      .code = "batch_exceeds_training_set",
      .message = fmt::format("{}: training.batch_size = {} is larger than the training set ({} image{}), so "
                             "every epoch is a single step.",
                             variant.label, batch, train_samples, train_samples == 1 ? "" : "s"),
      .remedy =
          fmt::format("Set training.batch_size to at most {}.", std::max<std::int64_t>(1, train_samples))};
}

std::optional<core::Warning> memory_warning(const core::Variant& variant, std::int64_t training_bytes,
                                            std::optional<std::int64_t> available) {
  if (!available || training_bytes <= *available) return std::nullopt;
  return core::Warning{
      .code = "exceeds_memory",
      .message = fmt::format("{}: training needs about {} of memory, but this machine has {} available.",
                             variant.label, core::human_bytes(static_cast<std::uint64_t>(training_bytes)),
                             core::human_bytes(static_cast<std::uint64_t>(*available))),
      .remedy =
          "Choose a smaller training.batch_size, data.resolution, model.width or model.size, or run it on "
          "a larger machine."};
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
