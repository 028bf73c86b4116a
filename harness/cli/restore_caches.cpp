// SPDX-License-Identifier: MIT
#include "harness/cli/restore_caches.h"

#include <fmt/format.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "harness/cli/selection.h"
#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/run/trial_cache.h"

namespace segbench::cli {

void restore_caches(const Context& context, const store::Store& store, const std::string& study) {
  if (::access(context.runs.c_str(), W_OK) != 0) return;
  std::set<std::filesystem::path> seen;
  std::set<std::pair<std::string, std::string>> looked_at;  ///< variant and data, which a cache is made of
  std::set<std::string> told;
  const auto tell = [&](const std::string& text) {
    if (told.insert(text).second) note(text);
  };
  for (const store::TrialRecord& trial : store.trials(study)) {
    if (trial.status != core::TrialStatus::kComplete || trial.folder.empty()) continue;
    const std::pair<std::string, std::string> made_of(trial.variant_id, trial.data_fingerprint);
    if (looked_at.contains(made_of)) continue;
    const std::filesystem::path folder = context.runs / trial.folder;
    try {
      const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
      looked_at.insert(made_of);  // where a specification is lost, the next trial's will do
      const std::filesystem::path cache = (folder / spec.cache).lexically_normal();
      std::error_code none;
      if (!seen.insert(cache).second || std::filesystem::exists(cache / core::kCacheManifestFile, none))
        continue;
      std::vector<std::string> notes;
      run::sound_cache(spec, folder, context.runs / core::kCacheFolder, notes);
      for (const std::string& text : notes) tell(text);
    } catch (const core::UserError& error) {
      tell(fmt::format("no images can be shown: {}", error.what()));
    }
  }
}

}  // namespace segbench::cli
