// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "harness/train/prediction.h"
#include "harness/train/setup.h"

namespace segbench::train {

/// The arithmetic of a trial and nothing else: the same network, loss and optimizer on batches that lie in
/// the device's memory, not augmented, with nothing recorded or written. What a trial takes beyond it is the
/// cost of its data, its log and its files.
class BareLoop {
 public:
  /// Uploads all splits. `folder` is the trial's, for its cache. Throws
  /// core::UserError as build_trial() does.
  BareLoop(const core::TrialSpec& spec, const std::filesystem::path& folder, torch::Device device,
           torch::MemoryFormat format);

  /// Forward, loss, backward and update of every batch; seconds, until the device is done.
  double train();
  /// Forward, loss and labels of every batch of the selection split, of the test split.
  double evaluate_selection() { return evaluate(selection_); }
  double evaluate_test() { return evaluate(test_); }

  /// {"device", "steps", "train_s": […], "evaluate_s": [… of the selection split]} of so many epochs.
  core::Json measure(int epochs);

 private:
  struct InMemory {
    torch::Tensor images, labels;
  };
  std::vector<InMemory> upload(const std::vector<std::int64_t>& samples);
  double evaluate(const std::vector<InMemory>& batches);

  torch::Device device_;
  Head head_;
  std::unique_ptr<TrialParts> parts_;
  std::vector<InMemory> train_, selection_, test_;
};

}  // namespace segbench::train
