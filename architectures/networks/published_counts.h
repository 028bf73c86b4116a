// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "architectures/networks/network.h"

namespace segbench::architectures {

/// Parameters of a network as others count it: what `segbench models --check` and the tests hold ours
/// against.
struct PublishedCount {
  NetworkOptions network;    ///< at 3 input channels
  std::string encoder = "";  ///< set: this encoder alone is meant, not `network`
  /// As Keras counts: with moving statistics. Empty where the source does not say.
  std::optional<std::int64_t> total = {};
  /// Those that training changes. PyTorch's "parameters" are these when nothing is frozen.
  std::optional<std::int64_t> trainable = {};
  std::string source = {};  ///< who counts so
};

const std::vector<PublishedCount>& published_counts();

/// "unet full, 21 classes", "encoder resnet50", "… frozen: encoder".
std::string name_of(const PublishedCount& count);
/// Ours for the same network.
NetworkSummary summarise(const PublishedCount& count);

}  // namespace segbench::architectures
