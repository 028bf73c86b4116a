// SPDX-License-Identifier: MIT
#include "harness/study/resolved.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/optional_json.h"
#include "harness/core/version.h"
#include "harness/study/merge.h"
#include "harness/study/node.h"
#include "harness/study/resolve.h"
#include "harness/study/search.h"
#include "harness/study/select.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;

Json run_json(const RunSettings& run) {
  Json json = Json::object();
  for (const core::Field<RunSettings>& field : run_fields()) json[field.spec.name] = field.get(run);
  return json;
}

Json variants_json(const Study& study) {
  Json variants = Json::array();
  for (const core::Variant& variant : study.variants) {
    variants.push_back({{"id", variant.id},
                        {"label", variant.label},
                        {"axes", variant.axes},
                        {"config", core::to_json(variant.config)}});
  }
  return variants;
}

enum class Parts {
  kWhole,  ///< taken whole or not at all, so that no parameter meets the wrong part
  kDrawn,  ///< of the same name: as far as they are alike, since draws set the rest
};

/// What every variant has alike.
Json common_settings(const std::vector<Json>& layouts, const Json& first, const std::string& path,
                     Parts parts) {
  Json common = Json::object();
  for (const auto& [key, value] : first.items()) {
    const std::string below = path.empty() ? key : fmt::format("{}.{}", path, key);
    const bool same = std::all_of(layouts.begin(), layouts.end(), [&](const Json& layout) {
      const Json* other = value_at(layout, below);
      return other != nullptr && *other == value;
    });
    if (same) {
      common[key] = value;
    } else if (value.is_object() && (parts == Parts::kDrawn || !part_kind_at(below))) {
      Json below_it = common_settings(layouts, value, below, parts);
      if (!part_kind_at(below) || below_it.contains("name")) common[key] = std::move(below_it);
    }
  }
  return common;
}

/// The settings that are not among the common ones, as dotted keys.
void add_own_settings(const Json& settings, const Json& common, const std::string& path, Json& own) {
  for (const auto& [key, value] : settings.items()) {
    const std::string below = path.empty() ? key : fmt::format("{}.{}", path, key);
    const auto found = common.find(key);
    if (found == common.end()) {
      if (!value.is_null()) own[below] = value;
    } else if (*found == value) {
      continue;
    } else if (value.is_object() && !part_kind_at(below)) {
      add_own_settings(value, *found, below, own);
    } else if (!value.is_null()) {
      own[below] = value;  // draws have it alike, but not the variants beside them
    }
  }
}

std::string entries(const Json& table) {
  std::string text;
  for (const auto& [key, value] : table.items()) {
    if (!value.is_null()) text += fmt::format("{} = {}\n", toml_key(key), toml_text(value));
  }
  return text;
}

/// A claim or a published number without the variants that it was found to speak of.
Json as_written(Json entry) {
  for (const char* name : {"candidate", "reference", "variant"}) {
    if (!entry.contains(name)) continue;
    entry[name] = entry[std::string(name) + "_label"];
    entry.erase(std::string(name) + "_id");
    entry.erase(std::string(name) + "_label");
  }
  if (const auto causes = entry.find("explained_by"); causes != entry.end()) {
    for (Json& cause : *causes) cause = cause.at("variant_label");
  }
  return entry;
}

}  // namespace

Json resolved_json(const Study& study) {
  Json json = {{"schema", 1},
               {"name", study.name},
               {"question", study.question},
               {"margin", core::or_null(study.margin)},
               {"seeds", study.seeds},
               {"run", run_json(study.run)},
               {"claims", study.claims},
               {"published", study.published},
               {"variants", variants_json(study)}};
  if (study.until)
    json["until"] = {{"first_look", study.until->first_look}, {"look_every", study.until->look_every}};
  if (study.search) json["search"] = to_json(*study.search);
  return json;
}

std::string resolved_toml(const Study& study) {
  std::vector<Json> layouts;
  std::vector<const core::Variant*> trained, ensembles;
  for (const core::Variant& variant : study.variants)
    (variant.config.ensemble.empty() ? trained : ensembles).push_back(&variant);
  for (const core::Variant* variant : trained) layouts.push_back(written_layout(variant->config));
  // Draws are told by their ranges; the variants beside them differ from what all draws have alike.
  const std::size_t draws = study.search ? study.search->draws : 0;
  const auto drawn_end = layouts.begin() + static_cast<std::ptrdiff_t>(draws);
  const Json common = draws > 0
                          ? common_settings({layouts.begin(), drawn_end}, layouts.at(0), "", Parts::kDrawn)
                          : common_settings(layouts, layouts.at(0), "", Parts::kWhole);
  std::string text =
      fmt::format("schema = 1\nname = {}\nquestion = {}\n", toml_text(study.name), toml_text(study.question));
  if (study.margin) text += fmt::format("margin = {}\n", toml_text(*study.margin));
  for (const std::string_view section : kSections) {
    const std::string settings = entries(common.value(std::string(section), Json::object()));
    if (!settings.empty()) text += fmt::format("\n[{}]\n{}", section, settings);
  }
  text += fmt::format("\n[trials]\nseeds = {}\n", toml_text(study.seeds));
  if (study.until)
    text += fmt::format("until = \"decided\"\nfirst_look = {}\nlook_every = {}\n", study.until->first_look,
                        study.until->look_every);
  text += fmt::format("\n[run]\n{}", entries(run_json(study.run)));
  if (study.search) text += search_toml(*study.search);
  for (std::size_t i = draws; i < layouts.size(); ++i) {
    Json own = Json::object();
    add_own_settings(layouts[i], common, "", own);
    text += fmt::format("\n[[variant]]  # id {}\nlabel = {}\n{}", trained[i]->id,
                        toml_text(trained[i]->label), entries(own));
  }
  for (const core::Variant* ensemble : ensembles) {
    Json members = Json::array();
    for (const core::Variant* variant : trained) {
      const std::vector<std::string>& ids = ensemble->config.ensemble;
      if (std::find(ids.begin(), ids.end(), variant->id) != ids.end()) members.push_back(variant->label);
    }
    text += fmt::format("\n[[ensemble]]  # id {}\nlabel = {}\nvariants = {}\n", ensemble->id,
                        toml_text(ensemble->label), toml_text(members));
    if (ensemble->config.ensemble_seeds > 1)
      text += fmt::format("seeds = {}\n", ensemble->config.ensemble_seeds);
  }
  for (const Json& claim : study.claims) text += "\n[[claim]]\n" + entries(as_written(claim));
  for (const Json& number : study.published) text += "\n[[published]]\n" + entries(as_written(number));
  return text;
}

Json study_json(const Study& study, const std::vector<std::string>& trials, const Json& audit,
                const std::string& command) {
  Json json = resolved_json(study);
  json["source"] = study.source;
  json["source_file"] = study.file.string();
  json["overrides"] = study.overrides;
  json["trials"] = trials;
  json["audit"] = audit;
  json["segbench_version"] = core::kVersion;
  json["command"] = command;
  return json;
}

}  // namespace segbench::study
