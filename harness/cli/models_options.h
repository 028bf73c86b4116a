// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/networks/network.h"

namespace segbench::cli {

/// What `segbench models` was asked for.
struct ModelsOptions {
  std::string name, size, encoder;
  std::string input = "128x128";
  int classes = 21, channels = 3, output_stride = 0;
  double width = 1.0;
  std::vector<std::string> settings;  ///< "dropout=0.5", as in [model] of an experiment file
  bool encoders = false, check = false;
};

/// A network of an architecture and size at the options' channels, classes, input and width; `with_params`
/// adds
/// --encoder, --output-stride and --set. Throws core::UserError for a setting that is no KEY=VALUE.
architectures::NetworkOptions network_options(const ModelsOptions& options, const std::string& name,
                                              const std::string& size, bool with_params);

/// The message that an image size deserves, "" when it is HEIGHTxWIDTH.
std::string check_image_size(const std::string& text);

}  // namespace segbench::cli
