// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "results/conclusions/by_class.h"
#include "results/conclusions/by_image.h"
#include "results/conclusions/conclusions.h"
#include "results/conclusions/front_draws.h"
#include "results/conclusions/time_parts.h"

// The model of a report: everything that a report says, as plain data. Renderers only lay it out, so that
// whatever is printed stands in `model.json` too and can be recomputed from the store (check.h).

namespace segbench::reports {

// What was concluded is shown under its own names.
using conclusions::ClaimResult, conclusions::ClassDifference, conclusions::ClassScore, conclusions::Curve;
using conclusions::CurvePoint, conclusions::Front, conclusions::Ranking, conclusions::HardImage,
    conclusions::HardImages;
using conclusions::Entry, conclusions::Excluded, conclusions::FailedAttempt, conclusions::Interval;
using conclusions::ImageComparison, conclusions::ImageDifference, conclusions::TimeParts;
using conclusions::MetricScore, conclusions::PairedDifference, conclusions::PublishedNumber;
using conclusions::ReportWarning, conclusions::Standing, conclusions::StudyInputs, conclusions::Quantity;
using conclusions::ThresholdCurve, conclusions::ThresholdPoint;
using conclusions::TrialInputs, conclusions::TrialLine, conclusions::Verdict;

/// A prediction of one variant for one image.
struct PanelTile {
  std::string variant, trial;
  std::optional<double> score;             ///< the report's metric from this image's counts
  std::optional<std::int64_t> epoch = {};  ///< of a film strip: after which epoch it was predicted
};

/// One image of the test split with what variants made of it, or one of the selection split with what a
/// trial made of it after its epochs.
struct Panel {
  std::string group;       ///< heading that it stands under: why it is shown
  std::int64_t index = 0;  ///< in the decode cache
  std::string id;
  double disagreement = 0;       ///< share of valid pixels on which the shown predictions are not all equal
  std::string note;              ///< what the numbers say of it, as a sentence; may be ""
  std::vector<PanelTile> tiles;  ///< in the leaderboard's order
};

/// A setting and its value. `trials` is empty where it holds for the whole study.
struct Fact {
  std::string name, value;
  std::vector<std::string> trials;
};

/// Pixels of one split by class and, last, void.
struct SplitPixels {
  std::string split;
  std::optional<std::int64_t> images;
  std::vector<std::int64_t> pixels;
};

/// How it was measured.
struct Measurement {
  std::vector<Fact> data, settings, environment;  ///< settings: those that all variants share
  std::vector<std::string> class_names;
  std::vector<std::string> class_colours;  ///< "#rrggbb", from the decode cache; may be empty
  std::vector<SplitPixels> class_pixels;
  std::vector<std::string> audit_warnings;
  std::string selection_rule;
  std::vector<std::string> method;  ///< what was done, in sentences for a paper
  std::vector<std::uint64_t> seeds;
};

/// One of several studies that a report compares, with what it says on its own.
struct StudyPart {
  std::string name, question;
  std::string standing, headline;   ///< of its verdict
  std::vector<std::string> claims;  ///< "held: small is …"
  std::int64_t planned = 0, complete = 0;
  std::vector<std::pair<std::string, std::string>> variants;  ///< id, label within the study
};

struct ReportModel : conclusions::Conclusions {
  std::vector<StudyPart> studies;         ///< that are compared; empty: the report is about one
  std::vector<ImageComparison> by_image;  ///< the leader and the runner-up, then the pairs of the claims
  HardImages hard;                        ///< the images that every variant finds hard
  std::vector<ClassDifference> by_class;  ///< the leader and the runner-up
  std::vector<TimeParts> times;
  std::vector<conclusions::LatencyFront> latencies;  ///< score against the time of a prediction
  /// Variants that are left out here, of the part of a model that a page shows (shown.h); 0 of a whole one.
  std::size_t more_variants = 0;
  std::vector<Panel> panels;
  std::string panels_note;  ///< why there are none
  Measurement measurement;
  std::vector<std::string> commands;  ///< that reproduce the study, in order
  std::string source_file, source;    ///< the experiment file
};

/// Computes everything but the panels, which need the kept predictions (panels.h). Throws core::UserError
/// when the metric or the split is unknown.
ReportModel build_model(const StudyInputs& inputs, const conclusions::Options& options = {});
/// The same of several studies together, each with its own verdict beside (merge_studies); of one, as above.
ReportModel build_model(const std::vector<StudyInputs>& studies, const conclusions::Options& options = {});

// The steps of build_model().
Measurement describe_measurement(const StudyInputs& inputs, const ReportModel& model);  // measurement.cpp
std::vector<std::string> describe_methods(const ReportModel& model);                    // methods.cpp
void describe_provenance(ReportModel& model, const StudyInputs& inputs);

core::Json to_json(const ReportModel& model);

}  // namespace segbench::reports
