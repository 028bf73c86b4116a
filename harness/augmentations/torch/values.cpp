// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/values.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "harness/augmentations/torch/hash.h"
#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

using torch::Tensor;
using Change = BatchValues::Change;

/// The effects of a slot, by sample.
template <typename Effect>
using Effects = std::map<std::int64_t, const Effect*>;

/// Numbers [N] of the samples of a batch [N, H, W, C].
Tensor spread(const Tensor& numbers) {
  return numbers.reshape({-1, 1, 1, 1});
}

Change change_by(const Effects<Tone>& tones, const SampleFormat& format, NumberTable& table) {
  const auto any = [&](const auto& what) {
    return std::any_of(tones.begin(), tones.end(), [&](const auto& entry) { return what(*entry.second); });
  };
  const bool bends = any([](const Tone&tone) { return tone.exponent != 1; }),
             pivots = any([](const Tone&tone) { return tone.about_mean; });
  const std::int64_t gain = table.add_rows(1, 1), exponent = table.add_rows(1, 1),
                     about_mean = table.add_rows(1, 0), channels = pivots ? format.channels : 0,
                     weights = table.add_rows(channels, 0);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t i = 0; i < table.samples(); ++i)
      table.set(weights + c, i, luminance_weight(c, channels));
  }
  for (const auto& [sample, tone] : tones) {
    table.set(gain, sample, tone->gain);
    table.set(exponent, sample, tone->exponent);
    table.set(about_mean, sample, tone->about_mean ? 1 : 0);
  }
  return [=](const Numbers& numbers, const Tensor& values, Tensor&) {
    Tensor changed;
    if (pivots) {
      const Tensor means = values.to(torch::kDouble).mean(torch::IntArrayRef({1, 2}));
      const Tensor luminance = (means * numbers.exact(weights, channels)).sum(1).to(torch::kFloat);
      const Tensor pivot = spread(luminance * numbers.real(about_mean).flatten());
      changed = values.sub(pivot).mul_(spread(numbers.real(gain))).add_(pivot);
    } else {
      changed = values.mul(spread(numbers.real(gain)));
    }
    if (!bends) return changed;
    const Tensor power = spread(numbers.real(exponent));
    return torch::where(power == 1, changed, changed.clamp_min(0).pow(power));
  };
}

Change change_by(const Effects<ColourMatrix>& matrices, const SampleFormat&, NumberTable& table) {
  const std::int64_t rows = table.add_rows(9, 0);
  for (std::int64_t k : {0, 4, 8}) {
    for (std::int64_t i = 0; i < table.samples(); ++i) table.set(rows + k, i, 1);
  }
  for (const auto& [sample, matrix] : matrices) {
    std::int64_t row = rows;
    for (const double entry : matrix->rows) table.set(row++, sample, entry);
  }
  return [=](const Numbers& numbers, const Tensor& values, Tensor&) {
    const Tensor matrix = numbers.real(rows, 9).reshape({-1, 1, 1, 3, 3});
    const auto part = [&](std::int64_t c) { return values.narrow(3, c, 1) * matrix.select(4, c); };
    return part(0) + part(1) + part(2);
  };
}

Tensor blur_along(const Tensor& values, const Tensor& weights, std::int64_t dimension) {
  const std::int64_t radius = weights.size(1) / 2, size = values.size(dimension);
  const Tensor here = torch::arange(size, torch::TensorOptions(torch::kLong).device(values.device()));
  Tensor sum = torch::zeros_like(values);
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const Tensor other = values.index_select(dimension, here.add(k).clamp_(0, size - 1));
    sum.addcmul_(other, spread(weights.select(1, k + radius)));
  }
  return sum;
}

Change change_by(const Effects<Blur>& blurs, const SampleFormat&, NumberTable& table) {
  std::map<std::int64_t, std::vector<float>> weights_of;
  std::int64_t radius = 0;
  for (const auto& [sample, blur] : blurs) {
    weights_of[sample] = blur_weights(*blur);
    radius = std::max(radius, static_cast<std::int64_t>(weights_of[sample].size() / 2));
  }
  const std::int64_t rows = table.add_rows(radius, 0), middle = table.add_rows(1, 1);
  table.add_rows(radius, 0);
  for (const auto& [sample, weights] : weights_of) {
    std::int64_t row = middle - static_cast<std::int64_t>(weights.size() / 2);
    for (const float weight : weights) table.set(row++, sample, weight);
  }
  return [=](const Numbers& numbers, const Tensor& values, Tensor&) {
    const Tensor weights = numbers.real(rows, 2 * radius + 1);
    return blur_along(blur_along(values, weights, 2), weights, 1);
  };
}

Change change_by(const Effects<Noise>& noises, const SampleFormat&, NumberTable& table) {
  const std::int64_t deviation = table.add_rows(1, 0), keys = table.add_rows(2, 0);
  for (const auto& [sample, noise] : noises) {
    table.set(deviation, sample, noise->deviation);
    table.set(keys, sample, static_cast<double>(noise->key & 0xFFFFFFFF));
    table.set(keys + 1, sample, static_cast<double>(noise->key >> 32));
  }
  return [=](const Numbers& numbers, const Tensor& values, Tensor&) {
    const std::int64_t each = values.numel() / values.size(0);
    const Tensor i = torch::arange(each, torch::TensorOptions(torch::kLong).device(values.device())) * 2;
    const auto halves = [&](const Tensor& counter, const Tensor& key) {
      const Tensor bits = mixed(mixed(counter).bitwise_xor(key));
      return bits.bitwise_and(0xFFFF).add_(bits.bitwise_right_shift(16));
    };
    const Tensor sum =
        halves(i, numbers.whole(keys)).add_(halves(i + 1, numbers.whole(keys + 1))).sub_(2 * 0xFFFF);
    const Tensor normal = sum.to(torch::kFloat).div_(static_cast<float>(kNoiseSumDeviation));
    return values + normal.mul_(numbers.real(deviation)).view_as(values);
  };
}

