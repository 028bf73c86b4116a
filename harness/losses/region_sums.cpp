// SPDX-License-Identifier: MIT
#include "harness/losses/region_sums.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/counts.h"
#include "harness/losses/fused.h"
#include "harness/losses/probabilities.h"

// The fused pass computes probabilities twice, forth and back, and stores none. With a = dL/d hits and
// b = dL/d predicted of an image and g_c = y_c a_c + (1 or 2 p_c) b_c:
//   dL/dz_c = p_c (g_c - sum_k p_k g_k) of a softmax;  dL/dz = p_0 p_1 (g_1 - g_0) of a sigmoid.

namespace segbench::losses {
namespace {

using torch::Tensor;

/// Probabilities of the classes from the logits of one pixel.
template <typename Scalar>
void probabilities_of(const Scalar* z, std::int64_t channels, Scalar* p) {
  if (channels == 1) {
    const Scalar small = std::exp(-std::abs(*z));  // never overflows
    const Scalar likely = 1 / (1 + small), unlikely = small / (1 + small);
    p[0] = *z < 0 ? likely : unlikely;
    p[1] = *z < 0 ? unlikely : likely;
    return;
  }
  const Scalar largest = *std::max_element(z, z + channels);
  Scalar sum = 0;
  for (std::int64_t c = 0; c < channels; ++c) sum += p[c] = std::exp(z[c] - largest);
  for (std::int64_t c = 0; c < channels; ++c) p[c] /= sum;
}

struct Pass {
  Tensor rows, labels;  ///< [N, H, W, C] and [N, H, W], both contiguous
  bool squared = false;

  std::int64_t images() const { return rows.size(0); }
  std::int64_t pixels() const { return rows.size(1) * rows.size(2); }
  std::int64_t channels() const { return rows.size(3); }
  std::int64_t classes() const { return std::max<std::int64_t>(channels(), 2); }
  std::int64_t blocks() const { return (pixels() + kFusedBlock - 1) / kFusedBlock; }

  /// Calls body(block, probabilities, class, pixel) for every valid pixel; blocks run in parallel.
  template <typename Scalar, typename Body>
  void for_each_pixel(const Body& body) const {
    const auto* z = rows.data_ptr<Scalar>();
    const auto* truth = labels.data_ptr<std::uint8_t>();
    at::parallel_for(0, images() * blocks(), 1, [&](std::int64_t begin, std::int64_t end) {
      std::vector<Scalar> p(static_cast<std::size_t>(classes()));
      for (std::int64_t block = begin; block < end; ++block) {
        const std::int64_t first = block % blocks() * kFusedBlock,
                           start = block / blocks() * pixels() + first;
        const std::int64_t count = std::min(kFusedBlock, pixels() - first);
        for (std::int64_t i = start; i < start + count; ++i) {
          if (truth[i] == core::kVoidLabel) continue;
          probabilities_of(z + i * channels(), channels(), p.data());
          body(block, p.data(), static_cast<std::int64_t>(truth[i]), i);
        }
      }
    });
  }
};

/// [N, 2, classes]: hits and predicted.
template <typename Scalar>
Tensor forward_sums(const Pass& pass) {
  const std::int64_t classes = pass.classes();
  Tensor sums = torch::zeros({pass.images() * pass.blocks(), 2, classes}, torch::kDouble);
  auto* data = sums.data_ptr<double>();
  pass.for_each_pixel<Scalar>([&](std::int64_t block, const Scalar* p, std::int64_t y, std::int64_t) {
    double* hits = data + block * 2 * classes;
    double* predicted = hits + classes;
    hits[y] += static_cast<double>(p[y]);
    for (std::int64_t c = 0; c < classes; ++c) {
      const auto probability = static_cast<double>(p[c]);
      predicted[c] += pass.squared ? probability * probability : probability;
    }
  });
  Tensor images = torch::zeros({pass.images(), 2, classes}, torch::kDouble);
  auto* out = images.data_ptr<double>();
  for (std::int64_t block = 0; block < pass.images() * pass.blocks(); ++block) {
    double* image = out + block / pass.blocks() * 2 * classes;
    for (std::int64_t k = 0; k < 2 * classes; ++k) image[k] += data[block * 2 * classes + k];
  }
  return images;
}

/// Gradient of the rows, from that of the sums, [N, 2, classes].
template <typename Scalar>
Tensor backward_rows(const Pass& pass, const Tensor& of_sums) {
  const std::int64_t classes = pass.classes(), channels = pass.channels();
  const Tensor weights = of_sums.contiguous();
  const auto* data = weights.data_ptr<double>();
  Tensor gradient = torch::zeros_like(pass.rows);
  auto* out = gradient.data_ptr<Scalar>();
  pass.for_each_pixel<Scalar>([&](std::int64_t block, const Scalar* p, std::int64_t y, std::int64_t i) {
    const double* hits = data + block / pass.blocks() * 2 * classes;
    const double* predicted = hits + classes;
    const auto slope = [&](std::int64_t c) {
      return (c == y ? hits[c] : 0.0) + (pass.squared ? 2 * static_cast<double>(p[c]) : 1.0) * predicted[c];
    };
    Scalar* z = out + i * channels;
    if (channels == 1) {
      *z = static_cast<Scalar>(static_cast<double>(p[0]) * static_cast<double>(p[1]) * (slope(1) - slope(0)));
      return;
    }
    double mean = 0;
    for (std::int64_t c = 0; c < channels; ++c) mean += static_cast<double>(p[c]) * slope(c);
    for (std::int64_t c = 0; c < channels; ++c)
      z[c] = static_cast<Scalar>(static_cast<double>(p[c]) * (slope(c) - mean));
  });
  return gradient;
}

class FusedSums : public torch::autograd::Function<FusedSums> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& logits, const Tensor& labels,
                        bool squared) {
    const Pass pass{logits.permute({0, 2, 3, 1}).contiguous(), labels, squared};
    context->save_for_backward({pass.rows, labels});
    context->saved_data["squared"] = squared;
    return pass.rows.scalar_type() == torch::kFloat ? forward_sums<float>(pass) : forward_sums<double>(pass);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outputs) {
    const auto saved = context->get_saved_variables();
    const Pass pass{saved[0], saved[1], context->saved_data["squared"].toBool()};
    const Tensor rows = pass.rows.scalar_type() == torch::kFloat ? backward_rows<float>(pass, outputs[0])
                                                                 : backward_rows<double>(pass, outputs[0]);
    return {rows.permute({0, 3, 1, 2}), Tensor(), Tensor()};
  }
};

