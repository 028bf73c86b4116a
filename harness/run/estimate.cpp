// SPDX-License-Identifier: MIT
#include "harness/run/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "architectures/networks/architecture.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/run/allocation.h"

namespace segbench::run {
namespace {

/// Numbers that the optimizer keeps for each parameter (harness/optimizers/common_spec.h).
std::int64_t optimizer_state(const core::PartChoice& optimizer) {
  const core::PartSpec* spec =
      core::PartRegistry::instance().find(core::PartKind::kOptimizer, optimizer.name);
  std::int64_t count = 0;
  if (spec == nullptr) return count;
  const core::Json declared = spec->traits.value("state_per_parameter", core::Json::object());
  for (const auto& [condition, numbers] : declared.items()) {  // items() only refers to its object
    const core::Json value = optimizer.params.value(condition, core::Json(0));
    if (condition == "always" || value == true || (value.is_number() && value > 0))
      count += numbers.get<std::int64_t>();
  }
  return count;
}

}  // namespace

DataSizes measure_data(const core::DataConfig& config) {
  const data::AuditReport listing = data::audit_listing(config);
  if (listing.refused()) {
    throw core::UserError(data::problems_of(listing, /*refusing=*/true), core::kAuditRefused);
  }
  const auto size = data::cache_size(data::open_catalogue(config), config);
  if (!size) throw core::UserError("no image can be decoded; segbench audit says why", core::kAuditRefused);
  return {.height = (*size)[0],
          .width = (*size)[1],
          .classes = static_cast<int>(listing.classes.size()),
          .train = static_cast<std::int64_t>(listing.splits.train.size()),
          .selection = static_cast<std::int64_t>(listing.splits.selection.size()),
          .test = static_cast<std::int64_t>(listing.splits.test.size())};
}

architectures::NetworkOptions network_options_of(const core::VariantConfig& config, const DataSizes& sizes) {
  const core::Json loss = core::traits_of(core::PartKind::kLoss, config.training.loss);
  const int outputs = loss.value("head", "softmax") == "sigmoid" ? 1 : sizes.classes;
  return architectures::network_options(config.model, static_cast<int>(config.data.channels), outputs,
                                        static_cast<int>(sizes.height), static_cast<int>(sizes.width));
}

architectures::NetworkSummary summarise_variant(const core::VariantConfig& config, const DataSizes& sizes) {
  return architectures::summarise(network_options_of(config, sizes));
}

std::int64_t training_bytes(const core::VariantConfig& config, const architectures::NetworkSummary& network) {
  constexpr std::int64_t kFloatBytes = 4;
  if (!config.ensemble.empty())
    return kFloatBytes * (network.parameters() + config.training.batch_size * network.peak_values);
  const std::int64_t of_trainable = 1 + optimizer_state(config.training.optimizer);
  const std::int64_t of_each = config.training.moving_average ? 2 : 1;
  const std::int64_t of_weights = network.parameters() * of_each + network.trainable * of_trainable;
  return kFloatBytes *
         (processes_of(config) * of_weights + 2 * config.training.batch_size * network.activation_values);
}

std::int64_t library_bytes(const core::VariantConfig& config) {
  return processes_of(config) * (std::int64_t{350} << 20);
}

double trial_macs(const core::TrainingConfig& training, const DataSizes& sizes, double network_macs) {
  const auto epochs = static_cast<double>(training.epochs);
  const double evaluations =
      epochs / static_cast<double>(std::max<std::int64_t>(1, training.evaluate_every)) + 1;
  const double images = 3 * epochs * static_cast<double>(sizes.train) +
                        evaluations * static_cast<double>(sizes.selection) + static_cast<double>(sizes.test);
  return images * network_macs;
}

std::string describe(TimeSource source) {
  switch (source) {
    case TimeSource::kSameVariant:
      return "its complete trials";
    case TimeSource::kThroughput:
      return "throughput of complete trials";
    case TimeSource::kAssumption:
      break;
  }
  return fmt::format("assumption: {}MAC/s a CPU", core::human_count(kAssumedMacsPerSecond));
}

void TimeModel::add(const std::string& variant_id, double seconds, std::optional<double> macs) {
  variants_[variant_id].seconds += seconds;
  variants_[variant_id].count += 1;
  if (!macs) return;
  seconds_ += seconds;
  macs_ += *macs;
}

std::pair<double, TimeSource> TimeModel::seconds_of(const std::string& variant_id, double macs,
                                                    int threads) const {
  if (const auto found = variants_.find(variant_id); found != variants_.end()) {
    return {found->second.seconds / found->second.count, TimeSource::kSameVariant};
  }
  if (macs_ > 0 && seconds_ > 0) return {macs * seconds_ / macs_, TimeSource::kThroughput};
  return {kAssumedStartSeconds + macs / (kAssumedMacsPerSecond * std::max(1, threads)),
          TimeSource::kAssumption};
}

}  // namespace segbench::run
