// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/serve/access.h"
#include "harness/serve/curves.h"
#include "harness/serve/http.h"
#include "harness/serve/listener.h"
#include "harness/serve/predictions.h"
#include "harness/serve/report_keeper.h"
#include "harness/serve/study_watch.h"

namespace segbench::serve {

struct ServiceSettings {
  std::filesystem::path runs;
  std::string study;
  std::filesystem::path scratch;  ///< an empty folder; nothing is written elsewhere
  std::filesystem::path program;  ///< segbench, for predictions
  std::string device = "cpu";     ///< of predictions
  bool plots = true;              ///< draw those of the report
  PredictionLimits limits = {};
};

/// What stands behind the addresses:
///
///     GET  /                             all trials; ?status=running, ?page=2
///     GET  /trials/ID                    one; /trials/ID/{worker.log,events.jsonl,attempts.jsonl}: the end
///     of a log GET  /report                       the newest report in a frame; /report/N/FILE: its files
///     GET  /predict, /predictions/ID     the form for an image, and what became of one
///     GET  /predictions/ID/input, /predictions/ID/TRIAL/{mask,colour,overlay}.png
///     GET  /api/status.json              the study for scripts
///     POST /api/predictions?trial=ID…    an image as the body: {"id", "page", "status"}
///     GET  /api/predictions/ID           {"id", "name", "done", "answers": [{"trial", "state", …}, …]}
///
/// Pages and JSON have an ETag; If-None-Match is answered with 304 as long as nothing has changed.
class Service {
 public:
  /// Throws core::UserError when the study cannot be read.
  explicit Service(ServiceSettings settings);

  /// Refuses what needs no body read: strangers, and uploads that are too large or cannot be taken now.
  std::optional<Response> refuse(const Request& head, const Access& access);
  Response answer(const Request& request);

 private:
  Response answer_post(const Request& request);
  Response answer_get(const Request& request);
  Response trial_answer(const Request& request, const std::vector<std::string>& parts);
  Response report_answer(const std::vector<std::string>& parts);
  Response prediction_answer(const std::vector<std::string>& parts);
  Response not_found(std::string_view why) const;

  const ServiceSettings settings_;
  StudyWatch watch_;
  CurveShelf curves_;
  ReportKeeper report_;
  Predictions predictions_;
};

/// The study as /api/status.json tells it; docs/serve.md lists the keys.
std::string status_json(const Snapshot& snapshot, const ReportState& report);
/// One prediction as /api/predictions/ID tells it.
std::string prediction_json(const Prediction& prediction);

}  // namespace segbench::serve