/// Pixels of each class, [N, classes]. Throws core::InternalError when a label is neither a class nor void.
Tensor count_truth(const Tensor& labels, std::int64_t classes) {
  const std::int64_t pixels = labels.size(1) * labels.size(2);
  Tensor truth = torch::empty({labels.size(0), classes}, torch::kDouble);
  auto* out = truth.data_ptr<double>();
  for (std::int64_t n = 0; n < labels.size(0); ++n) {
    const auto* data = labels.data_ptr<std::uint8_t>() + n * pixels;
    const auto counts =
        core::count_labels({data, static_cast<std::size_t>(pixels)}, static_cast<int>(classes));
    for (std::int64_t c = 0; c < classes; ++c)
      *out++ = static_cast<double>(counts[static_cast<std::size_t>(c)]);
  }
  return truth;
}

RegionSums sums_of_tensors(const Tensor& logits, const Tensor& labels, bool squared, bool per_class) {
  const Tensor is_void = (labels == core::kVoidLabel).unsqueeze(1);
  // Void logits are replaced before they are used: even one that is not a number gets a gradient of 0.
  const Tensor p = class_probabilities(logits.masked_fill(is_void, 0), 1, per_class).masked_fill(is_void, 0);
  const Tensor y = one_hot(labels, p.size(1), 1);
  const auto over_pixels = [](const Tensor& values) { return values.sum({2, 3}, false, torch::kDouble); };
  return {.hits = over_pixels(p.masked_fill(~y, 0)),
          .predicted = over_pixels(squared ? p * p : p),
          .truth = over_pixels(y)};
}

}  // namespace

RegionSums region_sums(const Tensor& logits, const Tensor& labels, bool squared, bool fused, bool per_class) {
  const bool is_real = logits.scalar_type() == torch::kFloat || logits.scalar_type() == torch::kDouble;
  if (!fused || per_class || !logits.device().is_cpu() || !is_real)
    return sums_of_tensors(logits, labels, squared, per_class);
  const Tensor flat = labels.contiguous();
  const Tensor truth = count_truth(flat, std::max<std::int64_t>(logits.size(1), 2));
  const Tensor sums = FusedSums::apply(logits, flat, squared);
  return {.hits = sums.select(1, 0), .predicted = sums.select(1, 1), .truth = truth};
}

}  // namespace segbench::losses
