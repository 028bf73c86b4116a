// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/model/model.h"
#include "results/store/store.h"

namespace segbench::reports {

struct ReportOptions {
  conclusions::Options model;
  bool plots = true;                ///< draw them with gnuplot
  std::string gnuplot = "gnuplot";  ///< the program
  std::filesystem::path output;     ///< folder of the report; empty: runs/<study>/report
};

struct WrittenReport {
  std::filesystem::path page;               ///< …/index.html
  std::vector<std::string> warnings;        ///< e.g. that gnuplot is missing
  std::vector<std::string> not_comparable;  ///< ReportModel::not_comparable
};

/// Makes a study's report: index.html, model.json, plots/, tables/, panels/. It is written beside its place
/// and then put there in one step; killed at any instruction, it leaves the old report whole. Throws
/// core::UserError when the store knows no such study or the folder holds something that is no report.
WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const ReportOptions& options = {});

struct CheckOptions {
  std::filesystem::path report;     ///< its folder; empty: runs/<study>/report
  std::filesystem::path scratch;    ///< an empty folder, in which the report is made anew
  std::string gnuplot = "gnuplot";  ///< the program
};

struct CheckedReport {
  std::vector<std::string> differences;  ///< one line each; empty when all agrees
  std::vector<std::string> notes;        ///< what could not be checked, and why
};

/// Makes a written report again from the store, with the metric and split that it was made with, and compares
/// every file: the model value by value, the page, tables, plots and panels byte by byte. What happened after
/// it was made and changes nothing in it (a verification) is no difference. Throws core::UserError when there
/// is no report.
CheckedReport check_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const CheckOptions& options);

}  // namespace segbench::reports
