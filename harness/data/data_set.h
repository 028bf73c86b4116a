// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/core/variant.h"

namespace segbench::data {

/// One finding of the audit.
struct AuditFinding {
  bool refuses = false;  ///< true: the study must not run; false: a warning that the report repeats
  std::string file;      ///< relative to the data root; "" when it concerns the whole data set
  std::string message;   ///< what was found, what was expected, what to do
  std::string code;      ///< what kind of finding, for grouping: "unreadable", "mask_values", "overlap", …
  std::string remedy = {};  ///< what to do, where the message does not say it: a sentence, or lines to paste
};

/// What the audit saw. It never stops at the first finding.
struct AuditReport {
  std::vector<AuditFinding> findings;  ///< those that refuse first
  std::filesystem::path root;          ///< the folder that the findings' files lie in; not part of the JSON
  std::string data_fingerprint;        ///< "" when the data could not be read
  std::int64_t height = 0, width = 0;  ///< of the decode cache
  std::vector<core::ClassInfo> classes;
  core::Splits splits;
  /// Pixels of each class and, last, void: by split name ("train", "selection", "test"). Empty, that is
  /// undefined, when a sample could not be used.
  std::map<std::string, std::vector<std::int64_t>> class_pixels;
  std::vector<std::string> not_checked = {};  ///< what could not be judged of these data, for people
  bool refused() const;
};
core::Json to_json(const AuditReport& report);

/// The findings as people read them, with their whole paths; of each kind of finding the first `limit`, then
/// "and 37 more". `refusing` chooses between what refuses and what warns.
std::vector<core::Problem> problems_of(const AuditReport& report, bool refusing, std::size_t limit = 10);

/// Progress of a long read: done and total samples. Called from several threads, one at a time.
using Progress = std::function<void(std::int64_t, std::int64_t)>;

/// Reads every image and mask of the data set of `config`, checks them, and draws the splits. Nothing is
/// written.
AuditReport audit(const core::DataConfig& config, const Progress& progress = {});

/// What refuses the data set of `config` before a single file of it is read: what the listing and the splits
/// alone show, such as a missing folder, an unknown or an empty split. No warnings, no fingerprint, no
/// pixels.
AuditReport audit_listing(const core::DataConfig& config);

/// What a trial needs of the data.
struct PreparedData {
  std::filesystem::path cache;  ///< folder of the decode cache
  core::Splits splits;
  AuditReport audit;
  std::vector<std::string>
      notes;  ///< for people: "the decode cache … was damaged (…) and has been built again"
};

/// Audits, then makes sure that the decode cache under `cache_root` is there and undamaged (rebuilding it if
/// need be). Throws core::UserError with exit code kAuditRefused listing what refuses (problems_of()). An
/// unchanged data set (same files, sizes and modification times) is not read again: what was found in each
/// file is kept beside the cache.
PreparedData prepare(const core::DataConfig& config, const std::filesystem::path& cache_root,
                     const Progress& progress = {});

}  // namespace segbench::data
