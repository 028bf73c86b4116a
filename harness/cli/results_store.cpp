// SPDX-License-Identifier: MIT
#include "harness/cli/results_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "harness/cli/selection.h"
#include "harness/core/error.h"
#include "harness/trial/folders.h"
#include "results/store/import_runs.h"

namespace segbench::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPatience{2'000};

bool can_be_written(const fs::path& runs, const fs::path& file) {
  return ::access(runs.c_str(), W_OK) == 0 && (!fs::exists(file) || ::access(file.c_str(), W_OK) == 0);
}

/// The store, or an empty one, in a temporary folder, together with what SQLite has not yet moved into it.
ResultsStore open_copy(const fs::path& file) {
  auto scratch = std::make_unique<run::ScratchFolder>(run::temporary_folder());
  const fs::path copy = scratch->path() / file.filename();
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    if (fs::exists(file.string() + suffix, error))
      fs::copy_file(file.string() + suffix, copy.string() + suffix, error);
    if (error)
      throw core::UserError(fmt::format("{}{}: cannot be copied to {}: {}", file.string(), suffix,
                                        scratch->path().string(), error.message()),
                            core::kTrialFailed);
  }
  return {std::move(scratch), store::Store::open(copy, kPatience)};
}

ResultsStore open_store(const fs::path& runs, const fs::path& file) {
  if (!fs::exists(file) && trial::find_study_folders(runs).empty())
    return {nullptr, store::Store::open_read_only(file)};  // says that there are no results
  return can_be_written(runs, file) ? ResultsStore{nullptr, store::Store::open(file, kPatience)}
                                    : open_copy(file);
}

}  // namespace

ResultsStore open_results(const Context& context) {
  ResultsStore results = open_store(context.runs, store_file(context));
  try {
    const store::ImportSummary summary = store::refresh(results.store, context.runs);
    for (const std::string& warning : summary.warnings) fmt::print(stderr, "warning: {}\n", warning);
  } catch (const core::UserError& error) {
    fmt::print(stderr, "warning: {}; what the store holds is shown, newer results may be missing\n",
               error.what());
  }
  return results;
}

}  // namespace segbench::cli
