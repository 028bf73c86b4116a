// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "reports/figures/figure.h"
#include "reports/model/model.h"

// The report in the forms of others: Markdown for a pull request, LaTeX for a paper.

namespace segbench::reports {

/// Verdict, claims, leaderboard and differences; the rest folds away. `generated` and `version` as in Made.
std::string render_markdown(const ReportModel& model, const std::string& generated,
                            const std::string& version);

/// A document that compiles with pdflatex, lualatex and xelatex in the report's folder: it takes tables/*.tex
/// (booktabs) and plots/*.pdf.
std::string render_latex(const ReportModel& model, const std::vector<Plot>& plots,
                         const std::string& generated, const std::string& version);

}  // namespace segbench::reports
