// SPDX-License-Identifier: MIT
#include "tests/onednn/plain_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/onednn/plain_map.h"

namespace segbench::architectures::tests {
namespace {

double activation_of(Function function, double x) {
  const double hard_sigmoid = std::clamp(x + 3, 0.0, 6.0) / 6;
  switch (function) {
    case Function::kRelu:
      return std::max(x, 0.0);
    case Function::kRelu6:
      return std::clamp(x, 0.0, 6.0);
    case Function::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case Function::kTanh:
      return std::tanh(x);
    case Function::kSilu:
      return x / (1 + std::exp(-x));
    case Function::kHardSwish:
      return x * hard_sigmoid;
    case Function::kHardSigmoid:
      return hard_sigmoid;
    case Function::kGelu:
      return x * (1 + std::erf(x * std::sqrt(0.5))) / 2;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

struct PlainStep {
  const Graph& graph;
  const Weights& weights;
  const Node& node;
  const std::vector<Wide>& values;

  const Wide& input(std::size_t i = 0) const { return values[place(node.inputs[i].node)]; }
  Wide output() const { return {input().count, node.shape}; }
  std::vector<float> tensor(std::string_view name) const { return tensor_values(weights, node, name); }

  Wide operator()(const Input&) const { return output(); }

  Wide operator()(const Conv2d& conv) const {
    const Wide& from = input();
    Wide to = output();
    const std::int64_t k = conv.kernel, in = from.shape.channels / conv.groups,
                       out = conv.filters / conv.groups;
    const std::int64_t top =
        padding_of(conv.padding, from.shape.height, conv.kernel, conv.stride, conv.dilation).before;
    const std::int64_t left =
        padding_of(conv.padding, from.shape.width, conv.kernel, conv.stride, conv.dilation).before;
    const std::vector<float> weight = tensor("weight"),
                             bias = conv.bias ? tensor("bias") : std::vector<float>();
    for (std::int64_t n = 0; n < to.count; ++n) {
      for (std::int64_t f = 0; f < conv.filters; ++f) {
        for (std::int64_t i = 0; i < in * k * k; ++i) {
          const std::int64_t channel = f / out * in + i / (k * k);
          const std::int64_t down = i / k % k * conv.dilation - top, right = i % k * conv.dilation - left;
          const double w = weight[place(f * in * k * k + i)];
          // The columns whose source lies inside.
          const std::int64_t first = right >= 0 ? 0 : (-right + conv.stride - 1) / conv.stride;
          for (std::int64_t y = 0; y < to.shape.height; ++y) {
            const std::int64_t row = y * conv.stride + down;
            if (row < 0 || row >= from.shape.height) continue;
            const double* source = &from.values[place(
                ((n * from.shape.channels + channel) * from.shape.height + row) * from.shape.width)];
            double* target = &to.at(n, f, y, 0);
            for (std::int64_t x = first; x < to.shape.width && x * conv.stride + right < from.shape.width;
                 ++x)
              target[x] += w * source[x * conv.stride + right];
          }
        }
      }
    }
    if (conv.bias)
      to.everywhere([&](auto n, auto c, auto y, auto x) { to.at(n, c, y, x) += bias[place(c)]; });
    return to;
  }

  Wide operator()(const ConvTranspose2d& conv) const {
    const Wide& from = input();
    Wide to = output();
    const std::int64_t k = conv.kernel, crop = transpose_cropping(conv.kernel, conv.stride).before;
    const std::vector<float> weight = tensor("weight"),
                             bias = conv.bias ? tensor("bias") : std::vector<float>();
    from.everywhere([&](auto n, auto c, auto y, auto x) {
      for (std::int64_t f = 0; f < conv.filters; ++f) {
        for (std::int64_t i = 0; i < k * k; ++i) {
          const std::int64_t row = y * conv.stride + i / k - crop, column = x * conv.stride + i % k - crop;
          if (row < 0 || row >= to.shape.height || column < 0 || column >= to.shape.width) continue;
          to.at(n, f, row, column) += from.at(n, c, y, x) * weight[place((c * conv.filters + f) * k * k + i)];
        }
      }
    });
    if (conv.bias)
      to.everywhere([&](auto n, auto c, auto y, auto x) { to.at(n, c, y, x) += bias[place(c)]; });
    return to;
  }

  Wide operator()(const BatchNorm& norm) const {
    const std::vector<float> mean = tensor("running_mean"), variance = tensor("running_var"),
                             bias = tensor("bias");
    const std::vector<float> weight = norm.scale ? tensor("weight") : std::vector<float>(mean.size(), 1.0F);
    return each([&](double value, std::size_t c) {
      return weight[c] * (value - mean[c]) / std::sqrt(variance[c] + norm.epsilon) + bias[c];
    });
  }

  Wide operator()(const LayerNorm& norm) const {
    return normalised(
        norm.epsilon, [&](auto, auto y, auto x) { return y * node.shape.width + x; },
        node.shape.height * node.shape.width);
  }

  Wide operator()(const GroupNorm& norm) const {
    return normalised(
        norm.epsilon, [&](auto c, auto, auto) { return c * norm.groups / node.shape.channels; }, norm.groups);
  }

  /// Over the values of an image that share group(channel, row, column).
  template <typename Group>
  Wide normalised(double epsilon, const Group& group, std::int64_t groups) const {
    const Wide& from = input();
    std::vector<double> sums(place(from.count * groups), 0.0), squares = sums, counts = sums;
    const auto of = [&](auto n, auto c, auto y, auto x) { return place(n * groups + group(c, y, x)); };
    from.everywhere([&](auto n, auto c, auto y, auto x) {
      sums[of(n, c, y, x)] += from.at(n, c, y, x);
      counts[of(n, c, y, x)] += 1;
    });
    const auto centred = [&](auto n, auto c, auto y, auto x) {
      return from.at(n, c, y, x) - sums[of(n, c, y, x)] / counts[of(n, c, y, x)];
    };
    from.everywhere([&](auto n, auto c, auto y, auto x) {
      squares[of(n, c, y, x)] += centred(n, c, y, x) * centred(n, c, y, x);
    });
    const std::vector<float> weight = tensor("weight"), bias = tensor("bias");
    Wide to = output();
    to.everywhere([&](auto n, auto c, auto y, auto x) {
      const std::size_t g = of(n, c, y, x);
      to.at(n, c, y, x) =
          weight[place(c)] * centred(n, c, y, x) / std::sqrt(squares[g] / counts[g] + epsilon) +
          bias[place(c)];
    });
    return to;
  }

  Wide operator()(const Activation& activation) const {
    return each([&](double value, std::size_t) { return activation_of(activation.function, value); });
  }

  Wide operator()(const MaxPool& pool) const {
    return pooled(pool.kernel, pool.kernel, pool.stride, pool.stride, pool.padding,
                  [](const auto& window) { return *std::max_element(window.begin(), window.end()); });
  }
  Wide operator()(const AvgPool& pool) const {
    return pooled(pool.kernel, pool.kernel, pool.stride, pool.stride, pool.padding, mean_of);
  }
  Wide operator()(const PyramidAvgPool& pool) const {
    const int rows = pyramid_window(input().shape.height, pool.bins),
              columns = pyramid_window(input().shape.width, pool.bins);
    return pooled(rows, columns, rows, columns, Padding::kSame, mean_of);
  }

  static double mean_of(const std::vector<double>& window) {
    double sum = 0;
    for (const double value : window) sum += value;
    return sum / static_cast<double>(window.size());
  }

  template <typename Reduce>
  Wide pooled(int height, int width, int down, int right, Padding padding, const Reduce& reduce) const {
    const Wide& from = input();
    const std::int64_t top = padding_of(padding, from.shape.height, height, down).before;
    const std::int64_t left = padding_of(padding, from.shape.width, width, right).before;
    Wide to = output();
    to.everywhere([&](auto n, auto c, auto y, auto x) {
      to.at(n, c, y, x) = reduce(window_of(n, c, y * down - top, y * down - top + height, x * right - left,
                                           x * right - left + width));
    });
    return to;
  }

  std::vector<double> window_of(std::int64_t n, std::int64_t c, std::int64_t top, std::int64_t bottom,
                                std::int64_t left, std::int64_t right) const {
    const Wide& from = input();
    std::vector<double> window;
    for (std::int64_t y = std::max<std::int64_t>(top, 0); y < std::min(bottom, from.shape.height); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(left, 0); x < std::min(right, from.shape.width); ++x)
        window.push_back(from.at(n, c, y, x));
    }
    return window;
  }

  Wide operator()(const AdaptiveAvgPool& pool) const {
    Wide to = output();
    const auto begin = [&](std::int64_t bin, std::int64_t size) { return bin * size / pool.bins; };
    const auto end = [&](std::int64_t bin, std::int64_t size) {
      return ((bin + 1) * size + pool.bins - 1) / pool.bins;
    };
    const Shape& from = input().shape;
    to.everywhere([&](auto n, auto c, auto y, auto x) {
      to.at(n, c, y, x) = mean_of(window_of(n, c, begin(y, from.height), end(y, from.height),
                                            begin(x, from.width), end(x, from.width)));
    });
    return to;
  }

  Wide operator()(const MaxUnpool& pool) const {
    const Wide &from = input(), &pooled = input(1);
    Wide to = output();
    from.everywhere([&](auto n, auto c, auto y, auto x) {
      std::int64_t row = y * pool.kernel, column = x * pool.kernel;
      for (std::int64_t i = y * pool.kernel; i < (y + 1) * pool.kernel; ++i) {
        for (std::int64_t j = x * pool.kernel; j < (x + 1) * pool.kernel; ++j) {
          if (pooled.at(n, c, i, j) > pooled.at(n, c, row, column)) row = i, column = j;
        }
      }
      to.at(n, c, row, column) = from.at(n, c, y, x);
    });
    return to;
  }

  Wide operator()(const Upsample& up) const {
    const Wide& from = input();
    Wide to = output();
    const bool nearest = up.mode == Resize::kNearest;
    const auto source = [&](std::int64_t i, std::int64_t size, std::int64_t larger) {
      const double scale = static_cast<double>(size) / static_cast<double>(larger);
      return nearest ? std::floor(static_cast<double>(i * size / larger))
                     : std::max(0.0, (static_cast<double>(i) + 0.5) * scale - 0.5);
    };
    to.everywhere([&](auto n, auto c, auto y, auto x) {
      const double row = source(y, from.shape.height, to.shape.height),
                   column = source(x, from.shape.width, to.shape.width);
      const auto top = static_cast<std::int64_t>(row), left = static_cast<std::int64_t>(column);
      const std::int64_t bottom = std::min(top + 1, from.shape.height - 1),
                         right = std::min(left + 1, from.shape.width - 1);
      const double down = row - static_cast<double>(top), across = column - static_cast<double>(left);
      to.at(n, c, y, x) =
          (1 - down) * ((1 - across) * from.at(n, c, top, left) + across * from.at(n, c, top, right)) +
          down * ((1 - across) * from.at(n, c, bottom, left) + across * from.at(n, c, bottom, right));
    });
    return to;
  }

  Wide operator()(const Dropout&) const { return input(); }
  Wide operator()(const DropPath&) const { return input(); }

  Wide operator()(const Add&) const {
    Wide to = input();
    for (std::size_t i = 0; i < to.values.size(); ++i) to.values[i] += input(1).values[i];
    return to;
  }

  Wide operator()(const Multiply&) const {
    const Wide& by = input(1);
    Wide to = input();
    to.everywhere([&](auto n, auto c, auto y, auto x) {
      to.at(n, c, y, x) *=
          by.at(n, by.shape.channels == 1 ? 0 : c, by.shape.height == 1 ? 0 : y, by.shape.width == 1 ? 0 : x);
    });
    return to;
  }

  Wide operator()(const Attention& attention) const {
    const Wide &queries = input(), &keys = input(1), &contents = input(2);
    const std::int64_t depth = node.shape.channels / attention.heads, width = keys.shape.width;
    Wide to = output();
    for (std::int64_t n = 0; n < to.count; ++n) {
      for (std::int64_t head = 0; head < attention.heads; ++head) {
        for (std::int64_t asked = 0; asked < to.shape.height * to.shape.width; ++asked) {
          const std::int64_t y = asked / to.shape.width, x = asked % to.shape.width;
          std::vector<double> scores;
          double sum = 0;
          for (std::int64_t read = 0; read < keys.shape.height * width; ++read) {
            double product = 0;
            for (std::int64_t c = head * depth; c < (head + 1) * depth; ++c)
              product += queries.at(n, c, y, x) * keys.at(n, c, read / width, read % width);
            scores.push_back(std::exp(product / std::sqrt(static_cast<double>(depth))));
            sum += scores.back();
          }
          for (std::int64_t c = head * depth; c < (head + 1) * depth; ++c) {
            for (std::size_t read = 0; read < scores.size(); ++read) {
              const auto at = static_cast<std::int64_t>(read);
              to.at(n, c, y, x) += scores[read] / sum * contents.at(n, c, at / width, at % width);
            }
          }
        }
      }
    }
    return to;
  }

  Wide operator()(const Concat&) const {
    Wide to = output();
    std::int64_t first = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Wide& part = input(i);
      part.everywhere(
          [&](auto n, auto c, auto y, auto x) { to.at(n, first + c, y, x) = part.at(n, c, y, x); });
      first += part.shape.channels;
    }
    return to;
  }

  Wide operator()(const ZeroPad& pad) const { return placed(pad.at_end_only ? 0 : pad.amount); }
  Wide operator()(const PadToMultiple&) const { return placed(0); }
  Wide operator()(const CropLike&) const { return placed(0); }

  Wide placed(std::int64_t before) const {
    const Wide& from = input();
    Wide to = output();
    from.everywhere([&](auto n, auto c, auto y, auto x) {
      if (y + before < to.shape.height && x + before < to.shape.width)
        to.at(n, c, y + before, x + before) = from.at(n, c, y, x);
    });
    return to;
  }

  template <typename Change>
  Wide each(const Change& change) const {
    Wide to = input();
    to.everywhere(
        [&](auto n, auto c, auto y, auto x) { to.at(n, c, y, x) = change(to.at(n, c, y, x), place(c)); });
    return to;
  }
};

}  // namespace

Maps run_plainly(const Graph& graph, const Weights& weights, const Maps& images) {
  std::vector<Wide> values;
  values.emplace_back(images.count, images.shape);
  std::copy(images.values.begin(), images.values.end(), values[0].values.begin());
  for (std::size_t i = 1; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    values.push_back(std::visit(PlainStep{graph, weights, node, values}, node.op));
  }
  const Wide& logits = values.back();
  Maps found{.count = logits.count, .shape = logits.shape, .values = {}};
  for (const double value : logits.values) found.values.push_back(static_cast<float>(value));
  return found;
}

}  // namespace segbench::architectures::tests
