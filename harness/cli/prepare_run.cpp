// SPDX-License-Identifier: MIT
#include "harness/cli/prepare_run.h"

#include <fmt/format.h>

#include <cstdio>

#include "architectures/networks/network.h"
#include "harness/cli/data_output.h"
#include "harness/cli/run_notes.h"
#include "harness/cli/selection.h"
#include "harness/cli/terminal.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/data/codecs/stored_image.h"
#include "harness/run/agenda.h"
#include "harness/run/study_lock.h"
#include "harness/run/study_warnings.h"
#include "harness/run/wanted.h"
#include "harness/run/worker.h"
#include "results/store/sqlite.h"

namespace segbench::cli {
namespace {

/// Every network that is read from a file is tried before any trial starts.
void probe_networks(const study::Study& study, const run::StudyData& data) {
  std::set<std::string> tried;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const core::VariantConfig& config = study.variants[i].config;
    if (!architectures::is_read_from_file(config.model.architecture)) continue;
    if (!tried.insert(study.variants[i].id).second) continue;
    const core::DecodeCache cache(data[i]->cache);
    const core::CacheManifest& manifest = cache.manifest();
    run::probe_network(run::find_worker(), config, manifest.height, manifest.width,
                       static_cast<std::int64_t>(manifest.classes.size()),
                       static_cast<std::int64_t>(data[i]->splits.train.size()));
  }
}

PreparedRun prepare_locked(const study::Study& study, const RunOptions& options, const Context& context) {
  const run::StudyData data = run::prepare_study_data(
      study, context.runs / core::kCacheFolder,
      options.quiet ? data::Progress{} : terminal_progress("reading the data of " + study.name));
  std::set<std::string> told;
  for (const auto& prepared : data) {
    for (const std::string& text : prepared->notes) {
      if (told.insert(text).second) note(text);
    }
    for (const core::Problem& warning : data::problems_of(prepared->audit, /*refusing=*/false)) {
      if (told.insert(warning.to_string()).second) fmt::print(stderr, "warning: {}\n", warning.to_string());
    }
  }
  std::vector<std::int64_t> train_images;
  for (const auto& prepared : data)
    train_images.push_back(static_cast<std::int64_t>(prepared->splits.train.size()));
  const std::vector<run::StudyWarning> warnings = run::variant_warnings(study, train_images);
  tell(warnings);
  probe_networks(study, data);
  PreparedRun result{.plan = run::plan_study(study, data, context.runs),
                     .bytes_per_trial = 0,
                     .selected = {},
                     .rewritten = {},
                     .lock = {}};
  result.bytes_per_trial = run::largest_trial_bytes(study, data);
  run::with_looks(study, result.plan.folder);  // refuses before anything is written
  const std::optional<core::Warning> namesake = run::namesake_warning(study, result.plan.folder);
  if (namesake) fmt::print(stderr, "warning: {}\n", to_text(*namesake));
  core::Json description = run::describe_study(study, result.plan, data, command_line(options));
  core::Json libraries = {{"sqlite", store::sqlite_version()}};
  for (const auto& [name, version] : data::reader_versions()) libraries[name] = version;
  description["environment"]["libraries"] = libraries;
  description["warnings"] = to_json(warnings);
  core::write_file_atomically(result.plan.folder / core::kStudyFile, description.dump(1) + '\n');
  select_again(result, study, options);
  return result;
}

}  // namespace

void select_again(PreparedRun& prepared, const study::Study& study, const RunOptions& options) {
  prepared.selected = select_trials(study, prepared.plan, options);
  run::keep_wanted(prepared.selected, study, prepared.plan.folder);
  for (const run::PlannedTrial& trial : prepared.selected) {
    if (run::write_trial_spec(trial)) prepared.rewritten.insert(trial.spec.trial_id);
  }
}

PreparedRun prepare_run(const study::Study& study, const RunOptions& options, const Context& context) {
  const std::filesystem::path folder = run::study_folder(context.runs, study.name);
  run::require_writable(folder);
  core::FileLock lock = run::lock_study(folder);
  try {
    PreparedRun prepared = prepare_locked(study, options, context);
    prepared.lock.emplace(std::move(lock));
    return prepared;
  } catch (...) {
    run::remove_traces(folder, context.runs / core::kCacheFolder);
    throw;
  }
}

}  // namespace segbench::cli
