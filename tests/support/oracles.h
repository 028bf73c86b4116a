// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::tests {

/// Folder of golden numbers: $SEGBENCH_ORACLES, default ../shared/oracles beside the source tree.
std::filesystem::path oracle_folder();
/// Folder of small real data sets: $SEGBENCH_DATA, default ../shared/data beside the source tree.
std::filesystem::path data_folder();

/// One case of the oracle index.
struct OracleCase {
  std::filesystem::path file;  ///< absolute path of the JSON file
  std::string kind;            ///< as in the index; a label_maps case is "label_maps:…"
  core::Json json;
  /// A file named in `json`, relative to the case's folder.
  std::filesystem::path beside(const std::string& name) const { return file.parent_path() / name; }
};

/// Every case of a kind in index.json ("label_maps" also matches "label_maps:…"). Empty when the folder is
/// absent.
std::vector<OracleCase> oracle_cases(const std::string& kind);

}  // namespace segbench::tests

/// Skips the running test, saying so, when the golden numbers or data sets are not there.
#define SEGBENCH_NEEDS_ORACLES()                                                         \
  if (!std::filesystem::exists(::segbench::tests::oracle_folder() / "index.json"))       \
  GTEST_SKIP() << "SKIPPED: no golden numbers at " << ::segbench::tests::oracle_folder() \
               << " (set SEGBENCH_ORACLES)"
#define SEGBENCH_NEEDS_DATA(name)                                                     \
  if (!std::filesystem::exists(::segbench::tests::data_folder() / (name)))            \
  GTEST_SKIP() << "SKIPPED: no data at " << ::segbench::tests::data_folder() / (name) \
               << " (set SEGBENCH_DATA)"
