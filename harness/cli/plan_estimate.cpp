// SPDX-License-Identifier: MIT
#include "harness/cli/plan_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "architectures/architecture.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/data/catalogue.h"
#include "harness/data/scan.h"
#include "harness/data/splits.h"

namespace segbench::cli {
namespace {

std::int64_t optimizer_state(const core::PartChoice& optimizer) {
  if (optimizer.name.starts_with("ada")) return 2;
  return optimizer.params.value("momentum", 0.0) > 0 ? 1 : 0;
}

}  // namespace

DataSizes measure_data(const core::DataConfig& config) {
  const data::Catalogue catalogue = data::open_catalogue(config);
  const auto size = data::cache_size(catalogue, config);
  if (!size) throw core::UserError("no image can be decoded; segbench audit says why", core::kAuditRefused);
  const core::Splits splits =
      data::draw_splits(catalogue, config, std::vector<std::string>(catalogue.samples.size())).splits;
  return {.height = (*size)[0],
          .width = (*size)[1],
          .classes = static_cast<int>(catalogue.classes.size()),
          .train = static_cast<std::int64_t>(splits.train.size()),
          .selection = static_cast<std::int64_t>(splits.selection.size()),
          .test = static_cast<std::int64_t>(splits.test.size())};
}

architectures::NetworkOptions network_options_of(const core::VariantConfig& config, const DataSizes& sizes) {
  const core::PartSpec& loss =
      core::PartRegistry::instance().get(core::PartKind::kLoss, config.training.loss.name);
  const int outputs = loss.traits.value("head", "softmax") == "sigmoid" ? 1 : sizes.classes;
  return architectures::network_options(config.model, static_cast<int>(config.data.channels), outputs,
                                        static_cast<int>(sizes.height), static_cast<int>(sizes.width));
}

architectures::NetworkSummary summarise_variant(const core::VariantConfig& config, const DataSizes& sizes) {
  return architectures::summarise(network_options_of(config, sizes));
}

std::int64_t training_bytes(const core::VariantConfig& config, const architectures::NetworkSummary& network) {
  constexpr std::int64_t kFloatBytes = 4;
  const std::int64_t of_trainable = 1 + optimizer_state(config.training.optimizer);
  return kFloatBytes * (network.parameters() + network.trainable * of_trainable +
                        2 * config.training.batch_size * network.activation_values);
}

double trial_macs(const core::TrainingConfig& training, const DataSizes& sizes, double network_macs) {
  const auto epochs = static_cast<double>(training.epochs);
  const double evaluations =
      epochs / static_cast<double>(std::max<std::int64_t>(1, training.evaluate_every)) + 1;
  const double images = 3 * epochs * static_cast<double>(sizes.train) +
                        evaluations * static_cast<double>(sizes.selection) + static_cast<double>(sizes.test);
  return images * network_macs;
}

std::string warn_of_few_steps(const core::Variant& variant, std::int64_t train_samples) {
  const core::TrainingConfig& training = variant.config.training;
  const auto batch_norm = architectures::batch_norm_of(variant.config.model.params);
  if (!batch_norm) return "";
  const double momentum = batch_norm->momentum;
  const std::int64_t batch = training.batch_size;
  const auto steps = static_cast<double>(training.epochs * ((train_samples + batch - 1) / batch));
  const double kept = std::pow(momentum, steps);
  if (kept <= 0.01) return "";
  const double enough = std::clamp(std::pow(0.01, 5 / steps), 0.0, 0.9);
  return fmt::format(
      "{}: after {} step{} the moving statistics of batch normalisation are still {:.0f} % what they started "
      "from, which spoils evaluation; model.batch_norm_momentum = {:.2g} instead of {:.3g} would suit so few "
      "steps",
      variant.label, steps, steps == 1 ? "" : "s", 100 * kept, enough, momentum);
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
  return {macs / (kAssumedMacsPerSecond * std::max(1, threads)), TimeSource::kAssumption};
}

}  // namespace segbench::cli
