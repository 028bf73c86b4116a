// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "results/store/store.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {

/// Writes runs/cache/<fingerprint>: `samples` pictures of stripes, whose labels run through the classes, some
/// void.
void write_fake_cache(const std::filesystem::path& runs, const FakeTrial& trial, std::int64_t samples = 210);

/// Writes the trial's kept predictions of test images 200 and 201: the truth with every k-th pixel wrong.
void write_fake_predictions(const std::filesystem::path& runs, const FakeTrial& trial, int wrong_every);

/// Changes a study's study.json, e.g. to add claims.
void edit_study(const std::filesystem::path& runs, const std::string& study,
                const std::function<void(core::Json&)>& edit);

/// Imports every trial of a study into runs/results.sqlite.
store::Store import_all(const std::filesystem::path& runs, const std::string& study);

/// Three variants of three seeds, with a claim, a published number, an audit, decoded data and kept
/// predictions.
struct FakeStudy {
  FakeStudy();
  TemporaryFolder runs;
  std::vector<FakeTrial> trials;
  store::Store import() const { return import_all(runs.path(), "sizes"); }
};

}  // namespace segbench::tests