Change change_by(const Effects<Erase>& erasures, const SampleFormat&, NumberTable& table) {
  std::size_t most = 0;
  for (const auto& [sample, erase] : erasures) most = std::max(most, erase->rectangles.size());
  const auto rectangles = static_cast<std::int64_t>(most);
  const std::int64_t value = table.add_rows(1, 0), of_labels = table.add_rows(1, 0),
                     edges = table.add_rows(4 * rectangles, 0);
  for (const auto& [sample, erase] : erasures) {
    table.set(value, sample, erase->value);
    table.set(of_labels, sample, erase->erases_labels ? 1 : 0);
    std::int64_t row = edges;
    for (const auto& [top, left, height, width] : erase->rectangles) {
      for (const std::int64_t edge : {top, top + height, left, left + width})
        table.set(row++, sample, static_cast<double>(edge));
    }
  }
  return [=](const Numbers& numbers, const Tensor& values, Tensor& labels) {
    if (rectangles == 0) return values;
    Tensor erased;
    for (std::int64_t k = 0; k < rectangles; ++k) {
      const Tensor here = inside(numbers.whole(edges + 4 * k, 4), values.size(1), values.size(2));
      erased = erased.defined() ? erased | here : here;
    }
    const Tensor from_labels = numbers.whole(of_labels).to(torch::kBool).view({-1, 1, 1});
    labels.masked_fill_(erased & from_labels, static_cast<int>(core::kVoidLabel));
    return torch::where(erased.unsqueeze(3), spread(numbers.real(value)), values);
  };
}

/// The effects of all samples in slots of one kind of effect each, so that those of a sample keep their
/// order. Samples come from the same list of parts: those with the most of them make the slots that the
/// others fit in.
struct Aligned {
  std::size_t kind;  ///< index of ValueEffect
  std::map<std::int64_t, const ValueEffect*> effects;
};
std::vector<Aligned> align(const std::vector<Drawn>& drawn) {
  std::vector<std::size_t> order(drawn.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return drawn[a].values.size() > drawn[b].values.size();
  });
  std::vector<Aligned> slots;
  for (const std::size_t n : order) {
    std::size_t slot = 0;
    for (const ValueEffect& effect : drawn[n].values) {
      while (slot < slots.size() && slots[slot].kind != effect.index()) ++slot;
      if (slot == slots.size()) slots.push_back({.kind = effect.index(), .effects = {}});
      slots[slot++].effects[static_cast<std::int64_t>(n)] = &effect;
    }
  }
  return slots;
}

template <typename Effect>
Change change_by_slot(const Aligned& slot, const SampleFormat& format, NumberTable& table) {
  Effects<Effect> effects;
  for (const auto& [sample, effect] : slot.effects) effects[sample] = &std::get<Effect>(*effect);
  return change_by(effects, format, table);
}

}  // namespace

BatchValues::BatchValues(const std::vector<Drawn>& drawn, const SampleFormat& format, NumberTable& table)
    : channels_(format.channels), most_(format.range.bits == 16 ? 65535 : 255) {
  for (const Drawn& sample : drawn) is_changed_.push_back(!sample.values.empty());
  if (!any_in(is_changed_, 0, table.samples())) return;
  changed_ = table.add_rows(1, 0);
  low_ = table.add_rows(channels_, 0);
  span_ = table.add_rows(channels_, 0);
  for (std::int64_t i = 0; i < table.samples(); ++i) {
    table.set(changed_, i, is_changed_[static_cast<std::size_t>(i)] ? 1 : 0);
    for (std::int64_t c = 0; c < channels_; ++c) {
      const auto [low, high] = format.range.of(static_cast<std::size_t>(c));
      table.set(low_ + c, i, low);
      table.set(span_ + c, i, high - low);
    }
  }
  for (const Aligned& slot : align(drawn)) {
    std::vector<bool> marks(drawn.size());
    for (const auto& [sample, effect] : slot.effects) marks[static_cast<std::size_t>(sample)] = true;
    // Of the kind that the first of them has, as all have.
    const Change change = std::visit(
        [&]<typename Effect>(const Effect&) { return change_by_slot<Effect>(slot, format, table); },
        *slot.effects.begin()->second);
    slots_.push_back({.change = change, .marks = std::move(marks)});
  }
}

void BatchValues::apply(const Numbers& numbers, std::int64_t first, Tensor& images, Tensor& labels) const {
  const std::int64_t count = images.size(0);
  if (!any_in(is_changed_, first, count)) return;
  const auto of_channels = [&](std::int64_t row) {
    return numbers.real(row, channels_).reshape({-1, 1, 1, channels_});
  };
  const Tensor low = of_channels(low_), span = of_channels(span_);
  Tensor values = images.sub(low).div_(span).clamp_(0, 1);
  for (const Slot& slot : slots_) {
    if (any_in(slot.marks, first, count)) values = slot.change(numbers, values, labels).clamp(0, 1);
  }
  images = torch::where(numbers.whole(changed_).to(torch::kBool).view({-1, 1, 1, 1}),
                        values.mul_(span).add_(low).add_(0.5).floor_().clamp_(0, most_), images);
}

}  // namespace segbench::augmentations
