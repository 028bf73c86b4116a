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
enum class Init {
  kZeros,
  kOnes,
  kGlorotUniform,
  kHeNormal,        ///< as Keras draws it: by fan-in, cut off at two deviations
  kHeUniform,       ///< by fan-in
  kHeNormalFanOut,  ///< as torchvision's networks start: by fan-out, not cut off
  kTorchUniform,    ///< what PyTorch's convolutions start with when nobody says otherwise, the bias too
  kNormal002        ///< deviation 0.02, as transformers start
};
/// kSame as in Keras: output ceil(n / stride), the odd pixel of padding on the right and bottom. kTorch as
/// PyTorch's networks state it: dilation * (kernel - 1) / 2 on every side, floor((n + 2 p - extent) / stride)
/// + 1 windows, where a window's extent is dilation * (kernel - 1) + 1. kValid: no padding.
enum class Padding { kValid, kSame, kTorch };
/// kHardSigmoid(x) = relu6(x + 3) / 6 and kHardSwish(x) = x * kHardSigmoid(x) (Howard et al. 2019); kGelu(x)
/// = x * (1 + erf(x / sqrt(2))) / 2 (Hendrycks & Gimpel 2016).
enum class Function { kRelu, kRelu6, kSigmoid, kTanh, kSilu, kHardSwish, kHardSigmoid, kGelu };
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
/// in Keras: moving = momentum * moving + (1 - momentum) * batch; PyTorch's momentum is 1 minus it. Without
/// `scale` (Keras' scale=False) there is no weight, and three tensors instead of four.
struct BatchNorm {
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool scale = true;
};
/// y = weight (x - mean) / sqrt(variance + epsilon) + bias, mean and variance over the channels of each pixel
/// (Ba, Kiros, Hinton 2016).
struct LayerNorm {
  double epsilon = 1e-6;
};
/// The same over all pixels of a group of channels, for each image alone; weight and bias by channel (Wu &
/// He, ECCV 2018).
struct GroupNorm {
  std::int64_t groups = 32;
  double epsilon = 1e-5;
};
struct Activation {
  Function function = Function::kRelu;
};
/// Padded pixels never win.
struct MaxPool {
  int kernel = 2;
  int stride = 2;
  Padding padding = Padding::kValid;
};
/// Undoes a max pooling of windows that lie side by side: x, and the map that was pooled (height and width
/// `kernel` times x's, rounded down); every value of x goes to the place where its window had its maximum,
/// the rest is zero (SegNet: Badrinarayanan, Kendall, Cipolla 2017).
struct MaxUnpool {
  int kernel = 2;
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
/// Stochastic depth: in training an image's whole map is zero with probability `rate`, else divided by
/// 1 - rate (Huang et al., ECCV 2016, by image).
struct DropPath {
  double rate = 0.2;
};
struct Add {};
/// The second input may be one pixel (a weight a channel) or one channel (a weight a pixel).
struct Multiply {};
/// Of queries, keys and values, maps of as many channels each; keys and values may have other pixels than
/// queries: softmax(q k^T / sqrt(channels / heads)) v over pixels, for each head's share of the channels
/// (Vaswani et al. 2017).
struct Attention {
  int heads = 1;
};
/// Along the channels.
struct Concat {};
/// Zeros on all four sides, or on the right and bottom alone.
struct ZeroPad {
  int amount = 1;
  bool at_end_only = false;
};
/// Zeros on the right and bottom up to the next multiple; nothing when the size is one already.
struct PadToMultiple {
  int multiple = 1;
};
/// The top left part of the first input, as large as the second.
struct CropLike {};

using Op = std::variant<Input, Conv2d, ConvTranspose2d, BatchNorm, LayerNorm, GroupNorm, Activation, MaxPool,
                        MaxUnpool, AvgPool, AdaptiveAvgPool, PyramidAvgPool, Upsample, Dropout, DropPath, Add,
                        Multiply, Attention, Concat, ZeroPad, PadToMultiple, CropLike>;

/// A tensor that an operation owns, in PyTorch's name and layout.
struct TensorSpec {
  std::string name;  ///< weight, bias, running_mean, running_var
  std::vector<std::int64_t> shape;
  Init init = Init::kZeros;
  std::int64_t fan_in = 1, fan_out = 1;  ///< as Keras counts them
  bool trainable = true;                 ///< false: a buffer (moving statistics)
  bool frozen = false;                   ///< a parameter that keeps its value: freeze.h
  std::int64_t numel() const;
};

/// "conv", "batch_norm", "max_pool", …: the kind column of a layer table.
std::string_view kind_of(const Op& op);
/// "glorot_uniform", "he_normal", "zeros", "ones", …
std::string_view to_string(Init init);

/// The shape that comes out; throws InternalError when the inputs do not fit together.
Shape output_shape(const Op& op, std::span<const Shape> inputs);
/// In definition order: weight, bias, running_mean, running_var.
std::vector<TensorSpec> tensors_of(const Op& op, const Shape& input);
/// Multiply-accumulates for one image: of a convolution, bias excluded, output pixels times weights, for a
/// transposed one input pixels times weights; of an attention its two matrix products; 0 for everything else.
std::int64_t macs_of(const Op& op, std::span<const Shape> inputs, const Shape& output);
/// Values besides its output that an operation makes and keeps for training: an attention's weights.
std::int64_t inner_values_of(const Op& op, std::span<const Shape> inputs);

/// Zeros (or, for pooling, pixels that do not count) before and after one axis.
struct Pads {
  std::int64_t before = 0, after = 0;
  std::int64_t total() const { return before + after; }
};
/// Keras' and TensorFlow's "same": ceil(size / stride) windows, the odd pixel after.
Pads same_padding(std::int64_t size, int kernel, int stride, int dilation = 1);
/// Of any padding.
Pads padding_of(Padding padding, std::int64_t size, int kernel, int stride, int dilation = 1);
/// What a transposed convolution's full output (n - 1) * stride + kernel has too much of.
Pads transpose_cropping(int kernel, int stride);
std::int64_t padding_to_multiple(std::int64_t size, int multiple);
/// max(1, round(size / bins)), half to even: the window of the Keras PSPNet that `published` reproduces; in
/// an 4 x 4 map it is 4, 2, 1 and 1 for 1, 2, 3 and 6 bins.
int pyramid_window(std::int64_t size, int bins);

}  // namespace segbench::architectures
