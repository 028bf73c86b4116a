// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/serve/curves.h"
#include "harness/serve/predictions.h"
#include "harness/serve/report_keeper.h"
#include "harness/serve/study_watch.h"

// The pages, as whole HTML. All that came from outside goes through text::escape(); nothing stands in a
// script or a style. A page is a function of what it shows, so that it is the same as long as nothing has
// changed.

namespace segbench::serve {

/// Which link of the navigation is the page's own.
enum class Place { kTrials, kReport, kPredict, kElsewhere };

struct PageFrame {
  std::string study;
  Place place = Place::kElsewhere;
  std::string title;
  bool whole = false;  ///< `content` fills the window
};

/// A page around its content.
std::string framed(const PageFrame& frame, const std::string& content);

/// What the page of all trials was asked for.
struct TrialsQuery {
  std::string status;  ///< only these; "": all
  std::size_t page = 1;
};
/// How far the study is, the curves and the table of a hundred trials.
std::string trials_page(const Snapshot& snapshot, CurveShelf& curves, const TrialsQuery& query);

/// One trial: curves, numbers, attempts, the end of its log, settings.
std::string trial_page(const Snapshot& snapshot, std::size_t trial, const Curves& curves);

/// The frame in which the newest report stands.
std::string report_page(const Snapshot& snapshot, const ReportState& report);

/// The form for an image, with the trials that can look at it, and what was looked at before.
std::string predict_page(const Snapshot& snapshot, const std::vector<Prediction>& earlier,
                         const PredictionLimits& limits, std::string_view chosen);
/// An image and its masks, side by side.
std::string prediction_page(const std::string& study, const Prediction& prediction);

/// Why something is not there.
std::string problem_page(const std::string& study, int status, std::string_view why);

/// A fact or two about a trial, as a list of the style "facts".
std::string facts_html(const std::vector<std::string>& items);
/// "<a href=…>ID</a>" of a trial.
std::string trial_link(const run::ListedTrial& trial, std::string_view text);
/// The status in its colour.
std::string status_html(const trial::TrialState& state);

extern const char* const kServeStyle;
extern const char* const kServeScript;

}  // namespace segbench::serve
