// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "architectures/networks/network.h"
#include "harness/weights/weight_file.h"

// Which tensor of a file goes where in a network.

namespace segbench::weights {

/// A tensor of a network that a file may fill.
struct Target {
  std::string name;  ///< "encoder.layer1.0.conv1.weight"
  std::vector<std::int64_t> shape;
  bool reads_image = false;  ///< the weight [filters, channels, …] of a convolution that reads the image
};

/// The tensors of a network, in definition order. Throws core::UserError like architectures::build_graph().
std::vector<Target> targets_of(const architectures::NetworkOptions& options);

/// One tensor on its way from the file into the network.
struct Transfer {
  std::string from;
  Target to;
  bool is_folded =
      false;  ///< the image has another number of channels than the file's network (fold_channels)
};

/// What a file does for a network.
struct Match {
  /// How names were translated: "one to one", "a classifier as encoder" (NAME to encoder.NAME) or "a
  /// segmentation network" (backbone.NAME to encoder.NAME).
  std::string convention;
  std::vector<Transfer> transfers;
  std::vector<std::string> excluded;  ///< entries of the file that the user left out
  std::vector<std::string> left_out;  ///< heads and counters that the convention leaves out
  std::vector<std::string> kept;      ///< tensors of the network that keep their initial values
  /// What is missing, too much, of another shape or type; one sentence each. Empty: the file fits.
  std::vector<std::string> problems;
};

/// Strict: every tensor of the file must have its place and every tensor that the file is about must be in
/// it; `exclude` holds patterns ('*' any characters, '?' one) for names in the file or in the network that
/// are left alone. Of the three conventions that one is taken under which most names agree. What wrappers put
/// before every name ("module.", "model.", "_orig_mod." and combinations) is ignored.
Match match(const std::map<std::string, Tensor>& file, const std::vector<Target>& network,
            const std::vector<std::string>& exclude);

/// match() for a file that must fit: throws core::UserError with every problem, each naming the file.
Match match_or_throw(const WeightFile& file, const std::vector<Target>& network,
                     const std::vector<std::string>& exclude);

/// The values of a transfer in the target's shape, C order. Throws core::UserError when one is not finite.
std::vector<float> values_of(const WeightFile& file, const Transfer& transfer);

/// Weights [filters, 3, …] of a convolution on RGB for another number of channels: 1 is the sum over RGB, n
/// is R, G, B, R, … scaled by 3 / n, so that the same image in all channels gives the same output.
std::vector<float> fold_channels(const std::vector<float>& rgb, std::int64_t filters, std::int64_t channels);

/// The digits that torchvision's names end with ("resnet50-0676ba61.pth": "0676ba61", the first eight of the
/// file's SHA-256); "" when the name has none.
std::string hash_in_name(const std::string& file_name);

}  // namespace segbench::weights
