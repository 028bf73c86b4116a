// SPDX-License-Identifier: MIT
#include "harness/train/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/train/setup.h"

namespace segbench::train {

core::Json run_probe(const core::Json& request) try {
  const core::VariantConfig variant = core::variant_config_from_json(request.at("variant"));
  core::CacheManifest manifest;
  manifest.height = request.at("height");
  manifest.width = request.at("width");
  manifest.channels = variant.data.channels;
  manifest.classes.resize(request.at("classes").get<std::size_t>());
  const architectures::NetworkOptions options = network_options_of(variant, manifest);
  const std::int64_t batch = variant.training.batch_size, train = request.at("train");
  std::vector<std::int64_t> batches = {std::min(batch, std::max<std::int64_t>(1, train))};
  if (train > batch && train % batch != 0) batches.push_back(train % batch);  // the last one of an epoch
  architectures::probe_torchscript(options, batch, batches);
  const architectures::NetworkSummary summary =
      architectures::is_read_from_file(options.architecture)
          ? architectures::summarise_torchscript(*architectures::make_network(options, 0))
          : architectures::summarise(options);
  return {{"parameters", summary.parameters()}, {"trainable_parameters", summary.trainable}};
} catch (const core::Json::exception& error) {
  throw core::UserError(fmt::format("probe: not a request: {}", error.what()));
}

}  // namespace segbench::train
