// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "harness/core/variant.h"

namespace segbench::train {

/// What the outputs of a network that has one for each class mean; one output is always a sigmoid.
enum class Head {
  kSoftmax,
  kSigmoidPerClass,  ///< each class against all others; probabilities are the sigmoids, made to add up to 1
};
/// Of networks that are trained by these settings.
Head head_of(const core::VariantConfig& variant);

/// What a network says of a batch, from its logits [N, C, H, W]: C = 1 for a sigmoid head (two classes), else
/// one for each class. Evaluation, prediction and whatever weighs classes against each other ask here, so
/// that all decide alike. Each answer is computed when it is first asked for, on the device of the logits.
class Prediction {
 public:
  explicit Prediction(torch::Tensor logits, Head head = Head::kSoftmax)
      : logits_(std::move(logits)), head_(head) {}

  /// What says the same as these probabilities [N, classes, H, W] of type float, with a head of `outputs`
  /// channels: 1, or one for each class. Its logits are their logarithms; of 1, the log-odds of class 1; of
  /// sigmoids, the log-odds of each class.
  static Prediction of_probabilities(torch::Tensor probabilities, std::int64_t outputs,
                                     Head head = Head::kSoftmax);
  /// From now on labels() are those above this threshold.
  void decide_above(double threshold) { threshold_ = threshold; }

  const torch::Tensor& logits() const { return logits_; }
  /// The probability of each class, [N, classes, H, W], of the type of the logits: their softmax, or 1 - p
  /// and p with p = sigmoid(z), or as Head says. They sum to 1 at every pixel, up to rounding.
  const torch::Tensor& probabilities() const;
  /// The most probable class of every pixel, [N, H, W] uint8: the class of the largest logit (on a CPU the
  /// first one of equals); of a sigmoid head class 1 where z > 0, that is p > 0.5. Needs no probabilities,
  /// unless decide_above() was called.
  const torch::Tensor& labels() const;
  /// Class 1 where its probability, widened to double, is above `threshold`, else class 0, [N, H, W] uint8.
  /// For two classes only.
  torch::Tensor labels_above(double threshold) const;

 private:
  torch::Tensor logits_;
  Head head_;
  std::optional<double> threshold_;
  mutable torch::Tensor probabilities_, labels_;
};

}  // namespace segbench::train
