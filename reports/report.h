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
  bool latex = false;               ///< with report.tex and the plots as PDF
  bool pdf = false;                 ///< with report.pdf, printed by a browser
  std::string browser;              ///< the program; "": Chromium or Chrome in PATH
  std::filesystem::path output;     ///< folder of the report; empty: report_folder()
};

struct WrittenReport {
  std::filesystem::path page;               ///< …/index.html
  std::vector<std::string> warnings;        ///< e.g. that gnuplot is missing
  std::vector<std::string> not_comparable;  ///< ReportModel::not_comparable
};

/// runs/<study>/report, or of several studies runs/<a>+<b>/report.
std::filesystem::path report_folder(const std::filesystem::path& runs,
                                    const std::vector<std::string>& studies);

/// Makes the report of a study, or of several that are compared: index.html, report.md, model.json, plots/,
/// tables/, panels/. It is written beside its place
/// and then put there in one step; killed at any instruction, it leaves the old report whole. Throws
/// core::UserError when the store knows no such study, the folder holds something that is no report, or there
/// is no browser to print with.
WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::vector<std::string>& studies, const ReportOptions& options = {});
WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const ReportOptions& options = {});

struct CheckOptions {
  std::filesystem::path report;     ///< its folder; empty: report_folder()
  std::filesystem::path scratch;    ///< an empty folder, in which the report is made anew
  std::string gnuplot = "gnuplot";  ///< the program
};

struct CheckedReport {
  std::vector<std::string> differences;  ///< one line each; empty when all agrees
  std::vector<std::string> notes;        ///< what could not be checked, and why
};

/// Makes a written report again from the store, with the metric and split that it was made with, and compares
/// every file: the model value by value, the page, tables, plots and panels byte by byte (but for report.pdf,
/// which a browser makes of the page). What happened after
/// it was made and changes nothing in it (a verification) is no difference. Throws core::UserError when there
/// is no report.
CheckedReport check_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::vector<std::string>& studies, const CheckOptions& options);
CheckedReport check_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const CheckOptions& options);

}  // namespace segbench::reports
