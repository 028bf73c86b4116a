// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {

/// A made-up data set that a network learns in seconds: squares and discs on noise, the class told by the
/// colour, with a void border around each. Written in the format of core/decode_cache.h.
struct TinyData {
  int samples = 22;
  int height = 32, width = 40, channels = 3;
  int num_classes = 3;
  int bits = 8;          ///< 16: 257 times what 8 bits say
  bool is_void = false;  ///< every pixel of every sample
};
/// Returns the data fingerprint.
std::string write_tiny_cache(const std::filesystem::path& folder, const TinyData& data = {});

/// A small U-Net, three epochs of batches of 4 on 13 samples (so the last batch has 1), Adam, flips.
core::VariantConfig tiny_variant();

/// A folder with a cache and trials, and the built worker at hand.
class TinyTrials {
 public:
  explicit TinyTrials(const TinyData& data = {});

  /// Writes `trials/<name>/trial.json` and returns the trial's folder.
  std::filesystem::path add(const std::string& name, const core::VariantConfig& variant = tiny_variant(),
                            std::uint64_t seed = 1) const;
  core::TrialSpec spec(const core::VariantConfig& variant = tiny_variant(), std::uint64_t seed = 1) const;
  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path cache() const { return folder_ / "cache"; }

 private:
  TemporaryFolder folder_;
  TinyData data_;
  std::string fingerprint_;
};

/// `segbench-worker train` on a trial's folder, with one thread and on the CPU unless `further` says
/// otherwise.
std::vector<std::string> train_command(const std::filesystem::path& trial,
                                       const std::vector<std::string>& further = {});
ProcessResult train(const std::filesystem::path& trial, const std::vector<std::string>& further = {});

/// The events of a trial without "time" and "timing": what is the same whenever and however fast it ran.
std::vector<std::string> computed_events(const std::filesystem::path& trial);
/// All events of a type.
std::vector<core::Json> events_of(const std::filesystem::path& trial, const std::string& type);
/// The first event of a type; fails the test when there is none.
core::Json event_of(const std::filesystem::path& trial, const std::string& type);
core::Json last_attempt_event(const std::filesystem::path& trial, const std::string& type);

}  // namespace segbench::tests
