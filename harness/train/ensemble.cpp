// SPDX-License-Identifier: MIT
#include "harness/train/ensemble.h"

#include <chrono>

#include "architectures/torch/torchscript.h"
#include "harness/core/ensemble.h"
#include "harness/core/hash.h"
#include "harness/core/optional_json.h"
#include "harness/core/stopwatch.h"
#include "harness/metrics/scores.h"
#include "harness/train/final_evaluation.h"
#include "harness/train/kept_predictions.h"
#include "harness/train/stop_signal.h"
#include "harness/train/weights_file.h"
#include "harness/trial/files.h"

namespace segbench::train {
namespace {

struct Members {
  Networks networks;
  architectures::NetworkSummary sizes;  ///< all of them together
  std::string sha256;                   ///< of all their weights
};

architectures::NetworkSummary summary_of(const core::VariantConfig& variant,
                                         const core::CacheManifest& manifest,
                                         const architectures::Network& network) {
  const auto options = network_options_of(variant, manifest);
  return architectures::is_read_from_file(options.architecture)
             ? architectures::summarise_torchscript(network)
             : architectures::summarise(options);
}

Members load_members(const core::TrialSpec& spec, const std::filesystem::path& folder,
                     const core::CacheManifest& manifest, torch::Device device) {
  Members members;
  std::string hashes;
  for (const std::string& id : core::member_trials(spec)) {
    const std::filesystem::path member = folder.parent_path() / id;
    const std::filesystem::path file = trial::checked_weights(member);
    const TrainedNetwork trained = read_weights(file, device);
    const core::VariantConfig config = core::read_trial_spec(member / core::kTrialFile).variant;
    architectures::NetworkSummary sizes = summary_of(config, manifest, *trained.network);
    if (members.networks.empty()) {
      members.sizes = std::move(sizes);
    } else {
      members.sizes.trainable += sizes.trainable;
      members.sizes.non_trainable += sizes.non_trainable;
      members.sizes.macs += sizes.macs;
    }
    members.networks.push_back(trained.network);
    hashes += trained.sha256;
  }
  members.sha256 = core::sha256_hex(hashes);
  return members;
}

}  // namespace

void run_ensemble(const core::TrialSpec& spec, const std::filesystem::path& folder, TrialParts& parts,
                  const TrainOptions& options, Progress& progress) {
  const core::CacheManifest& manifest = parts.cache.manifest();
  Members members = load_members(spec, folder, manifest, options.device);
  parts.summary = std::move(members.sizes);
  trial::EventWriter events(folder / core::kEventsFile, 0, trial::LogKind::kChained, options.lock);
  append_trial_event(events, spec, parts, members.sha256);
  FinalEvaluation final({.spec = spec,
                         .cache = parts.cache,
                         .range = parts.range,
                         .loss = *parts.loss,
                         .loader = *parts.loader,
                         .folder = folder,
                         .networks = std::move(members.networks),
                         .before_batch = [&](std::int64_t batch, std::int64_t batches) {
                           check_stop_signal();
                           progress.report({.phase = "finish", .step = batch, .steps = batches},
                                           /*always=*/batch == 0);
                         }});
  final.choose_engines(events);
  final.search_threshold(events);
  const auto evaluated = [&](const std::vector<std::int64_t>& samples, const std::vector<std::int64_t>& keep,
                             const char* split) {
    const auto begin = std::chrono::steady_clock::now();
    Evaluation evaluation = final.evaluate(samples, keep);
    const double seconds = core::seconds_since(begin);
    final.append(events, {.epoch = 0, .split = split, .is_final = true, .seconds = seconds}, evaluation,
                 samples);
    return evaluation;
  };
  const auto& [train, selection, test] = spec.splits;
  std::optional<double> selected;
  if (!selection.empty()) {
    const Evaluation evaluation = evaluated(selection, {}, "selection");
    selected = metrics::score(spec.variant.training.select_by, evaluation.confusion.class_counts(),
                              evaluation.loss, spec.variant.data.background);
  }
  events.append(
      "selected",
      {{"epoch", 0}, {"metric", spec.variant.training.select_by}, {"value", core::or_null(selected)}});
  if (!test.empty()) {
    const auto keep = evenly_spaced(static_cast<std::int64_t>(test.size()), options.keep_predictions);
    Evaluation evaluation = evaluated(test, keep, "test");
    events.sync();  // throws once the trial's lock is lost
    keep_predictions(folder, spec, manifest, /*epoch=*/0, keep, std::move(evaluation.kept_labels));
  }
  events.append("finished", {{"epochs", 0},
                             {"weights_sha256", members.sha256},
                             {"selected_epoch", 0},
                             {"selected_weights_sha256", members.sha256},
                             {"files", hashes_of_files(folder)}});
  events.sync();
}

}  // namespace segbench::train
