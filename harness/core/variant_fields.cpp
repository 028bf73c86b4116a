// SPDX-License-Identifier: MIT
#include "harness/core/variant_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"
#include "harness/core/variant_field_tables.h"

namespace segbench::core {

const std::vector<VariantField>& variant_fields() {
  static const std::vector<VariantField> kFields = [] {
    std::vector<VariantField> fields;
    for (auto&& table : {data_fields(), model_fields(), training_fields(), update_fields(), process_fields(),
                         stopping_fields(), inference_fields(), evaluation_fields()})
      fields.insert(fields.end(), table.begin(), table.end());
    return fields;
  }();
  return kFields;
}

Json& table_at(Json& json, std::string_view path) {
  Json* table = &json;
  for (const std::string& step : split(path, '.')) table = &(*table)[step];
  return *table;
}

const VariantField* find_variant_field(std::string_view key) {
  const std::vector<VariantField>& fields = variant_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const VariantField& field) { return field.key() == key; });
  return found == fields.end() ? nullptr : &*found;
}

void visit_variant_parts(
    Json& variant,
    const std::function<void(PartKind, const std::string&, const std::string&, Json&)>& visit) {
  Json& data = variant.at("data");
  Json& model = variant.at("model");
  visit(PartKind::kDataSet, data.at("kind"), "data", data.at("params"));
  visit(PartKind::kArchitecture, model.at("architecture"), "model", model.at("params"));
  for (const VariantField& field : variant_fields()) {
    if (!field.spec.part_of) continue;
    const auto table = variant.find(field.table);
    if (table == variant.end() || !table->contains(field.spec.name)) continue;
    Json* value = &table->at(field.spec.name);
    if (value->is_object()) visit(*field.spec.part_of, value->at("name"), field.key(), *value);
    if (!value->is_array()) continue;
    for (std::size_t i = 0; i < value->size(); ++i) {
      Json& item = (*value)[i];
      visit(*field.spec.part_of, item.at("name"), fmt::format("{}[{}]", field.key(), i), item);
    }
  }
}

}  // namespace segbench::core
