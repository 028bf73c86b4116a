// SPDX-License-Identifier: MIT
#include "harness/train/trial_events.h"

#include <cmath>

#include "harness/core/optional_json.h"

namespace segbench::train {
namespace {

using core::Json;

std::int64_t valid_pixels(const std::vector<core::ClassCounts>& counts) {
  std::int64_t sum = 0;
  for (const core::ClassCounts& count : counts) sum += count.tp + count.fn;
  return sum;
}

Json image_event(const EvaluationEvent& about, std::int64_t index, const std::string& id,
                 const std::vector<core::ClassCounts>& counts) {
  Json rows = Json::array();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] != core::ClassCounts{}) rows.push_back({c, counts[c].tp, counts[c].fp, counts[c].fn});
  }
  return {{"epoch", about.epoch},
          {"split", about.split},
          {"index", index},
          {"id", id},
          {"valid_pixels", valid_pixels(counts)},
          {"counts", rows}};
}

}  // namespace

void append_trial_event(trial::EventWriter& events, const core::TrialSpec& spec, const TrialParts& parts,
                        const std::string& initial_weights_sha256) {
  Json names = Json::array(), weights = Json::array(), of_terms = Json::object();
  for (const core::ClassInfo& info : parts.cache.manifest().classes) names.push_back(info.name);
  for (const auto& [term, found] : parts.loss_choice.class_weights) {
    Json& listed = term.empty() ? weights : of_terms[term] = Json::array();
    for (const auto& weight : found) listed.push_back(weight ? Json(*weight) : Json());
  }
  Json trial = {{"schema", 1},
                {"trial_id", spec.trial_id},
                {"variant_id", spec.variant_id},
                {"seed", spec.seed},
                {"data_fingerprint", spec.data_fingerprint},
                {"num_classes", parts.cache.num_classes()},
                {"class_names", names},
                {"parameters", parts.summary.parameters()},
                {"trainable_parameters", parts.summary.trainable},
                {"macs", parts.summary.layers.empty() ? Json() : Json(parts.summary.macs)},
                {"class_weights", weights},
                {"initial_weights_sha256", initial_weights_sha256}};
  if (!of_terms.empty()) trial["class_weights_of_terms"] = std::move(of_terms);
  events.append("trial", std::move(trial));
  if (!parts.pretrained.is_null()) events.append("weights", parts.pretrained);
}

void append_evaluation(trial::EventWriter& events, const EvaluationEvent& about, const Evaluation& evaluation,
                       const core::CacheManifest& manifest, const std::vector<std::int64_t>& samples) {
  const std::vector<core::ClassCounts> counts = evaluation.confusion.class_counts();
  Json tp = Json::array(), fp = Json::array(), fn = Json::array();
  for (const core::ClassCounts& count : counts) {
    tp.push_back(count.tp);
    fp.push_back(count.fp);
    fn.push_back(count.fn);
  }
  const bool has_loss = evaluation.loss && std::isfinite(*evaluation.loss);
  Json event = {{"epoch", about.epoch},
                {"split", about.split},
                {"weights", about.is_final ? "selected" : "current"},
                {"loss", has_loss ? Json(*evaluation.loss) : Json()},
                {"valid_pixels", evaluation.confusion.valid_pixels()},
                {"images", evaluation.images.size()},
                {"tp", tp},
                {"fp", fp},
                {"fn", fn},
                {"timing", {{"evaluate_s", about.seconds}}}};
  if (!evaluation.loss_terms.empty()) event["loss_terms"] = evaluation.loss_terms;
  if (about.is_final) event["confusion"] = evaluation.confusion.cells();
  events.append("evaluation", std::move(event));
  if (!about.is_final) return;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::string& id = manifest.samples[static_cast<std::size_t>(samples[i])].id;
    events.append("image", image_event(about, samples[i], id, evaluation.images[i]));
  }
}

}  // namespace segbench::train
