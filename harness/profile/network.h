// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "architectures/networks/network.h"
#include "harness/core/json.h"
#include "harness/core/pixel_range.h"
#include "harness/study/profile.h"

namespace segbench::profile {

/// Where a network of a profile comes from.
enum class Origin { kFresh, kTrial, kOnnxFile, kTorchScriptFile };

/// A network at one image size: what its engines' files are written from.
struct Network {
  std::string label;  ///< "unet small", "unet small ×0.5", "voc unet small seed 1", "model.onnx"
  Origin origin = Origin::kFresh;
  std::filesystem::path file = {};   ///< of kOnnxFile and kTorchScriptFile
  std::filesystem::path trial = {};  ///< of kTrial: its folder
  std::int64_t channels = 3, height = 0, width = 0, outputs = 0;
  std::string normalise;                                      ///< how pixels become its input
  core::PixelRange range = {};                                ///< what its samples mean
  core::Json settings;                                        ///< that tell it from others, for the record
  std::optional<architectures::NetworkOptions> options = {};  ///< where we know its layers
};

/// What `text` of profile.models means at a width and an image size. Throws core::UserError for what is no
/// network.
Network find_network(const std::string& text, double width, const std::string& resolution,
                     const study::ProfileSettings& settings, const std::filesystem::path& runs);

/// The network of a trial, at an image size. Throws core::UserError where its weights are unusable or its
/// network is read from a file.
Network trial_network(const std::filesystem::path& trial, std::int64_t height, std::int64_t width);

/// What it costs by its graph (results/profiles/log.h, "networks"); null of a foreign file, whose layers are
/// not known.
core::Json describe_cost(const Network& network);

/// Whether the width counts: it does for fresh weights alone.
bool has_width(const std::string& text);

/// Writes the network's files as they are asked for, once each.
class NetworkFiles {
 public:
  NetworkFiles(Network network, std::filesystem::path folder, std::uint64_t seed);
  ~NetworkFiles();
  NetworkFiles(NetworkFiles&&) noexcept;

  const Network& network() const { return network_; }
  /// The formats (engines::formats) that it comes in.
  std::vector<std::string> formats() const;
  /// The file in a format, for batches of this size.
  std::filesystem::path file(const std::string& format, std::int64_t batch);

 private:
  struct Tensors;
  const Tensors& tensors();
  const std::filesystem::path& segbench_file();

  Network network_;
  std::filesystem::path folder_, segbench_file_;
  std::uint64_t seed_;
  std::unique_ptr<Tensors> tensors_;
};

}  // namespace segbench::profile
