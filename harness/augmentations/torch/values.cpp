// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/batch.h"
#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

using torch::Tensor;

// Every function changes values [H, W, C] and returns them.

Tensor change(const Tone& tone, Tensor values) {
  Tensor pivot = torch::zeros({}, values.options());
  if (tone.about_mean) {
    std::vector<double> weights;
    for (std::int64_t c = 0; c < values.size(2); ++c) weights.push_back(luminance_weight(c, values.size(2)));
    const Tensor means = values.to(torch::kDouble).mean(torch::IntArrayRef({0, 1}));
    pivot = means.mul(torch::tensor(weights, torch::kDouble).to(means.device())).sum().to(torch::kFloat);
  }
  values = values.sub_(pivot).mul_(tone.gain).add_(pivot);
  return tone.exponent == 1 ? values : values.clamp_min_(0).pow_(tone.exponent);
}

Tensor change(const ColourMatrix& matrix, const Tensor& values) {
  const Tensor rows =
      torch::tensor(std::vector<double>(matrix.rows.begin(), matrix.rows.end()), torch::kDouble)
          .to(values.device(), torch::kFloat)
          .view({3, 3});
  return values.matmul(rows.t());
}

Tensor blur_along(const Tensor& values, const std::vector<float>& weights, std::int64_t dimension) {
  const auto radius = static_cast<std::int64_t>(weights.size() / 2);
  const std::int64_t size = values.size(dimension);
  const Tensor here = torch::arange(size, torch::TensorOptions(torch::kLong).device(values.device()));
  Tensor sum = torch::zeros_like(values);
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const Tensor other = values.index_select(dimension, here.add(k).clamp_(0, size - 1));
    sum.add_(other, weights[static_cast<std::size_t>(k + radius)]);
  }
  return sum;
}

Tensor change(const Blur& blur, const Tensor& values) {
  const std::vector<float> weights = blur_weights(blur);
  return blur_along(blur_along(values, weights, 1), weights, 0);
}

/// x times a constant modulo 2^32, of numbers below 2^32 in int64, without an overflow.
Tensor times(const Tensor& x, std::int64_t constant) {
  const Tensor low = x.bitwise_and(0xFFFF).mul_(constant);
  const Tensor high = x.bitwise_right_shift(16).mul_(constant).bitwise_and_(0xFFFF);
  return low.add_(high.mul_(0x10000)).bitwise_and_(std::int64_t{0xFFFFFFFF});
}

/// mix() of effect.h.
Tensor mixed(Tensor x) {
  x = x.bitwise_xor(x.bitwise_right_shift(16));
  x = times(x, 0x7feb352d);
  x = x.bitwise_xor(x.bitwise_right_shift(15));
  x = times(x, 0x846ca68b);
  return x.bitwise_xor(x.bitwise_right_shift(16));
}

Tensor change(const Noise& noise, Tensor values) {
  const Tensor i =
      torch::arange(values.numel(), torch::TensorOptions(torch::kLong).device(values.device())) * 2;
  const auto halves = [&](const Tensor& counter, std::uint64_t key) {
    const Tensor bits = mixed(mixed(counter).bitwise_xor(static_cast<std::int64_t>(key & 0xFFFFFFFF)));
    return bits.bitwise_and(0xFFFF) + bits.bitwise_right_shift(16);
  };
  const Tensor sum = halves(i, noise.key) + halves(i + 1, noise.key >> 32) - 2 * 0xFFFF;
  const Tensor normal = sum.to(torch::kFloat).div_(static_cast<float>(kNoiseSumDeviation));
  return values.add_(normal.mul_(noise.deviation).view_as(values));
}

Tensor change(const Erase& erase, Tensor values) {
  for (const Rectangle& area : erase.rectangles)
    values.narrow(0, area.top, area.height).narrow(1, area.left, area.width).fill_(erase.value);
  return values;
}

void erase_labels(const Erase& erase, Tensor& labels) {
  for (const Rectangle& area : erase.rectangles) {
    labels.narrow(0, area.top, area.height)
        .narrow(1, area.left, area.width)
        .fill_(static_cast<int>(core::kVoidLabel));
  }
}

}  // namespace

void change_values(const std::vector<ValueEffect>& effects, Tensor& values, Tensor& labels) {
  for (const ValueEffect& effect : effects) {
    values = std::visit([&](const auto& what) { return change(what, values); }, effect).clamp_(0, 1);
    const auto* erase = std::get_if<Erase>(&effect);
    if (erase != nullptr && erase->erases_labels) erase_labels(*erase, labels);
  }
}

}  // namespace segbench::augmentations
