// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/networks/network.h"
#include "harness/core/part.h"

namespace segbench::architectures {

/// What an architecture's build function works with.
struct Build {
  Layers net;        ///< the place for its layers
  std::string size;  ///< one of the architecture's sizes
  double width = 1.0;
  std::int64_t num_outputs = 1;
  core::Json params;  ///< all of them, defaults filled in

  /// A hidden channel number times the width: rounded, at least 1.
  std::int64_t channels(std::int64_t at_width_one) const;
  /// Settings of every batch normalisation but the encoder's, from batch_norm_params() or
  /// decoder_batch_norm_params().
  BatchNorm batch_norm() const;
  /// The filters of the last layer.
  std::int64_t outputs() const { return num_outputs; }
};

/// The settings that "batch_norm_momentum" and "batch_norm_epsilon" of these parameters come to; empty where
/// there are none. Not set, as in variants of before 0.9 was the default, means PyTorch's with an encoder,
/// Keras' without.
std::optional<BatchNorm> batch_norm_of(const core::Json& params);

/// A size that an architecture comes in.
struct Size {
  std::string name;  ///< small | medium | full | published
  int stride =
      1;  ///< input pixels along each axis of one pixel of the coarsest map: inputs are padded to a multiple
};

/// An architecture: what it is called, its sizes, and the layers it is made of.
struct Architecture {
  core::PartSpec spec;      ///< kind and check are filled in on registration
  std::vector<Size> sizes;  ///< ascending by parameters, "published" last
  /// Appends the layers. `x` is the image, padded to a multiple of the stride; returns logits of its size.
  std::function<Value(const Build& build, Value x)> build;
  bool any_size = false;  ///< images of any size from the stride on are taken as they are, without padding
};

/// Registers an architecture at program start, also as core::PartKind::kArchitecture with a check of
/// "model.size" and "data.resolution": `const ArchitectureRegistration unet{{.spec = …}};` in an anonymous
/// namespace.
struct ArchitectureRegistration {
  explicit ArchitectureRegistration(Architecture architecture);
};

/// Throws core::UserError that lists what is allowed.
const Architecture& architecture(std::string_view name);

/// Throws core::UserError that lists what is allowed.
const Size& size_of(const Architecture& architecture, std::string_view size);

/// All parameters of an architecture. Throws core::UserError for one that it does not have or allow.
core::Json resolved_params(const Architecture& architecture, const core::Json& given);

/// The size's stride, or 32 where resolved parameters choose an encoder (encoder.h).
int stride_of(const Size& size, const core::Json& params);

/// "batch_norm_momentum" and "batch_norm_epsilon", for architectures that have batch normalisation, and
/// `more`.
std::vector<core::ParamSpec> batch_norm_params(const std::vector<core::ParamSpec>& more = {});

/// The same for architectures that take an encoder. Not set, epsilon is PyTorch's when one is chosen, since
/// the encoder's own is, and Keras' otherwise; the momentum is 0.9, but Keras' 0.99 at the size published.
std::vector<core::ParamSpec> decoder_batch_norm_params(const std::vector<core::ParamSpec>& more = {});

/// "dropout", a rate in [0, 1).
core::ParamSpec dropout_param(const core::Json& default_value, const std::string& help);
/// The same where the size decides unless it is set: `published` is the rate of the size of that name.
core::ParamSpec dropout_param_of_size(double rate, double published, const std::string& help);

/// The whole network: padding to the stride, the architecture's layers, cropping back to the input's size.
/// Throws core::UserError for an unknown architecture, size, parameter or layer to freeze and for an input
/// that is smaller than the stride.
Graph build_graph(const NetworkOptions& options);

/// What `message` an input of this size deserves, empty when it is large enough. `network` is for the
/// message: "unet full".
std::string too_small_for(std::string_view network, int stride, std::int64_t height, std::int64_t width);

}  // namespace segbench::architectures
