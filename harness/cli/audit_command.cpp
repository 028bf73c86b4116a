// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/data_output.h"
#include "harness/study/study.h"
#include "harness/text/numbers.h"

namespace segbench::cli {
namespace {

using core::Json;

/// One data set as the study uses it, with the variants that do.
struct AuditedData {
  core::DataConfig config;
  std::vector<std::string> variants;
  data::AuditReport report;
};

/// The study's data sets; normalisation happens after decoding and makes no difference.
std::vector<AuditedData> distinct_data(const study::Study& study) {
  std::vector<AuditedData> found;
  std::map<std::string, std::size_t> place;
  for (const core::Variant& variant : study.variants) {
    Json key = core::to_json(variant.config).at("data");
    key.erase("normalise");
    const auto [entry, is_new] = place.emplace(key.dump(), found.size());
    if (is_new) found.push_back({variant.config.data, {}, {}});
    found[entry->second].variants.push_back(variant.label);
  }
  return found;
}

std::string heading(const AuditedData& data) {
  const core::Splits& splits = data.report.splits;
  const std::string fingerprint = data.report.data_fingerprint.empty()
                                      ? ""
                                      : ", fingerprint " + data.report.data_fingerprint.substr(0, 16);
  std::string text =
      fmt::format("{}{}{}: ", data.config.kind, data.config.root.empty() ? "" : " ", data.config.root);
  if (data.report.height > 0) text += fmt::format("{} x {}, ", data.report.height, data.report.width);
  text += fmt::format("{} channel{}{}\n", data.config.channels, data.config.channels == 1 ? "" : "s",
                      fingerprint);
  if (!splits.train.empty() || !splits.selection.empty() || !splits.test.empty()) {
    text += fmt::format("images: {} train, {} selection, {} test\n", splits.train.size(),
                        splits.selection.size(), splits.test.size());
  }
  return text;
}

/// What the findings come to.
std::string judgement(const data::AuditReport& report) {
  if (report.refused()) return "The data are refused.";
  if (report.findings.empty()) return "The data are fit for use.";
  return fmt::format("The data can be used, with {}.", text::plural(report.findings.size(), "warning"));
}

void print_text(const std::vector<AuditedData>& all, const std::string& format) {
  for (const AuditedData& data : all) {
    const bool several = all.size() > 1;
    if (format == "csv") {  // nothing but the table on stdout
      fmt::print(stderr, "{}", heading(data));
    } else {
      fmt::print("{}", heading(data));
      if (several) fmt::print("variants: {}\n", fmt::join(data.variants, ", "));
      fmt::print("\n");
    }
    if (!data.report.classes.empty()) fmt::print("{}", render(class_table(data.report), format));
    std::string findings = finding_lines(data.report);
    for (const std::string& text : data.report.not_checked) findings += "not checked: " + text + "\n";
    std::fflush(stdout);
    if (format == "csv")
      fmt::print(stderr, "{}", findings);
    else
      fmt::print("\n{}{}\n", findings, judgement(data.report));
  }
}

void print_json(const std::vector<AuditedData>& all) {
  Json reports = Json::array();
  for (const AuditedData& data : all) {
    Json report = data::to_json(data.report);
    report["kind"] = data.config.kind;
    report["root"] = data.config.root;
    report["variants"] = data.variants;
    reports.push_back(std::move(report));
  }
  fmt::print("{}\n", reports.dump(2));
}

struct AuditOptions {
  std::string study;
  std::vector<std::string> overrides;
};

}  // namespace

void add_audit(CLI::App& app, Context& context) {
  const auto options = std::make_shared<AuditOptions>();
  CLI::App* command = app.add_subcommand("audit", "Read and check all data of a study before any training");
  command->add_option("STUDY", options->study, "experiment file")->required();
  command->add_option("--set", options->overrides, "override a setting, key=value")->allow_extra_args(false);
  command->footer(
      "Exit code 3: the data are refused.\n\n"
      "Examples:\n"
      "  segbench audit experiments/quickstart.toml\n"
      "  segbench audit study.toml --set data.root=/data/camvid --format json");
  command->callback([options, &context] {
    std::vector<AuditedData> all = distinct_data(study::load_study(options->study, options->overrides));
    for (AuditedData& data : all) {
      data.report = data::audit(data.config, terminal_progress("reading " + data.config.kind));
      if (data.report.refused()) context.exit_code = core::kAuditRefused;
    }
    if (context.format == "json")
      print_json(all);
    else
      print_text(all, context.format);
  });
}

}  // namespace segbench::cli
