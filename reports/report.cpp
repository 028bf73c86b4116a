// SPDX-License-Identifier: MIT
#include "reports/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "reports/print_pdf.h"
#include "reports/render.h"
#include "reports/swap_folder.h"

namespace segbench::reports {

std::filesystem::path report_folder(const std::filesystem::path& runs,
                                    const std::vector<std::string>& studies) {
  constexpr std::size_t kLongest = 200;  // file systems take 255 bytes
  const std::string name = fmt::format("{}", fmt::join(studies, "+"));
  if (name.size() > kLongest)
    throw core::UserError("the names of these studies are too long for one folder; name it with --output");
  return runs / name / core::kReportFolder;
}

WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const ReportOptions& options) {
  return write_report(store, runs, std::vector{study}, options);
}

WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::vector<std::string>& studies, const ReportOptions& options) {
  const std::string browser = options.browser.empty() && options.pdf ? find_browser() : options.browser;
  if (options.pdf && browser.empty())
    throw core::UserError(
        "a PDF is printed by Chromium or Chrome, and none is in PATH: install one (apt-get install "
        "chromium), "
        "or open index.html in any browser and print it");
  ReportModel model = build_model(conclusions::load_studies(store, runs, studies), options.model);
  const std::vector<PanelPixels> pixels = add_panels(model, store, runs);
  const std::filesystem::path place = options.output.empty() ? report_folder(runs, studies) : options.output;
  NewFolder folder(place, kModelFile);
  Made made{.generated = core::utc_timestamp(),
            .version = core::kVersion,
            .drawn = options.plots,
            .latex = options.latex,
            .plots_note = "",
            .gnuplot = ""};
  if (!options.plots)
    made.plots_note = "not drawn, as asked for (--no-plots). Their scripts and data lie in plots/.";
  render_report(folder.path(), model, pixels,
                {.plots = options.plots, .gnuplot = options.gnuplot, .stored_plots = {}}, made);
  if (options.pdf) print_pdf(browser, folder.path() / kPageFile, folder.path() / kPdfFile);
  folder.put_in_place();
  WrittenReport written{.page = place / kPageFile, .warnings = {}, .not_comparable = model.not_comparable};
  if (options.plots && !made.plots_note.empty()) written.warnings.push_back("plots: " + made.plots_note);
  return written;
}

}  // namespace segbench::reports
