// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/json.h"
#include "harness/core/variant.h"
#include "harness/core/warning.h"

// Folders of trials as a worker and the scheduler leave them, with counts that a test chooses: the logs are
// the ones of trial/event_log.h, nothing is trained. Everything, times included, is a function of the
// arguments.

namespace segbench::tests {

struct FakeTrial {
  std::string study = "sizes";
  std::string label = "small";  ///< of the variant; becomes `model.size` when it is one of U-Net's sizes
  std::uint64_t seed = 1;
  std::vector<std::string> class_names = {"background", "road", "car"};
  core::Background background = core::kFirstClass;
  std::string data_fingerprint = "f00d";
  std::int64_t epochs = 3;
  std::int64_t parameters = 4'065'749;
  double quality = 0.8;         ///< fraction of the pixels of each class that is right after the last epoch
  std::string pretrained = "";  ///< file of the weights that it began with
  std::string verified = "";    ///< grade in determinism.json; "" when there is no such file
  int images = 4;               ///< in each of the splits selection and test
  double epoch_seconds = 2.0;
  std::vector<core::Warning> warnings;          ///< events of its log
  std::vector<core::Warning> machine_warnings;  ///< events of its log of attempts
  std::vector<std::string> crashes;             ///< messages of attempts before the last one
  std::map<std::string, double> measures;       ///< of the final evaluation on test
  std::string select_by = "miou_no_background";
  /// complete | pending (no logs) | running (started, no end) | interrupted | paused | diverged |
  /// out_of_memory | crashed | timeout | error
  std::string end = "complete";
  /// Replaces the counts made from `quality` on the test split: one confusion matrix an image.
  std::vector<core::Confusion> test_images;
};

/// The resolved variant of a fake trial.
core::Variant fake_variant(const FakeTrial& trial);
std::string fake_trial_id(const FakeTrial& trial);

/// Writes runs/<study>/trials/<trial id>/ and returns it.
std::filesystem::path write_fake_trial(const std::filesystem::path& runs, const FakeTrial& trial);

/// Writes runs/<study>/study.json for trials of one study and, unless they are pending, the trials' folders.
void write_fake_study(const std::filesystem::path& runs, const std::vector<FakeTrial>& trials,
                      const std::string& question = "Can a smaller network replace the full one?");

/// `labels` x `seeds` complete trials; the i-th label has quality 0.6 + 0.1 i, give or take a little a seed.
std::vector<FakeTrial> fake_trials(const std::vector<std::string>& labels,
                                   const std::vector<std::uint64_t>& seeds);

}  // namespace segbench::tests
