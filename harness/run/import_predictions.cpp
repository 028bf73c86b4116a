// SPDX-License-Identifier: MIT
#include "harness/run/import_predictions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/identity.h"
#include "harness/core/imported.h"
#include "harness/core/text.h"
#include "harness/data/predicted_masks.h"
#include "harness/run/imported_trial.h"
#include "harness/run/predicted_counts.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/files.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

using core::Json;

/// A trial of the study whose data and images the predictions are of: one with the same seed, where each seed
/// leaves out other images.
core::TrialSpec trial_like(const study::PredictionsFile& file, std::uint64_t seed,
                           const std::filesystem::path& runs, std::filesystem::path& folder) {
  std::vector<std::string> labels;
  std::optional<core::TrialSpec> found;
  std::set<std::string> bases;
  for (const ListedTrial& trial : list_trials(runs, file.study)) {
    if (std::find(labels.begin(), labels.end(), trial.variant_label) == labels.end())
      labels.push_back(trial.variant_label);
    if (!file.like.empty() && trial.variant_label != file.like) continue;
    if (!std::filesystem::exists(trial.folder / core::kTrialFile)) continue;
    core::TrialSpec spec = core::read_trial_spec(trial.folder / core::kTrialFile);
    if (core::folds_by_seed(spec.variant.data) && spec.seed != seed) continue;
    bases.insert(spec.data_fingerprint + Json(spec.splits.test).dump() + Json(spec.splits.selection).dump());
    if (found) continue;
    found = std::move(spec), folder = trial.folder;
  }
  if (!found)
    throw core::UserError(
        fmt::format("{}: no trial {}of the study {} is prepared, so that it is not known which images were "
                    "to be predicted; "
                    "`segbench run --prepare` prepares it; its variants: {}",
                    file.file.string(), file.like.empty() ? "" : fmt::format("of {} ", file.like), file.study,
                    fmt::join(labels, ", ")));
  if (bases.size() > 1)
    throw core::UserError(fmt::format(
        "{}: the variants of {} differ in data or images; say with `like` which one the predictions "
        "are to be compared with: {}",
        file.file.string(), file.study, fmt::join(labels, ", ")));
  return *found;
}

core::VariantConfig variant_of(const study::PredictionsFile& file, const core::TrialSpec& like) {
  core::VariantConfig variant;
  variant.data = like.variant.data;
  variant.model.architecture = core::kImportedArchitecture;
  variant.model.params = {{"label", file.label}, {"from", file.from}};
  variant.training.loss.name = variant.training.optimizer.name = core::kImportedArchitecture;
  variant.training.select_by = like.variant.training.select_by;
  return variant;
}

core::TrialSpec spec_of(const study::PredictionsFile& file, std::uint64_t seed, const core::TrialSpec& like) {
  core::TrialSpec spec = like;
  spec.variant = variant_of(file, like);
  spec.variant_id = core::variant_id(spec.variant);
  spec.variant_label = file.label;
  spec.axes = Json::object();
  spec.seed = seed;
  spec.trial_id = core::trial_id(spec.variant_id, seed, spec.data_fingerprint);
  return spec;
}

void score_masks(ImportedTrial& trial, const core::DecodeCache& cache,
                 const std::vector<std::int64_t>& indices, std::vector<std::vector<std::uint8_t>> labels) {
  std::string all;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    trial.images.push_back(core::count_pixels(cache.labels(indices[i]), labels[i], cache.num_classes()));
    all.append(labels[i].begin(), labels[i].end());
  }
  trial.sha256 = core::sha256_hex(all);
  trial.labels = std::move(labels);
}

/// Reads and scores one run of the model; adds to `problems`.
ImportedTrial read_trial(const study::PredictionsFile& file, const study::PredictedTrial& predicted,
                         const std::filesystem::path& runs, std::vector<core::Problem>& problems,
                         ImportedPredictions& result) {
  ImportedTrial trial{.file = &file};
  trial.spec = spec_of(file, predicted.seed, trial_like(file, predicted.seed, runs, trial.like));
  trial.folder = trial.like.parent_path() / trial.spec.trial_id;
  const core::DecodeCache cache(trial.like / trial.spec.cache);
  for (const core::ClassInfo& info : cache.manifest().classes) trial.class_names.push_back(info.name);
  trial.manifest = cache.manifest();
  const std::vector<std::int64_t>& indices =
      file.split == "test" ? trial.spec.splits.test : trial.spec.splits.selection;
  if (indices.empty())
    throw core::UserError(
        fmt::format("{}: the study {} has no {} images", file.file.string(), file.study, file.split));
  if (!predicted.counts.empty()) {
    trial.counts = read_predicted_counts(predicted.counts, cache, indices, problems);
    trial.sha256 = core::sha256_hex(core::read_file(predicted.counts));
    return trial;
  }
  data::PredictedMasks masks =
      data::read_predicted_masks(predicted.masks, cache.manifest(), indices,
                                 {.kind = file.coding, .values = file.values, .colours = file.colours});
  problems.insert(problems.end(), masks.problems.begin(), masks.problems.end());
  result.notes.insert(result.notes.end(), masks.notes.begin(), masks.notes.end());
  if (masks.problems.empty()) score_masks(trial, cache, indices, std::move(masks.labels));
  return trial;
}

/// Whether the trial is there with the same predictions; throws where it has others.
bool is_known(const ImportedTrial& trial) {
  if (trial::read_trial_standing(trial.folder).status != core::TrialStatus::kComplete) return false;
  if (trial::recorded_weights(trial.folder) == trial.sha256) return true;
  throw core::UserError(
      fmt::format("{}: other predictions of {}, seed {}, were imported before; give these another label, or "
                  "remove that folder",
                  trial.folder.string(), trial.spec.variant_label, trial.spec.seed),
      core::kNotComparable);
}

void refuse_taken_label(const study::PredictionsFile& file, const std::filesystem::path& runs) {
  for (const ListedTrial& trial : list_trials(runs, file.study)) {
    if (trial.variant_label == file.label)
      throw core::UserError(
          fmt::format("{}: the study {} has a variant of its own that is called {}; give the "
                      "imported one another label",
                      file.file.string(), file.study, file.label));
  }
}

}  // namespace

ImportedPredictions import_predictions(const study::PredictionsFile& file,
                                       const std::filesystem::path& runs) {
  find_study(runs, file.study);  // tells which there are
  refuse_taken_label(file, runs);
  ImportedPredictions result;
  std::vector<core::Problem> problems;
  std::vector<ImportedTrial> trials;
  for (const study::PredictedTrial& predicted : file.trials)
    trials.push_back(read_trial(file, predicted, runs, problems, result));
  for (core::Problem& problem : problems) {
    if (problem.file.empty()) problem.file = file.file.string();
  }
  std::vector<core::Problem> told;
  for (const core::Problem& problem : problems) {
    if (std::find(told.begin(), told.end(), problem) == told.end()) told.push_back(problem);
  }
  if (!told.empty()) throw core::UserError(std::move(told), core::kAuditRefused);
  std::erase_if(trials, [&](const ImportedTrial& trial) {
    if (!is_known(trial)) return false;
    result.notes.push_back(fmt::format("{}, seed {}: imported before, with the same predictions",
                                       trial.spec.variant_label, trial.spec.seed));
    return true;
  });
  for (const ImportedTrial& trial : trials) {
    write_imported_trial(trial);
    result.trials.push_back(trial.folder);
  }
  return result;
}

}  // namespace segbench::run
