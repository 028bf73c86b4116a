// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/data/audit/audit_report.h"

namespace segbench::data {

bool AuditReport::refused() const {
  return std::any_of(findings.begin(), findings.end(), [](const AuditFinding& f) { return f.refuses; });
}

core::Json to_json(const AuditReport& report) {
  core::Json findings = core::Json::array(), classes = core::Json::array();
  for (const AuditFinding& f : report.findings) {
    findings.push_back({{"refuses", f.refuses},
                        {"code", f.code},
                        {"file", f.file},
                        {"message", f.message},
                        {"remedy", f.remedy}});
  }
  for (const core::ClassInfo& info : report.classes)
    classes.push_back({{"name", info.name}, {"colour", info.colour}});
  return {{"refused", report.refused()},
          {"findings", findings},
          {"data_fingerprint",
           report.data_fingerprint.empty() ? core::Json() : core::Json(report.data_fingerprint)},
          {"resolution", {report.height, report.width}},
          {"classes", classes},
          {"images",
           {{"train", report.splits.train.size()},
            {"selection", report.splits.selection.size()},
            {"test", report.splits.test.size()}}},
          {"not_checked", report.not_checked},
          {"class_pixels", report.class_pixels}};
}

const core::Splits& splits_of(const AuditReport& report, const core::DataConfig& config, std::uint64_t seed) {
  if (report.fold_splits.empty()) return report.splits;
  return report.fold_splits.at(static_cast<std::size_t>(core::fold_of(config, seed)));
}

std::vector<core::Problem> problems_of(const AuditReport& report, bool refusing, std::size_t limit) {
  std::map<std::string, std::size_t> count;
  for (const AuditFinding& finding : report.findings) {
    if (finding.refuses == refusing) ++count[finding.code];
  }
  std::vector<core::Problem> problems;
  std::map<std::string, std::size_t> shown;
  for (const AuditFinding& finding : report.findings) {
    if (finding.refuses != refusing) continue;
    const std::size_t n = ++shown[finding.code];
    if (n <= limit) {
      problems.push_back(
          {.file = finding.file.empty() ? report.root.string() : (report.root / finding.file).string(),
           .message = finding.remedy.empty() ? finding.message
                                             : fmt::format("{}; {}", finding.message, finding.remedy)});
    } else if (n == limit + 1) {
      problems.push_back(
          {.file = report.root.string(),
           .message = fmt::format("… and {} more of this kind; segbench audit --format json lists all",
                                  count[finding.code] - limit)});
    }
  }
  return problems;
}

}  // namespace segbench::data
