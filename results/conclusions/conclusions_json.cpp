// SPDX-License-Identifier: MIT
#include "results/conclusions/conclusions.h"

#include "harness/core/optional_json.h"
#include "results/conclusions/confusions.h"

namespace segbench::conclusions {

using core::Json;

// Found by argument-dependent look-up, so that vectors of these convert too.

static void to_json(Json& json, const Quantity& summary) {
  json = {{"trials", summary.trials},
          {"values", summary.values},
          {"mean", core::or_null(summary.mean)},
          {"deviation", core::or_null(summary.sd)},
          {"interval", summary.interval ? Json{summary.interval->low, summary.interval->high} : Json()},
          {"best", core::or_null(summary.best)},
          {"expected_best", core::or_null(summary.expected_best)}};
  if (!summary.why_undefined.empty()) json["why_undefined"] = summary.why_undefined;
}

static void to_json(Json& json, const ClassScore& score) {
  json = {{"class", score.name}, {"iou", score.iou}};
}
static void to_json(Json& json, const MetricScore& score) {
  json = {{"metric", score.key}, {"score", score.summary}};
}

static void to_json(Json& json, const Entry& entry) {
  json = {{"variant", entry.id},
          {"label", entry.label},
          {"axes", entry.axes},
          {"planned", entry.planned},
          {"complete", entry.complete},
          {"score", entry.score},
          {"selection", entry.selection},
          {"gap", entry.gap},
          {"metrics", entry.metrics},
          {"classes", entry.classes},
          {"parameters", core::or_null(entry.parameters)},
          {"trainable_parameters", core::or_null(entry.trainable_parameters)},
          {"macs", core::or_null(entry.macs)},
          {"size_trials", entry.size_trials},
          {"train_seconds", entry.train_seconds},
          {"peak_memory_bytes", entry.peak_memory_bytes},
          {"recorded", entry.recorded},
          {"basis", entry.basis},
          {"shown_trial", entry.shown_trial}};
  if (!entry.imported_from.empty()) json["imported_from"] = entry.imported_from;
}

static void to_json(Json& json, const Evidence& evidence) {
  json = {{"level", evidence.level},
          {"interval", evidence.interval ? Json{evidence.interval->low, evidence.interval->high} : Json()},
          {"images", evidence.images},
          {"from_seeds", core::or_null(evidence.from_seeds)},
          {"from_images", core::or_null(evidence.from_images)},
          {"from_both", core::or_null(evidence.from_both)},
          {"p_t", core::or_null(evidence.p_t)},
          {"p_sign_flip", core::or_null(evidence.p_sign_flip)},
          {"p_wilcoxon", core::or_null(evidence.p_wilcoxon)},
          {"p_holm", core::or_null(evidence.p_holm)},
          {"effect", core::or_null(evidence.effect)},
          {"improvement", core::or_null(evidence.improvement)},
          {"seeds_to_decide", core::or_null(evidence.seeds_to_decide)}};
}

static void to_json(Json& json, const PairedDifference& pairs) {
  json = {{"candidate", pairs.candidate},
          {"reference", pairs.reference},
          {"seeds", pairs.seeds},
          {"candidate_trials", pairs.candidate_trials},
          {"reference_trials", pairs.reference_trials},
          {"difference", pairs.difference},
          {"evidence", pairs.evidence}};
}

static void to_json(Json& json, const Verdict& verdict) {
  json = {{"standing", to_string(verdict.standing)},
          {"headline", verdict.headline},
          {"remarks", verdict.remarks},
          {"leader", verdict.leader},
          {"to_runner_up", core::or_null(verdict.to_runner_up)}};
}

static void to_json(Json& json, const ClaimResult& claim) {
  json = {{"number", claim.claim},
          {"claim", claim.text},
          {"metric", claim.metric},
          {"class", claim.class_name},
          {"candidate", claim.candidate},
          {"reference", claim.reference},
          {"is_share", claim.is_share},
          {"margin", core::or_null(claim.margin)},
          {"candidate_score", claim.candidate_score},
          {"reference_score", claim.reference_score},
          {"difference", core::or_null(claim.difference)},
          {"outcome", claim.outcome},
          {"why", claim.why}};
}

static void to_json(Json& json, const Replication& replication) {
  json = {{"variant", replication.variant},
          {"by", replication.by},
          {"ours", replication.ours},
          {"expected",
           replication.expected ? Json{replication.expected->low, replication.expected->high} : Json()},
          {"outcome", replication.outcome}};
}

static void to_json(Json& json, const PublishedNumber& number) {
  json = {{"what", number.what},
          {"metric", number.metric},
          {"source", number.source},
          {"note", number.note},
          {"value", core::or_null(number.value)},
          {"variant", number.variant},
          {"ours", number.ours},
          {"replications", number.replications},
          {"outcome", number.outcome},
          {"sentence", number.sentence}};
}

static void to_json(Json& json, const LookTaken& look) {
  json = {{"seeds", look.seeds},         {"alpha", look.alpha},       {"pair_level", look.pair_level},
          {"remaining", look.remaining}, {"leader", look.leader},     {"decided", look.decided},
          {"trials", look.trials},       {"recorded", look.recorded}, {"dropped", Json::array()}};
  for (const Drop& drop : look.dropped)
    json["dropped"].push_back(
        {{"variant", drop.variant},
         {"by", drop.by},
         {"deficit", drop.deficit ? Json{drop.deficit->low, drop.deficit->high} : Json()}});
}

static void to_json(Json& json, const Sequential& sequential) {
  json = {{"metric", sequential.metric},
          {"planned", sequential.planned},
          {"looks", sequential.looks},
          {"is_over", sequential.is_over},
          {"contradicted", sequential.contradicted}};
}

/// The pairs alone: a matrix of many classes would be most of the file.
static void to_json(Json& json, const ClassConfusion& confusion) {
  json = {{"variant", confusion.variant}, {"trials", confusion.trials}, {"pairs", Json::array()}};
  for (const ConfusedPair& pair : most_confused(confusion.pixels))
    json["pairs"].push_back({{"class", confusion.classes.at(static_cast<std::size_t>(pair.first))},
                             {"other_class", confusion.classes.at(static_cast<std::size_t>(pair.second))},
                             {"taken_for_it", pair.first_as_second},
                             {"and_back", pair.second_as_first},
                             {"share", pair.share()},
                             {"may_be_one", pair.may_be_one()}});
}

static void to_json(Json& json, const Ranking& ranking) {
  json = {{"seeds", ranking.seeds},
          {"p", ranking.p},
          {"critical_difference", ranking.critical_difference},
          {"ranks", Json::array()}};
  for (const Ranking::Line& line : ranking.lines)
    json["ranks"].push_back({{"variant", line.variant}, {"average_rank", line.average_rank}});
}

static void to_json(Json& json, const Front& front) {
  json = {{"cost", front.cost}, {"trials", front.trials}, {"variants", Json::array()}};
  for (const Front::Line& line : front.lines)
    json["variants"].push_back({{"variant", line.variant},
                                {"cost", line.cost},
                                {"score", line.score},
                                {"is_on", line.is_on},
                                {"probability", line.probability}});
}

static void to_json(Json& json, const Curve& curve) {
  json = {{"variant", curve.variant}, {"trials", curve.trials}, {"epoch", Json::array()},
          {"n", Json::array()},       {"mean", Json::array()},  {"low", Json::array()},
          {"high", Json::array()}};
  for (const CurvePoint& point : curve.points) {
    json["epoch"].push_back(point.epoch);
    json["n"].push_back(point.n);
    json["mean"].push_back(point.mean);
    json["low"].push_back(point.low);
    json["high"].push_back(point.high);
  }
}

static void to_json(Json& json, const ThresholdPoint& point) {
  json = {{"threshold", point.threshold}, {"mean", core::or_null(point.mean)}, {"chosen", point.chosen}};
}

static void to_json(Json& json, const ThresholdCurve& curve) {
  json = {{"variant", curve.variant},
          {"metric", curve.metric},
          {"trials", curve.trials},
          {"points", curve.points}};
}

static void to_json(Json& json, const Excluded& trial) {
  json = {{"trial", trial.trial},       {"variant", trial.variant_label},   {"seed", trial.seed},
          {"status", trial.status},     {"reason", trial.reason},           {"message", trial.message},
          {"attempts", trial.attempts}, {"epochs_done", trial.epochs_done}, {"log_tail", trial.log_tail}};
}

static void to_json(Json& json, const FailedAttempt& attempt) {
  json = {{"trial", attempt.trial},     {"variant", attempt.variant_label}, {"seed", attempt.seed},
          {"attempt", attempt.attempt}, {"attempts", attempt.attempts},     {"status", attempt.status},
          {"reason", attempt.reason},   {"message", attempt.message}};
}

static void to_json(Json& json, const ReportWarning& warning) {
  json = Json(warning.warning);
  json.update({{"source", warning.source},
               {"variants", warning.variants},
               {"trials", warning.trials},
               {"touches_scores", warning.touches_scores}});
}

static void to_json(Json& json, const TrialLine& line) {
  json = {{"trial", line.id},
          {"variant", line.variant},
          {"label", line.variant_label},
          {"seed", line.seed},
          {"status", line.status},
          {"used", line.used},
          {"score", core::or_null(line.score)},
          {"selection", core::or_null(line.selection)},
          {"train_seconds", core::or_null(line.train_seconds)},
          {"selected_epoch", core::or_null(line.selected_epoch)},
          {"peak_memory_bytes", core::or_null(line.peak_memory_bytes)},
          {"weights_sha256", line.weights_sha256},
          {"data_fingerprint", line.data_fingerprint},
          {"started", line.started},
          {"ended", line.ended},
          {"verified", core::or_null(line.verified)},
          {"folder", line.folder}};
}

Json claim_json(const ClaimResult& claim) {
  return claim;
}

Json quantity_json(const Quantity& quantity) {
  return quantity;
}

Json difference_json(const PairedDifference& difference) {
  return difference;
}

Json to_json(const Conclusions& model) {
  Json json = {{"study", model.study},
               {"question", model.question},
               {"metric", model.metric},
               {"split", model.split},
               {"margin", core::or_null(model.margin)},
               {"allowed", model.allowed},
               {"confidence", kConfidence},
               {"planned", model.planned},
               {"complete", model.complete},
               {"left_out", model.left_out},
               {"warnings", model.warnings},
               {"not_comparable", model.not_comparable},
               {"not_comparable_in", model.not_comparable_in},
               {"verdict", model.verdict},
               {"claims", model.claims},
               {"sealing", model.sealing},
               {"leaderboard", model.leaderboard},
               {"published", model.published},
               {"to_best", model.to_best},
               {"ranking", core::or_null(model.ranking)},
               {"fronts", model.fronts},
               {"loss_curves", model.loss_curves},
               {"score_curves", model.score_curves},
               {"excluded", model.excluded},
               {"failed_attempts", model.failed_attempts},
               {"trials", model.trials}};
  if (model.search) json["search"] = *model.search;
  if (model.sequential) json["sequential"] = *model.sequential;
  if (!model.threshold_curves.empty()) json["threshold_curves"] = model.threshold_curves;
  if (!model.confusions.empty()) json["confusions"] = model.confusions;
  return json;
}

}  // namespace segbench::conclusions
