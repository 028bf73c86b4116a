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
#include "harness/data/kinds/finding.h"

namespace segbench::data {

/// What the audit saw. It never stops at the first finding.
struct AuditReport {
  std::vector<AuditFinding> findings;  ///< those that refuse first
  std::filesystem::path root;          ///< the folder that the findings' files lie in; not part of the JSON
  std::string data_fingerprint;        ///< "" when the data could not be read
  std::int64_t height = 0, width = 0;  ///< of the decode cache
  std::vector<core::ClassInfo> classes;
  core::Splits splits;
  /// Where each seed leaves out another fold (core::folds_by_seed()): the splits by fold; those of fold 0 are
  /// `splits`. Else empty.
  std::vector<core::Splits> fold_splits = {};
  /// Pixels of each class and, last, void: by split name ("train", "selection", "test"). Empty, that is
  /// undefined, when a sample could not be used.
  std::map<std::string, std::vector<std::int64_t>> class_pixels;
  std::vector<std::string> not_checked = {};  ///< what could not be judged of these data, for people
  bool refused() const;
};
core::Json to_json(const AuditReport& report);

/// The splits of the trials of one seed.
const core::Splits& splits_of(const AuditReport& report, const core::DataConfig& config, std::uint64_t seed);

/// The findings as people read them, with their whole paths; of each kind of finding the first `limit`, then
/// "and 37 more". `refusing` chooses between what refuses and what warns.
std::vector<core::Problem> problems_of(const AuditReport& report, bool refusing, std::size_t limit = 10);

/// Progress of a long read: done and total samples. Called from several threads, one at a time.
using Progress = std::function<void(std::int64_t, std::int64_t)>;

}  // namespace segbench::data
