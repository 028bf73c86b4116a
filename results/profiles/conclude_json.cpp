// SPDX-License-Identifier: MIT
#include "harness/core/optional_json.h"
#include "results/profiles/conclude.h"

namespace segbench::profiles {
namespace {

using core::Json;
using core::or_null;

Json interval_json(const std::optional<statistics::Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

Json row_json(const RowResult& row) {
  Json json = row.facts;
  json["row"] = row.id;
  json["label"] = row.label;
  json["failure"] = row.failure.empty() ? Json() : Json(row.failure);
  json["wrong"] = row.wrong;
  json["rounds"] = row.rounds;
  json["iterations"] = row.iterations;
  json["disturbed_rounds"] = row.disturbed;
  json["median_s"] = or_null(row.median_s);
  json["median_interval_s"] = interval_json(row.median_interval);
  json["p90_s"] = or_null(row.p90_s);
  json["p95_s"] = or_null(row.p95_s);
  json["p99_s"] = or_null(row.p99_s);
  json["end_to_end_s"] = or_null(row.end_to_end_s);
  json["images_per_s"] = or_null(row.throughput);
  json["reference"] = row.reference.empty() ? Json() : Json(row.reference);
  json["ratio"] = row.ratio ? Json(row.ratio->value) : Json();
  json["ratio_interval"] = row.ratio ? interval_json(row.ratio->interval) : Json();
  json["p_holm"] = row.ratio ? or_null(row.ratio->p) : Json();
  json["verdict"] = to_string(row.verdict);
  json["round_medians_s"] = Json::array();
  for (const auto& [round, seconds] : row.round_medians) json["round_medians_s"].push_back(seconds);
  json["parameters"] = or_null(row.parameters);
  json["macs"] = or_null(row.macs);
  json["flops_per_s"] = or_null(row.flops_per_s);
  json["of_roofline"] = or_null(row.of_roofline);
  json["stages_s"] = row.stages;
  json["passes_s"] = row.passes_s;
  json["pass_images"] = row.passes_s.empty() ? Json() : Json(row.pass_images);
  json["published_pass_s"] = or_null(row.published_s);
  json["train_epoch_s"] = or_null(row.train_epoch_s);
  json["score"] = or_null(row.score);
  json["metric"] = row.metric.empty() ? Json() : Json(row.metric);
  json["split"] = row.split.empty() ? Json() : Json(row.split);
  json["startup_s"] = or_null(row.startup_s);
  json["load_s"] = or_null(row.load_s);
  json["first_s"] = or_null(row.first_s);
  json["error"] = or_null(row.error);
  json["labels_differ"] = or_null(row.labels_differ);
  json["peak_bytes"] = or_null(row.peak_bytes);
  json["device_peak_bytes"] = or_null(row.device_peak_bytes);
  json["file_bytes"] = or_null(row.file_bytes);
  json["note"] = row.note;
  json["stationary"] = row.stationary;
  json["best"] = row.best;
  return json;
}

}  // namespace

Json to_json(const ProfileResults& results) {
  Json rows = Json::array();
  for (const RowResult& row : results.rows) rows.push_back(row_json(row));
  return {{"schema", 1},
          {"profile", results.name},
          {"question", results.question},
          {"session", results.session},
          {"finished", results.finished.empty() ? Json() : Json(results.finished)},
          {"attempts", results.attempts},
          {"settings", results.settings},
          {"machine", results.machine},
          {"notes", results.notes},
          {"defects", results.defects},
          {"rows", rows}};
}

}  // namespace segbench::profiles
