// SPDX-License-Identifier: MIT
#include "reports/model/model.h"

#include "harness/core/optional_json.h"

namespace segbench::reports {

using core::Json;

// Found by argument-dependent look-up, so that vectors of these convert too.

static void to_json(Json& json, const PanelTile& tile) {
  json = {{"variant", tile.variant}, {"trial", tile.trial}, {"score", core::or_null(tile.score)}};
  if (tile.epoch) json["epoch"] = *tile.epoch;
}

static void to_json(Json& json, const Panel& panel) {
  json = {
      {"index", panel.index}, {"id", panel.id}, {"disagreement", panel.disagreement}, {"tiles", panel.tiles}};
}

static void to_json(Json& json, const Fact& fact) {
  json = {{"name", fact.name}, {"value", fact.value}};
  if (!fact.trials.empty()) json["trials"] = fact.trials;
}

static void to_json(Json& json, const SplitPixels& split) {
  json = {{"split", split.split}, {"images", core::or_null(split.images)}, {"pixels", split.pixels}};
}

static void to_json(Json& json, const Measurement& measurement) {
  json = {{"data", measurement.data},
          {"settings", measurement.settings},
          {"environment", measurement.environment},
          {"class_names", measurement.class_names},
          {"class_colours", measurement.class_colours},
          {"class_pixels", measurement.class_pixels},
          {"audit_warnings", measurement.audit_warnings},
          {"selection_rule", measurement.selection_rule},
          {"seeds", measurement.seeds}};
}

Json to_json(const ReportModel& model) {
  Json json = to_json(static_cast<const conclusions::Conclusions&>(model));
  json.update({{"schema", 2},
               {"panels", model.panels},
               {"panels_note", model.panels_note},
               {"measurement", model.measurement},
               {"commands", model.commands},
               {"source_file", model.source_file},
               {"source", model.source}});
  return json;
}

}  // namespace segbench::reports
