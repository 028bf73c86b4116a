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
  json = {{"group", panel.group}, {"index", panel.index},
          {"id", panel.id},       {"disagreement", panel.disagreement},
          {"note", panel.note},   {"tiles", panel.tiles}};
}

/// Columns, not rows: a split may have many thousand images.
static Json comparison_json(const ImageComparison& pair) {
  Json json = {{"candidate", pair.candidate},
               {"reference", pair.reference},
               {"trials", pair.trials},
               {"better", pair.better},
               {"worse", pair.worse},
               {"undefined", pair.undefined},
               {"index", Json::array()},
               {"image", Json::array()},
               {"candidate_score", Json::array()},
               {"reference_score", Json::array()},
               {"difference", Json::array()}};
  for (const ImageDifference& line : pair.lines) {
    json["index"].push_back(line.index);
    json["image"].push_back(line.id);
    json["candidate_score"].push_back(line.candidate);
    json["reference_score"].push_back(line.reference);
    json["difference"].push_back(line.difference);
  }
  return json;
}

static Json hard_json(const HardImages& hard) {
  Json json = {{"trials", hard.trials}, {"images", hard.images}, {"hardest", Json::array()}};
  for (const HardImage& image : hard.lines)
    json["hardest"].push_back({{"index", image.index},
                               {"id", image.id},
                               {"best", image.best},
                               {"mean", image.mean},
                               {"best_variant", image.best_variant}});
  return json;
}

static Json class_difference_json(const ClassDifference& difference) {
  Json json = conclusions::difference_json(difference.pair);
  json.erase("evidence");
  json.update({{"class", difference.class_name},
               {"p_t", core::or_null(difference.p_t)},
               {"p_holm", core::or_null(difference.p_holm)}});
  return json;
}

static Json times_json(const TimeParts& parts) {
  return {{"variant", parts.variant},
          {"training", conclusions::quantity_json(parts.training)},
          {"waiting", conclusions::quantity_json(parts.waiting)},
          {"evaluation", conclusions::quantity_json(parts.evaluation)},
          {"rest", conclusions::quantity_json(parts.rest)}};
}

static Json latency_json(const conclusions::LatencyFront& latency) {
  Json json = {{"what", latency.what}, {"trials", latency.front.trials}, {"variants", Json::array()}};
  for (const Front::Line& line : latency.front.lines)
    json["variants"].push_back({{"variant", line.variant},
                                {"seconds", line.cost},
                                {"score", line.score},
                                {"is_on", line.is_on},
                                {"probability", line.probability}});
  return json;
}

static Json study_json(const StudyPart& part) {
  Json json = {{"name", part.name},         {"question", part.question}, {"standing", part.standing},
               {"headline", part.headline}, {"claims", part.claims},     {"planned", part.planned},
               {"complete", part.complete}, {"variants", Json::array()}};
  for (const auto& [id, label] : part.variants)
    json["variants"].push_back({{"variant", id}, {"label", label}});
  return json;
}

template <typename Item>
static Json list_json(const std::vector<Item>& items, Json (*convert)(const Item&)) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(convert(item));
  return list;
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
          {"method", measurement.method},
          {"seeds", measurement.seeds}};
}

Json to_json(const ReportModel& model) {
  Json json = to_json(static_cast<const conclusions::Conclusions&>(model));
  json.update({{"schema", 3},
               {"by_image", list_json(model.by_image, comparison_json)},
               {"hard_images", hard_json(model.hard)},
               {"by_class", list_json(model.by_class, class_difference_json)},
               {"times", list_json(model.times, times_json)},
               {"latencies", list_json(model.latencies, latency_json)},
               {"panels", model.panels},
               {"panels_note", model.panels_note},
               {"measurement", model.measurement},
               {"commands", model.commands},
               {"source_file", model.source_file},
               {"source", model.source}});
  if (!model.studies.empty()) json["studies"] = list_json(model.studies, study_json);
  return json;
}

}  // namespace segbench::reports
