// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The operations that networks are made of, as plain data: what each does to shapes, which tensors it owns
// and how many multiply-accumulates it takes. Every operation is stated independently of the image size, so
// one graph runs at any.

namespace segbench::architectures {

/// The values of one image at one place of a network.
struct Shape {
  std::int64_t channels = 0, height = 0, width = 0;
  std::int64_t values() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

/// How a tensor is initialised; the formulas are in initializers.h.
enum class Init { kZeros, kOnes, kGlorotUniform, kHeNormal };
/// kSame as in Keras: output ceil(n / stride), the odd pixel of padding on the right and bottom. kValid: no
/// padding.
enum class Padding { kValid, kSame };
enum class Function { kRelu, kRelu6, kSigmoid, kTanh, kSilu };
/// kBilinear maps pixel centres (no aligned corners), as Keras and OpenCV do.
enum class Resize { kNearest, kBilinear };

struct Input {
  bool operator==(const Input&) const = default;
};
/// Square kernel; weight [filters, in / groups, kernel, kernel]. The bias starts at zero.
struct Conv2d {
  std::int64_t filters = 0;
  int kernel = 3;
  int stride = 1;
  int dilation = 1;
  Padding padding = Padding::kSame;
  bool bias = true;
  std::int64_t groups = 1;
  Init init = Init::kGlorotUniform;
};
/// Output n * stride ("same" in Keras); weight [in, filters, kernel, kernel]; kernel >= stride.
struct ConvTranspose2d {
  std::int64_t filters = 0;
  int kernel = 2;
  int stride = 2;
  bool bias = true;
  Init init = Init::kGlorotUniform;
};
/// y = weight (x - mean) / sqrt(variance + epsilon) + bias, by channel (Ioffe & Szegedy 2015). `momentum` as
/// in Keras: moving = momentum * moving + (1 - momentum) * batch; PyTorch's momentum is 1 minus it.
struct BatchNorm {
  double momentum = 0.99;
  double epsilon = 1e-3;
};
struct Activation {
  Function function = Function::kRelu;
};
struct MaxPool {
  int kernel = 2;
  int stride = 2;
};
/// Padded pixels do not count in the mean.
struct AvgPool {
  int kernel = 2;
  int stride = 2;
  Padding padding = Padding::kValid;
};
/// Exactly bins x bins means over windows that cover the map (PyTorch's adaptive pooling; Zhao et al. 2017).
struct AdaptiveAvgPool {
  int bins = 1;
};
/// About bins x bins means: window = stride = pyramid_window(size, bins), "same" padding.
struct PyramidAvgPool {
  int bins = 1;
};
/// By a factor, or (factor 0) to height and width of the second input.
struct Upsample {
  Resize mode = Resize::kNearest;
  int factor = 2;
};
struct Dropout {
  double rate = 0.5;
};
struct Add {};
/// Along the channels.
struct Concat {};
/// Zeros on all four sides.
struct ZeroPad {
  int amount = 1;
};
/// Zeros on the right and bottom up to the next multiple; nothing when the size is one already.
struct PadToMultiple {
  int multiple = 1;
};
/// The top left part of the first input, as large as the second.
struct CropLike {};

using Op =
    std::variant<Input, Conv2d, ConvTranspose2d, BatchNorm, Activation, MaxPool, AvgPool, AdaptiveAvgPool,
                 PyramidAvgPool, Upsample, Dropout, Add, Concat, ZeroPad, PadToMultiple, CropLike>;

/// A tensor that an operation owns, in PyTorch's name and layout.
struct TensorSpec {
  std::string name;  ///< weight, bias, running_mean, running_var
  std::vector<std::int64_t> shape;
  Init init = Init::kZeros;
  std::int64_t fan_in = 1, fan_out = 1;  ///< as Keras counts them
  bool trainable = true;                 ///< false: a buffer (moving statistics)
  std::int64_t numel() const;
};

/// "conv", "batch_norm", "max_pool", …: the kind column of a layer table.
std::string_view kind_of(const Op& op);
/// "glorot_uniform", "he_normal", "zeros", "ones".
std::string_view to_string(Init init);

/// The shape that comes out; throws InternalError when the inputs do not fit together.
Shape output_shape(const Op& op, std::span<const Shape> inputs);
/// In definition order: weight, bias, running_mean, running_var.
std::vector<TensorSpec> tensors_of(const Op& op, const Shape& input);
/// Multiply-accumulates of a convolution for one image, bias excluded: output pixels times weights, for a
/// transposed one input pixels times weights; 0 for everything else.
std::int64_t macs_of(const Op& op, const Shape& input, const Shape& output);

/// Zeros (or, for pooling, pixels that do not count) before and after one axis.
struct Pads {
  std::int64_t before = 0, after = 0;
  std::int64_t total() const { return before + after; }
};
/// Keras' and TensorFlow's "same": ceil(size / stride) windows, the odd pixel after.
Pads same_padding(std::int64_t size, int kernel, int stride, int dilation = 1);
/// What a transposed convolution's full output (n - 1) * stride + kernel has too much of.
Pads transpose_cropping(int kernel, int stride);
std::int64_t padding_to_multiple(std::int64_t size, int multiple);
/// max(1, round(size / bins)), half to even: the window of the Keras PSPNet that `published` reproduces; in
/// an 4 x 4 map it is 4, 2, 1 and 1 for 1, 2, 3 and 6 bins.
int pyramid_window(std::int64_t size, int bins);

}  // namespace segbench::architectures
