// SPDX-License-Identifier: MIT
#include "harness/train/weights_file.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/train/runtime_settings.h"

namespace segbench::train {
namespace {

using core::Json;

constexpr const char* kFormat = "segbench weights 1";

/// The part of a manifest that a network is built from.
core::CacheManifest manifest_of(const Json& input) {
  core::CacheManifest manifest;
  manifest.height = input.at("height");
  manifest.width = input.at("width");
  manifest.channels = input.at("channels");
  for (const Json& info : input.at("classes")) {
    manifest.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
  }
  return manifest;
}

}  // namespace

void write_weights(const std::filesystem::path& file, const core::TrialSpec& spec,
                   const core::CacheManifest& manifest, const core::PixelRange& range, std::int64_t epoch,
                   const Settled& settled, const NamedTensors& tensors) {
  Json classes = Json::array();
  for (const core::ClassInfo& info : manifest.classes)
    classes.push_back({{"name", info.name}, {"colour", info.colour}});
  Json input = {{"height", manifest.height},
                {"width", manifest.width},
                {"channels", manifest.channels},
                {"classes", classes}};
  if (range != core::PixelRange{}) input.update(core::to_json(range));
  if (settled.threshold) input["threshold"] = *settled.threshold;
  if (settled.engine != Settled().engine) input["engine"] = settled.engine;
  TensorRecords records;
  records.add("", tensors);
  core::write_safetensors(file, records.records(),
                          {{"format", kFormat},
                           {"trial_id", spec.trial_id},
                           {"variant_id", spec.variant_id},
                           {"variant_label", spec.variant_label},
                           {"study", spec.study},
                           {"seed", std::to_string(spec.seed)},
                           {"epoch", std::to_string(epoch)},
                           {"architecture", spec.variant.model.architecture},
                           {"weights_sha256", sha256_of(tensors)},
                           {"variant", core::to_json(spec.variant).dump()},
                           {"input", input.dump()}});
}

TrainedNetwork read_weights(const std::filesystem::path& file, torch::Device device) try {
  const core::SafetensorsFile stored(file);
  const auto metadata = [&](const char* key) {
    const auto found = stored.metadata().find(key);
    return found == stored.metadata().end() ? std::string() : found->second;
  };
  if (metadata("format") != kFormat) {
    throw core::UserError(
        fmt::format("{}: unknown format \"{}\"; this version reads \"{}\", the weights that a trial leaves",
                    file.string(), metadata("format"), kFormat));
  }
  const core::VariantConfig variant = core::variant_config_from_json(Json::parse(metadata("variant")));
  const Json input = Json::parse(metadata("input"));
  const core::CacheManifest manifest = manifest_of(input);
  const architectures::NetworkOptions options = network_options_of(variant, manifest);
  TrainedNetwork trained{.trial_id = metadata("trial_id"),
                         .height = manifest.height,
                         .width = manifest.width,
                         .channels = manifest.channels,
                         .num_classes = static_cast<int>(manifest.classes.size()),
                         .num_outputs = options.num_outputs,
                         .normalisation = core::normalisation(variant.data.normalise, manifest.channels),
                         .range = core::pixel_range_from_json(input),
                         .head = head_of(variant),
                         .evaluation = variant.evaluation,
                         .network = architectures::make_network(options, 0)};
  trained.evaluation.engine = input.value("engine", Settled().engine);
  if (input.contains("threshold")) trained.evaluation.threshold = input.at("threshold").get<double>();
  try {
    const NamedTensors tensors = architectures::named_tensors(*trained.network);
    load_tensors(stored, "", tensors);
    const std::string stated = metadata("weights_sha256");  // absent in older files
    trained.sha256 = sha256_of(tensors);
    if (!stated.empty() && trained.sha256 != stated) {
      throw core::UserError(
          "it is damaged: its tensors do not have the SHA-256 that it states; restore the file, or remove "
          "the "
          "trial's folder and run the study again");
    }
  } catch (const core::UserError& error) {
    throw core::UserError(fmt::format("{}: {}", file.string(), error.what()));
  }
  trained.network->to(device);
  architectures::use_memory_format(*trained.network, memory_format_on(device));
  trained.network->eval();
  return trained;
} catch (const Json::exception& error) {
  throw core::UserError(fmt::format("{}: its metadata: {}", file.string(), error.what()));
}

}  // namespace segbench::train
