// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "harness/study/node.h"

namespace segbench::study {

/// Reads TOML (toml.io, version 1.0). `file` names the text in places. Throws core::UserError with the place
/// when the text is no TOML, or is nested deeper than any experiment file needs.
Node read_toml(std::string_view text, const std::string& file);

/// An override "key=value": a dotted key, and a value laid over what stands there.
struct Override {
  std::string text;  ///< as given
  std::string path;  ///< dotted, quotes removed
  Node value;        ///< every place is "--set key=value"
};

/// Reads "key=value" with a value in TOML's notation; what is no TOML value and does not begin like a list, a
/// table or a quoted string is taken as a string (`training.optimizer.name=sgd`). Throws core::UserError.
Override read_override(const std::string& text);

}  // namespace segbench::study
