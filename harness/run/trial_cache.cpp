// SPDX-License-Identifier: MIT
#include "harness/run/trial_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/data/cache/cache_builder.h"
#include "harness/data/data_set.h"

namespace segbench::run {
namespace {

std::filesystem::path cache_of(const core::TrialSpec& spec, const std::filesystem::path& trial_folder) {
  return std::filesystem::weakly_canonical(std::filesystem::absolute(trial_folder) / spec.cache);
}

bool can_be_written(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return !error && ::access(folder.c_str(), W_OK) == 0;
}

}  // namespace

std::string trial_cache_defect(const core::TrialSpec& spec, const std::filesystem::path& trial_folder) {
  const std::filesystem::path cache = cache_of(spec, trial_folder);
  std::error_code error;
  if (!std::filesystem::exists(cache / core::kCacheManifestFile, error)) return "it was deleted";
  try {
    const core::CacheManifest manifest = core::read_cache_manifest(cache / core::kCacheManifestFile);
    if (manifest.data_fingerprint != spec.data_fingerprint) return "it holds other data";
    return data::cache_defect(cache, manifest).value_or("");
  } catch (const core::UserError& defect) {
    return defect.what();
  }
}

std::filesystem::path sound_cache(const core::TrialSpec& spec, const std::filesystem::path& trial_folder,
                                  const std::filesystem::path& elsewhere, std::vector<std::string>& notes) {
  const std::filesystem::path cache = cache_of(spec, trial_folder);
  const std::string defect = trial_cache_defect(spec, trial_folder);
  if (defect.empty()) return cache;
  const std::filesystem::path root = can_be_written(cache.parent_path()) ? cache.parent_path() : elsewhere;
  const data::PreparedData prepared = data::prepare(spec.variant.data, root);
  if (prepared.audit.data_fingerprint != spec.data_fingerprint) {
    throw core::UserError(
        fmt::format("{}: the decode cache cannot be used ({}), and the data set is no longer the one "
                    "that the trial was trained on",
                    cache.string(), defect),
        core::kTrialFailed);
  }
  notes.push_back(fmt::format("the decode cache {} cannot be used ({}); it was built again{}", cache.string(),
                              defect, root == elsewhere ? " for this run" : ""));
  return prepared.cache;
}

}  // namespace segbench::run
