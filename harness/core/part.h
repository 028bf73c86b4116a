// SPDX-License-Identifier: MIT
#pragma once

#include <array>
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
enum class PartKind { kArchitecture, kEncoder, kLoss, kOptimizer, kSchedule, kAugmentation, kDataSet };

/// All of them, in the order in which they are listed.
inline constexpr std::array kPartKinds = {
    PartKind::kDataSet,   PartKind::kArchitecture, PartKind::kEncoder,     PartKind::kLoss,
    PartKind::kOptimizer, PartKind::kSchedule,     PartKind::kAugmentation};

/// "architecture", "encoder", "loss", "optimizer", "schedule", "augmentation", "data set".
std::string_view to_string(PartKind kind);
/// "architectures", "losses", …
std::string plural(PartKind kind);
/// "a loss", "an encoder", …
std::string with_article(PartKind kind);

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
  kPart = 128,      ///< {"name": …, parameters …} of the kind ParamSpec::part_of
  kPartList = 256,  ///< at least one of them, each with ParamSpec::item_params beside its own parameters
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
  std::optional<PartKind> part_of = {};  ///< of kPart and kPartList: the kind that a value is a part of
  /// Of kPartList: what an item may say beside the parameters of its part, such as a weight.
  std::vector<ParamSpec> item_params = {};
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
  /// Facts that other rooms ask for, e.g. {"head": "sigmoid"} of a loss. See traits_of().
  Json traits = Json::object();
  /// Traits that follow from the part's parameters (defaults filled in), laid over `traits`; may be empty.
  std::function<Json(const Json& params)> param_traits = {};
  /// Contradictions among the part's parameters, or with the rest of a resolved variant (see variant.h for
  /// its layout); may be empty. A key that begins with a dot is one of the part itself: ".momentum".
  std::function<std::vector<PartProblem>(const Json& params, const Json& variant)> check = {};
  /// A list written where a part of this kind may stand means this part with the list as this parameter; ""
  /// of all others. One part a kind.
  std::string list_param = {};
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
  /// The part that a list stands for (PartSpec::list_param); nullptr where the kind has none.
  const PartSpec* list_part(PartKind kind) const;

 private:
  std::vector<PartSpec> parts_;
};

/// Registers a part at program start: `const PartRegistration unet{{.kind = …}};` in an anonymous namespace.
struct PartRegistration {
  explicit PartRegistration(PartSpec spec);
};

/// `params` (an object) with every absent parameter of the part, and of the parts among them, set to its
/// default. Throws UserError when a required one is absent, or a part is not known.
Json with_defaults(const PartSpec& spec, Json params);

/// Calls `visit` for each part among the parameters of a part (not for those among theirs): `key` is "base",
/// or "terms[1]" of a list's second item.
void visit_parts(
    const PartSpec& spec, Json& params,
    const std::function<void(const ParamSpec& param, const std::string& key, Json& part)>& visit);

/// What a part is beside its name: its traits, with those that follow from its parameters (PartSpec::
/// param_traits). Absent parameters count with their default.
Json traits_of(const PartSpec& spec, const Json& params);

/// The parameters as they are listed: those of a list's items follow it as "terms[].weight".
std::vector<ParamSpec> listed_params(const PartSpec& spec);

/// Parameters that are null and stand for a value in this variant (ParamSpec::when_null) become that value,
/// in the parts among them too.
void settle_params(const PartSpec& spec, const Json& variant, Json& params);

/// A value that is allowed, in the one way in which it is stored: integers as numbers where numbers are
/// taken, so that 1 and 1.0 are the same, and -0.0 as 0.0.
Json canonical_value(const ParamSpec& spec, Json value);

/// What is wrong with `value` for this parameter, as "must be …, but is …"; empty when it is fine.
std::optional<std::string> check_param(const ParamSpec& spec, const Json& value);

/// "integer from 1", "one of: mean, sum", "number > 0" …: the sentence after "allowed:".
std::string describe_allowed(const ParamSpec& spec);

}  // namespace segbench::core
