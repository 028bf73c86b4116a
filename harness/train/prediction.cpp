// SPDX-License-Identifier: MIT
#include "harness/train/prediction.h"

#include <ATen/Parallel.h>

#include <cstdint>
#include <limits>

#include "harness/core/error.h"
#include "harness/core/part.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// One pass over [P, C] rows; LibTorch's own arg max writes an int64 a pixel and is slow along the last
/// dimension.
Tensor argmax_rows(const Tensor& rows) {
  const std::int64_t channels = rows.size(3);
  Tensor labels = torch::empty({rows.size(0), rows.size(1), rows.size(2)}, torch::kByte);
  const float* logits = rows.data_ptr<float>();
  auto* out = labels.data_ptr<std::uint8_t>();
  at::parallel_for(0, labels.numel(), 8192, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* row = logits + i * channels;
      std::int64_t best = 0;
      float largest = row[0];
      for (std::int64_t c = 1; c < channels; ++c) {
        best = row[c] > largest ? c : best;
        largest = row[c] > largest ? row[c] : largest;
      }
      out[i] = static_cast<std::uint8_t>(best);
    }
  });
  return labels;
}

Tensor most_probable(const Tensor& logits) {
  if (logits.size(1) == 1) return (logits.squeeze(1) > 0).to(torch::kByte);
  if (!logits.device().is_cpu() || logits.scalar_type() != torch::kFloat)
    return logits.argmax(1).to(torch::kByte);
  return argmax_rows(logits.permute({0, 2, 3, 1}).contiguous());
}

}  // namespace

Head head_of(const core::VariantConfig& variant) {
  const core::Json traits = core::traits_of(core::PartKind::kLoss, variant.training.loss);
  return traits.at("head") == "sigmoid_per_class" ? Head::kSigmoidPerClass : Head::kSoftmax;
}

const Tensor& Prediction::probabilities() const {
  if (probabilities_.defined()) return probabilities_;
  if (logits_.size(1) == 1) {
    // sigmoid(-z) instead of 1 - sigmoid(z), which rounds small probabilities away.
    probabilities_ = torch::cat({torch::sigmoid(-logits_), torch::sigmoid(logits_)}, 1);
  } else if (head_ == Head::kSigmoidPerClass) {
    probabilities_ = torch::softmax(torch::log_sigmoid(logits_), 1);  // exp(log sigmoid) over their sum
  } else {
    probabilities_ = torch::softmax(logits_, 1);
  }
  return probabilities_;
}

const Tensor& Prediction::labels() const {
  if (!labels_.defined()) labels_ = threshold_ ? labels_above(*threshold_) : most_probable(logits_);
  return labels_;
}

Tensor Prediction::labels_above(double threshold) const {
  const Tensor& each = probabilities();
  SEGBENCH_CHECK(each.size(1) == 2, "a threshold between {} classes", each.size(1));
  return (each.select(1, 1).to(torch::kDouble) > threshold).to(torch::kByte);
}

Prediction Prediction::of_probabilities(Tensor probabilities, std::int64_t outputs, Head head) {
  constexpr float kLeast = std::numeric_limits<float>::min();
  const Tensor logarithms = probabilities.clamp_min(kLeast).log();
  Tensor logits = outputs == 1 ? logarithms.slice(1, 1, 2) - logarithms.slice(1, 0, 1) : logarithms;
  if (outputs > 1 && head == Head::kSigmoidPerClass)
    logits = logarithms - (1 - probabilities).clamp_min(kLeast).log();
  Prediction prediction(std::move(logits), head);
  prediction.probabilities_ = std::move(probabilities);
  return prediction;
}

}  // namespace segbench::train
