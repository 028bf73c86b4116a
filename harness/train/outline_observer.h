// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/metrics/outline_measures.h"
#include "harness/train/evaluate.h"

namespace segbench::train {

/// Measures the outlines of the predicted classes, on the CPU.
class OutlineObserver : public BatchObserver {
 public:
  /// `keys`: those that it does not know are left to others.
  OutlineObserver(std::vector<std::string> keys, metrics::OutlineRule rule, int num_classes)
      : keys_(std::move(keys)), rule_(rule), num_classes_(num_classes) {}

  void add(const Prediction& prediction, const torch::Tensor& labels) override;
  /// By key: the classes of each image, in the order of the evaluation.
  const std::map<std::string, std::vector<metrics::ClassValues>>& values() const { return values_; }

 private:
  std::vector<std::string> keys_;
  metrics::OutlineRule rule_;
  int num_classes_;
  std::map<std::string, std::vector<metrics::ClassValues>> values_;
};

}  // namespace segbench::train
