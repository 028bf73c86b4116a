// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/core/measures.h"
#include "harness/text/table.h"
#include "reports/model/model.h"

// The tables of a report, each made once from the model and rendered in every format. Each registers itself
// in its file; no list is edited for a new one.

namespace segbench::reports {

// leaderboard.cpp
text::Table leaderboard_table(const ReportModel& model);
/// The metrics of core::kMetrics that the study has: all scores, and what its trials measured.
std::vector<core::Measure> shown_metrics(const ReportModel& model);
/// Each of them by variant.
text::Table metrics_table(const ReportModel& model);

// classes.cpp
/// IoU by variant and class, coloured as a heat map in HTML.
text::Table per_class_table(const ReportModel& model);
text::Table class_pixels_table(const ReportModel& model);

// comparisons.cpp
text::Table differences_table(const ReportModel& model);
text::Table claims_table(const ReportModel& model);

// published.cpp
/// Published numbers beside ours.
text::Table published_table(const ReportModel& model);
/// Ours in the place of each, by the metric and by every named cause of a difference.
text::Table replications_table(const ReportModel& model);

// trials.cpp
text::Table excluded_table(const ReportModel& model);
/// Attempts that failed before a later one completed the trial.
text::Table failed_attempts_table(const ReportModel& model);
text::Table trials_table(const ReportModel& model);

// method.cpp
text::Table metric_definitions_table(const ReportModel& model);
/// Facts with, where they differ, the trials that they hold for.
text::Table facts_table(const std::string& name, const std::string& caption, const std::vector<Fact>& facts,
                        const ReportModel& model);
text::Table curves_table(const ReportModel& model, const std::string& name, const std::string& caption,
                         const std::vector<Curve>& curves);

struct ReportTable {
  int order = 0;  ///< place, ascending
  /// Heading under which the page shows it, below the figures; "": in the folder tables/ only, or a section
  /// of the page shows it on its own.
  std::string title;
  text::Table (*make)(const ReportModel& model) = nullptr;
};

/// Defined once in the table's file: `const TableRegistration kRegistration({…});`. Throws
/// core::InternalError when another table has the order.
class TableRegistration {
 public:
  explicit TableRegistration(ReportTable table);
};

/// Whether a table has something to say: a row, and more than its heads.
bool says_something(const text::Table& table);
/// The tables that have something to say, for the folder tables/. Throws core::InternalError when two have
/// one name.
std::vector<text::Table> all_tables(const ReportModel& model);
/// Those with a title, which comes first.
std::vector<std::pair<std::string, text::Table>> titled_tables(const ReportModel& model);

}  // namespace segbench::reports
