// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "results/store/import_runs.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {

/// A runs folder with a store.
class StoreTest : public testing::Test {
 protected:
  std::filesystem::path runs() const { return folder_.path(); }
  std::filesystem::path file() const { return runs() / core::kStoreFile; }

  /// Study and trials, imported in the order of their folders' names. Returns all warnings.
  std::vector<std::string> import_all(store::Store& store, const std::string& study = "sizes") {
    store.import_study(runs() / study);
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(runs() / study / core::kTrialsFolder)) {
      folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    std::vector<std::string> warnings;
    for (const auto& folder : folders) {
      for (std::string& warning : store.import_trial(folder, runs())) warnings.push_back(std::move(warning));
    }
    return warnings;
  }

  /// The rows of a query as text, cells separated by '|'.
  std::vector<std::string> rows(const std::string& sql, int columns) const {
    const store::Connection connection(file(), store::Connection::Mode::kReadOnly);
    store::Statement statement(connection, sql);
    std::vector<std::string> rows;
    while (statement.step()) {
      rows.emplace_back();
      for (int c = 0; c < columns; ++c) rows.back() += (c > 0 ? "|" : "") + statement.text(c);
    }
    return rows;
  }

  /// Every row of every table.
  std::vector<std::string> dump() const {
    std::vector<std::string> all;
    for (const std::string& table :
         rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1", 1)) {
      const int columns = std::stoi(rows("SELECT count(*) FROM pragma_table_info('" + table + "')", 1)[0]);
      for (const std::string& row : rows("SELECT * FROM " + table + " ORDER BY 1, 2", columns))
        all.push_back(table + ": " + row);
    }
    return all;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace segbench::tests
