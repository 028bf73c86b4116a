// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/model.h"
#include "results/store/store.h"

namespace segbench::reports {

struct ReportOptions {
  ModelOptions model;
  bool plots = true;                ///< draw them with gnuplot
  std::string gnuplot = "gnuplot";  ///< the program
  std::filesystem::path output;     ///< folder of the report; empty: runs/<study>/report
};

struct WrittenReport {
  std::filesystem::path page;         ///< …/index.html
  std::vector<std::string> warnings;  ///< e.g. that gnuplot is missing
};

/// Makes a study's report: index.html, model.json, plots/, tables/, panels/. It is written beside its place
/// and then put there in one step; killed at any instruction, it leaves the old report whole. Throws
/// core::UserError when the store knows no such study or the folder holds something that is no report.
WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const ReportOptions& options = {});

/// Computes every number of a written report again, with the metric and split that it was made with. One line
/// a difference; empty when all agree. Throws core::UserError when there is no report.
std::vector<std::string> check_report(const store::Store& store, const std::filesystem::path& runs,
                                      const std::string& study, const std::filesystem::path& report);

}  // namespace segbench::reports
