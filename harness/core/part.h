// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"

namespace segbench::core {

/// What a study can choose by name. Every part of Segbench is described by a PartSpec that links no heavy
/// library, so that the command line can validate, list and document it; its implementation stands in the
/// file beside it.
enum class PartKind { kArchitecture, kEncoder, kLoss, kOptimizer, kAugmentation, kDataSet };

/// "architecture", "encoder", "loss", "optimizer", "augmentation", "data set".
std::string_view to_string(PartKind kind);
/// "architectures", "losses", …
std::string plural(PartKind kind);

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
};

/// One parameter of a part: drives validation, `--help`-like listings and the stored, fully resolved
/// settings.
struct ParamSpec {
  std::string name;
  std::uint32_t types = kNumber;
  /// Json() (null) as default means "not set" and is stored as null; an absent default makes the parameter
  /// required.
  std::optional<Json> default_value = {};
  std::string help = {};
  std::optional<double> minimum = {};  ///< for numbers and the items of number lists
  std::optional<double> maximum = {};
  bool exclusive_minimum = false;         ///< true: value > minimum
  bool exclusive_maximum = false;         ///< true: value < maximum
  std::vector<std::string> choices = {};  ///< for strings and the items of string lists; empty: any string
  /// The strings allowed are the names of all parts of this kind (looked up when a value is checked, since
  /// parts register themselves in any order); `choices` is empty then.
  std::optional<PartKind> choices_of = {};
  /// For a parameter that is null by default: what null stands for, given the part's parameters and a
  /// resolved variant (variant.h). It is filled in when a study is read, so that a stored variant says what
  /// it used and writing the value out makes the same variant. Empty, or returning null: null has a meaning
  /// of its own.
  std::function<Json(const Json& params, const Json& variant)> when_null = {};
};

/// The strings that a parameter may be: its choices, or the names that `choices_of` stands for; empty: any
/// string.
std::vector<std::string> choices_for(const ParamSpec& spec);

/// What is wrong with a resolved variant in the eyes of one part: the dotted key to blame and the sentence to
/// print.
struct PartProblem {
  std::string key;
  std::string message;
};

struct PartSpec {
  PartKind kind;
  std::string name;
  std::string summary = {};  ///< one line
  std::string source = {};   ///< paper or library that defines it
  std::vector<ParamSpec> params = {};
  /// Facts that other rooms ask for, e.g. {"head": "sigmoid"} of a loss.
  Json traits = Json::object();
  /// Contradictions with the rest of a resolved variant (see variant.h for its layout); may be empty.
  std::function<std::vector<PartProblem>(const Json& variant)> check = {};
};

/// All parts of all kinds. The only global state of Segbench; filled before main() by file-scope
/// PartRegistration objects and never changed afterwards.
class PartRegistry {
 public:
  static PartRegistry& instance();

  /// Throws InternalError when the kind already has a part of this name.
  void add(PartSpec spec);
  /// nullptr when there is none.
  const PartSpec* find(PartKind kind, std::string_view name) const;
  /// Throws UserError that lists what is allowed and the nearest name.
  const PartSpec& get(PartKind kind, std::string_view name) const;
  /// Sorted by name.
  std::vector<const PartSpec*> all(PartKind kind) const;
  std::vector<std::string> names(PartKind kind) const;

 private:
  std::vector<PartSpec> parts_;
};

/// Registers a part at program start: `const PartRegistration unet{{.kind = …}};` in an anonymous namespace.
struct PartRegistration {
  explicit PartRegistration(PartSpec spec);
};

/// `params` (an object) with every absent parameter of the part set to its default. Throws UserError when a
/// required one is absent.
Json with_defaults(const PartSpec& spec, Json params);

/// Parameters that are null and stand for a value in this variant (ParamSpec::when_null) become that value.
void settle_params(const PartSpec& spec, const Json& variant, Json& params);

/// What is wrong with `value` for this parameter, as "must be …, but is …"; empty when it is fine.
std::optional<std::string> check_param(const ParamSpec& spec, const Json& value);

/// "integer from 1", "one of: mean, sum", "number > 0" …: the sentence after "allowed:".
std::string describe_allowed(const ParamSpec& spec);

}  // namespace segbench::core
