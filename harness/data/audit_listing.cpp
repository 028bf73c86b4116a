// SPDX-License-Identifier: MIT
#include "harness/data/audit/judge.h"
#include "harness/data/data_set.h"

namespace segbench::data {

AuditReport audit_listing(const core::DataConfig& config) {
  const Catalogue catalogue = open_catalogue(config);
  Scan unread;
  unread.samples.resize(catalogue.samples.size());
  AuditReport report = judge(catalogue, config, unread);
  // What is said of pixels that nobody has looked at is not known.
  std::erase_if(report.findings, [](const AuditFinding& finding) { return !finding.refuses; });
  report.class_pixels.clear();
  return report;
}

}  // namespace segbench::data
