// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "reports/model.h"
#include "reports/table.h"

// The tables of a report, each made once from the model and rendered in every format.

namespace segbench::reports {

// tables_scores.cpp
Table leaderboard_table(const ReportModel& model);
/// Every metric of core::kMetricNames by variant.
Table metrics_table(const ReportModel& model);
/// IoU by variant and class, coloured as a heat map in HTML.
Table per_class_table(const ReportModel& model);
Table differences_table(const ReportModel& model);
Table claims_table(const ReportModel& model);
Table published_table(const ReportModel& model);

// tables_trials.cpp
Table excluded_table(const ReportModel& model);
/// Attempts that failed before a later one completed the trial.
Table failed_attempts_table(const ReportModel& model);
Table trials_table(const ReportModel& model);
Table class_pixels_table(const ReportModel& model);
Table metric_definitions_table();
/// Facts with, where they differ, the trials that they hold for.
Table facts_table(const std::string& name, const std::string& caption, const std::vector<Fact>& facts,
                  const ReportModel& model);
Table curves_table(const ReportModel& model, const std::string& name, const std::string& caption,
                   const std::vector<Curve>& curves);

/// The tables that have something to say, for the folder tables/.
std::vector<Table> all_tables(const ReportModel& model);

}  // namespace segbench::reports
