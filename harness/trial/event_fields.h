// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::trial {

/// A JSON value that is not what it should be; caught by whoever reads the line, never leaves a reader.
struct BadValue : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An integer in [minimum, maximum]; `what` names it in the message.
std::int64_t checked_integer(const core::Json& value, const std::string& what, std::int64_t minimum,
                             std::int64_t maximum);

/// Typed access to the keys of one JSON object. Each throws BadValue naming the key, what was found and what
/// is allowed.
class EventFields {
 public:
  explicit EventFields(const core::Json& object) : object_(object) {}

  std::int64_t integer(const std::string& key, std::int64_t minimum = 0,
                       std::int64_t maximum = std::numeric_limits<std::int64_t>::max()) const;
  double number(const std::string& key) const;  ///< finite
  std::string text(const std::string& key) const;
  /// One of `allowed`.
  std::string choice(const std::string& key, const std::vector<std::string>& allowed) const;
  const core::Json& array(const std::string& key) const;
  // The same for keys that may be absent or null.
  std::optional<std::int64_t> optional_integer(const std::string& key, std::int64_t minimum = 0) const;
  std::optional<double> optional_number(const std::string& key) const;
  std::optional<std::string> optional_text(const std::string& key) const;
  /// The object under `key`; an empty one when there is none.
  EventFields object(const std::string& key) const;
  bool has(const std::string& key) const;

 private:
  const core::Json& at(const std::string& key) const;
  const core::Json& object_;
};

}  // namespace segbench::trial
