// SPDX-License-Identifier: MIT
#include "harness/core/json.h"
#include "harness/core/optional_json.h"
#include "harness/serve/http.h"
#include "harness/serve/service.h"

namespace segbench::serve {
namespace {

using core::Json;

std::string dumped(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

/// The keys of `segbench status --format json`.
Json trial_json(const run::ListedTrial& trial, const trial::TrialState& state) {
  return {{"variant", trial.variant_label},
          {"seed", trial.seed},
          {"status", trial::status_word(state)},
          {"reason", core::to_string(state.reason)},
          {"epoch", core::or_null(state.epoch)},
          {"epochs", trial.epochs},
          {"loss", core::or_null(state.loss)},
          {"selection_metric", state.selection_metric},
          {"value", core::or_null(state.selection_value)},
          {"seconds", core::or_null(state.seconds)},
          {"trial", trial.trial_id},
          {"message", state.message}};
}

}  // namespace

std::string status_json(const Snapshot& snapshot, const ReportState& report) {
  Json counts = Json::object(), trials = Json::array();
  for (const auto status :
       {core::TrialStatus::kPending, core::TrialStatus::kRunning, core::TrialStatus::kComplete,
        core::TrialStatus::kFailed, core::TrialStatus::kInterrupted})
    counts[std::string(core::to_string(status))] = snapshot.counts.of(status);
  counts["paused"] = snapshot.counts.of("paused");
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i)
    trials.push_back(trial_json(snapshot.trials[i], snapshot.states[i]));
  return dumped({{"study", snapshot.study},
                 {"question", snapshot.question},
                 {"counts", counts},
                 {"trials", trials},
                 {"report",
                  {{"number", report.number},
                   {"made", report.number > 0 ? Json(report.made) : Json()},
                   {"complete", report.complete},
                   {"is_being_made", report.is_being_made},
                   {"problem", report.problem}}}});
}

std::string prediction_json(const Prediction& prediction) {
  Json answers = Json::array();
  for (const PredictionAnswer& answer : prediction.answers) {
    Json json = {{"trial", answer.trial.trial_id}, {"variant", answer.trial.variant_label},
                 {"seed", answer.trial.seed},      {"state", to_string(answer.state)},
                 {"message", answer.message},      {"classes", answer.classes},
                 {"seconds", answer.seconds}};
    if (answer.state == AnswerState::kDone) {
      const std::string begin = "/predictions/" + prediction.id + "/" + encoded(answer.trial.trial_id) + "/";
      for (const char* what : {"mask", "colour", "overlay"}) json[what] = begin + what + ".png";
    }
    answers.push_back(std::move(json));
  }
  return dumped({{"id", prediction.id},
                 {"name", prediction.name},
                 {"height", prediction.height},
                 {"width", prediction.width},
                 {"done", prediction.is_over()},
                 {"page", "/predictions/" + prediction.id},
                 {"answers", answers}});
}

}  // namespace segbench::serve
