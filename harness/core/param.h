// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/part_kind.h"

namespace segbench::core {

/// The JSON types that a parameter takes, as bits: a value may be allowed to be, say, a string or a list of
/// numbers.
enum ParamType : std::uint32_t {
  kBool = 1,
  kInteger = 2,
  kNumber = 4,  ///< an integer is a number too
  kString = 8,
  kIntegerList = 16,
  kNumberList = 32,
  kStringList = 64,
  kPart = 128,        ///< {"name": …, parameters …} of the kind ParamSpec::part_of
  kPartList = 256,    ///< at least one of them, each with ParamSpec::item_params beside its own parameters
  kFile = 512,        ///< {"path", "sha256"}; in an experiment file its path
  kFolder = 1024,     ///< a path
  kTable = 2048,      ///< a table of an experiment file
  kTableList = 4096,  ///< a list of them
};

/// One parameter of a part: drives validation, `--help`-like listings and the stored, fully resolved
/// settings.
struct ParamSpec {
  std::string name;
  std::uint32_t types = kNumber;
  /// Json() (null) as default means "not set" and is stored as null; an absent default makes the parameter
  /// required.
  std::optional<Json> default_value = {};
  /// What ids take for granted (identity.h): the default that the parameter came with, or what the part did
  /// before it had it. Said only where the default is another one today, so that ids stay.
  std::optional<Json> base = {};
  std::string help = {};
  std::optional<double> minimum = {};  ///< for numbers and the items of number lists
  std::optional<double> maximum = {};
  bool exclusive_minimum = false;         ///< true: value > minimum
  bool exclusive_maximum = false;         ///< true: value < maximum
  std::vector<std::string> choices = {};  ///< for strings and the items of string lists; empty: any string
  bool free_items = false;  ///< `choices` are for a string alone: the items of a string list may be any
  /// The strings allowed are the names of all parts of this kind (looked up when a value is checked, since
  /// parts register themselves in any order); `choices` is empty then.
  std::optional<PartKind> choices_of = {};
  std::optional<PartKind> part_of = {};  ///< of kPart and kPartList: the kind that a value is a part of
  /// Of kPartList: what an item may say beside the parameters of its part, such as a weight.
  std::vector<ParamSpec> item_params = {};
  /// For a parameter that is null by default: what null stands for, given the part's parameters and a
  /// resolved variant (variant.h). It is filled in when a study is read, so that a stored variant says what
  /// it used and writing the value out makes the same variant. Empty, or returning null: null has a meaning
  /// of its own.
  std::function<Json(const Json& params, const Json& variant)> when_null = {};
  /// For one that is null by default: what an experiment file says for null, which TOML does not have.
  std::optional<std::string> null_word = {};
  /// What null, or a setting that is left out, comes to, in words: "the kind's".
  std::string null_means = {};
};

/// The strings that a parameter may be: its choices, or the names that `choices_of` stands for; empty: any
/// string.
std::vector<std::string> choices_for(const ParamSpec& spec);

/// A value that is allowed, in the one way in which it is stored: integers as numbers where numbers are
/// taken, so that 1 and 1.0 are the same, and -0.0 as 0.0.
Json canonical_value(const ParamSpec& spec, Json value);

/// What is wrong with `value` for this parameter, as "must be …, but is …"; empty when it is fine.
std::optional<std::string> check_param(const ParamSpec& spec, const Json& value);

/// "integer from 1", "one of: mean, sum", "number > 0" …: the sentence after "allowed:".
std::string describe_allowed(const ParamSpec& spec);

}  // namespace segbench::core
