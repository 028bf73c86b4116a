// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/part.h"

namespace segbench::core {

/// One setting of a file: its place there and in stored JSON, what it may be, and where it lies in a struct.
/// Reading, checking, storing, printing and documenting settings go over tables of these.
template <typename Owner>
struct Field {
  std::string table;  ///< dotted: "training", "data.splits"
  ParamSpec spec;     ///< `name` is the key within the table; `default_value` is in the stored form
  /// The stored form: JSON as in a resolved variant.
  std::function<Json(const Owner&)> get = {};
  std::function<void(Owner&, const Json&)> set = {};
  bool sparse = false;  ///< not stored while it has its default, so that older variants keep their identity
  bool speaks = false;  ///< its values are understood without their key: "unet", not "architecture=unet"

  std::string key() const { return table + "." + spec.name; }
  bool is_part() const { return spec.part_of && (spec.types & kPart) != 0; }
};

/// The stored form of a member, and back. Specialised for types that JSON does not have.
template <typename Value>
struct FieldValue {
  static Json write(const Value& value) { return value; }
  static Value read(const Json& json) { return json.get<Value>(); }
};

/// Null where there is none.
template <typename Value>
struct FieldValue<std::optional<Value>> {
  static Json write(const std::optional<Value>& value) {
    return value ? FieldValue<Value>::write(*value) : Json();
  }
  static std::optional<Value> read(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(FieldValue<Value>::read(json));
  }
};

/// The field that is a member of the owner itself.
template <typename Owner, typename Value>
Field<Owner> field(std::string table, Value Owner::*member, ParamSpec spec) {
  return {.table = std::move(table),
          .spec = std::move(spec),
          .get = [member](const Owner& owner) { return FieldValue<Value>::write(owner.*member); },
          .set = [member](Owner& owner, const Json& json) { owner.*member = FieldValue<Value>::read(json); }};
}

/// The field that is a member of a part of the owner.
template <typename Owner, typename Section, typename Value>
Field<Owner> field(std::string table, Section Owner::*section, Value Section::*member, ParamSpec spec) {
  return {
      .table = std::move(table),
      .spec = std::move(spec),
      .get = [=](const Owner& owner) { return FieldValue<Value>::write(owner.*section.*member); },
      .set = [=](Owner& owner, const Json& json) { owner.*section.*member = FieldValue<Value>::read(json); }};
}

/// The table at a dotted path, made where it is not there.
Json& table_at(Json& json, std::string_view path);

/// The specifications of the fields of one table, in order.
template <typename Owner>
std::vector<ParamSpec> specs_of(const std::vector<Field<Owner>>& fields, std::string_view table) {
  std::vector<ParamSpec> specs;
  for (const Field<Owner>& field : fields) {
    if (field.table == table) specs.push_back(field.spec);
  }
  return specs;
}

}  // namespace segbench::core
