// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "harness/cli/command.h"
#include "harness/cli/comparison.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/metric_names.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

struct CompareOptions {
  std::string study;
  std::string metric = "miou_no_background";
  std::string split = "test";
  std::vector<std::string> variants;
};

/// Keeps the trials of the variants that --variant names by unique beginnings.
void keep_variants(std::vector<store::TrialRecord>& trials, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  std::set<std::string> labels, kept;
  for (const store::TrialRecord& trial : trials) labels.insert(trial.variant_label);
  for (const std::string& name : wanted)
    kept.insert(select_name(name, {labels.begin(), labels.end()}, "variant"));
  std::erase_if(trials, [&](const store::TrialRecord& trial) { return !kept.contains(trial.variant_label); });
}

void compare(const CompareOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  const std::string study = select_study(store, options.study);
  std::vector<store::TrialRecord> trials = store.trials(study);
  keep_variants(trials, options.variants);
  const Comparison comparison =
      compare_variants(trials, store.final_evaluations(study, options.split), options.metric, options.split);
  fmt::print("{}", render(comparison_table(comparison, context.format), context.format));
  const core::MetricName* metric = core::find_metric(options.metric);
  note(
      fmt::format("{}: {} on the {} split, {} is better; to_best is paired by seed; expected_best is the "
                  "expected {} of n runs",
                  study, metric->title, options.split, metric->higher_is_better ? "higher" : "lower",
                  metric->higher_is_better ? "maximum" : "minimum"));
  for (const std::string& text : comparison.notes) note(text);
  for (const store::StudyRecord& record : store.studies()) {
    if (record.name == study && record.left_out > 0) {
      note(fmt::format("{} trials of earlier forms of this study are left out", record.left_out));
    }
  }
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "compare", "Compare the variants of a study: means with intervals, best of n, paired differences");
  const auto options = std::make_shared<CompareOptions>();
  std::vector<std::string> metrics;
  for (const core::MetricName& metric : core::kMetricNames) metrics.emplace_back(metric.key);
  command->add_option("study", options->study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command->add_option("--metric", options->metric, "What to compare by")
      ->check(CLI::IsMember(metrics))
      ->capture_default_str();
  command->add_option("--split", options->split, "Images that are scored")
      ->check(CLI::IsMember({"test", "selection"}))
      ->capture_default_str();
  command->add_option("--variant", options->variants,
                      "Only this variant (a unique beginning of its label); may be repeated");
  command->footer(
      "Examples:\n  segbench compare\n  segbench compare size-study --metric miou --format csv > scores.csv\n"
      "  segbench compare --variant small --variant medium");
  command->callback([options, &context] { compare(*options, context); });
}

}  // namespace segbench::cli
