// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/param.h"
#include "harness/core/part_kind.h"

namespace segbench::core {

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

}  // namespace segbench::core
