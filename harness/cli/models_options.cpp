// SPDX-License-Identifier: MIT
#include "harness/cli/models_options.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::cli {
namespace {

/// A value as TOML has it where JSON agrees (numbers, true, lists), else the text itself.
core::Json value_of(const std::string& text) {
  const core::Json value = core::Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? core::Json(text) : value;
}

}  // namespace

architectures::NetworkOptions network_options(const ModelsOptions& options, const std::string& name,
                                              const std::string& size, bool with_params) {
  const std::vector<std::string> sides = core::split(options.input, 'x');
  architectures::NetworkOptions network;
  network.architecture = name;
  network.size = size;
  network.width = options.width;
  network.in_channels = options.channels;
  network.num_outputs = options.classes;
  network.image_height = std::stoi(sides.at(0));
  network.image_width = std::stoi(sides.at(1));
  if (!with_params) return network;
  if (!options.encoder.empty()) network.params["encoder"] = options.encoder;
  if (options.output_stride > 0) network.params["output_stride"] = options.output_stride;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw core::UserError(
          fmt::format("--set needs KEY=VALUE, such as dropout=0.1, but is \"{}\"", setting));
    }
    std::string key = setting.substr(0, equals);
    if (key.starts_with("model.")) key.erase(0, 6);
    network.params[key] = value_of(setting.substr(equals + 1));
  }
  return network;
}

std::string check_image_size(const std::string& text) {
  const std::vector<std::string> sides = core::split(text, 'x');
  bool good = sides.size() == 2;
  for (const std::string& side : sides) {
    good = good && !side.empty() && side.size() <= 5 &&
           side.find_first_not_of("0123456789") == std::string::npos && std::stoi(side) > 0;
  }
  return good
             ? ""
             : fmt::format("\"{}\" is not an image size; write HEIGHTxWIDTH in pixels, such as 128x96", text);
}

}  // namespace segbench::cli
