// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"

namespace segbench::study {

/// Where something stands: a file with line and column (from 1), or an option such as "--set
/// training.epochs=2" with line 0.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

enum class NodeType { kBoolean, kInteger, kNumber, kString, kDate, kArray, kTable };

/// A value of an experiment file together with the place where it stands. Tables keep the order of the file.
struct Node {
  NodeType type = NodeType::kTable;
  std::string key = {};             ///< within a table; "" of an item of an array
  Place place = {};                 ///< of the value
  Place key_place = {};             ///< of the key; of an item of an array that of the item
  core::Json scalar = {};           ///< of a boolean, integer, number or string; the text of a date
  std::vector<Node> children = {};  ///< entries of a table, items of an array
  bool braced = false;              ///< a table in braces, as opposed to one by a header or a dotted key
  bool implied = false;  ///< the key is not written: the value stands where the table should (part_table())
  bool whole = false;    ///< merging replaces what is there by this table instead of merging into it

  bool is_table() const { return type == NodeType::kTable; }
  bool is_array() const { return type == NodeType::kArray; }
  bool is_string() const { return type == NodeType::kString; }
  /// The text of a string; "" of anything else.
  std::string string() const { return is_string() ? scalar.get<std::string>() : std::string(); }
  /// The entry of a table; nullptr when there is none.
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
  /// Removes the entry of a table if it is there.
  void erase(std::string_view name);
};

/// The value as JSON. A date, which no setting takes, becomes a binary value, so that no check accepts it.
core::Json to_json(const Node& node);

/// The value as it would stand in an experiment file, cut off after about 60 characters: for messages.
std::string describe(const Node& node);
/// JSON in TOML's notation, on one line; null is left out of tables. For messages and for printing settings.
std::string toml_text(const core::Json& value);
/// A key in TOML's notation: bare where that is allowed, quoted otherwise.
std::string toml_key(std::string_view key);

}  // namespace segbench::study
