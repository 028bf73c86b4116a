// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/convention_table.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/warning_kinds.h"
#include "harness/metrics/conventions.h"

namespace segbench::cli {
namespace {

struct MetricsOptions {
  std::string subject;
  std::string split = "test";
  bool explain = false;
};

/// Says on stderr which conventions are left blank because they are made for other data.
void tell_domains(const conclusions::ConventionScores& scores) {
  std::map<metrics::Domain, std::vector<std::string>> outside;
  for (const metrics::Convention& convention : metrics::conventions()) {
    if (!metrics::applies(convention, scores.num_classes, scores.has_background))
      outside[convention.domain].emplace_back(convention.name);
  }
  for (const auto& [domain, names] : outside) {
    note(fmt::format("not defined for these {} classes: {} (for {})", scores.num_classes,
                     fmt::join(names, ", "), metrics::describe(domain)));
  }
}

/// Says on stderr which conventions crown which variant, when they do not agree.
void warn_about_winners(const conclusions::ConventionScores& scores) {
  std::map<int, std::vector<std::string>> conventions_of;
  const std::vector<int> best = winners(scores);
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (best[i] >= 0) conventions_of[best[i]].emplace_back(metrics::conventions()[i].name);
  }
  if (conventions_of.size() < 2) return;
  std::vector<std::string> wins;
  for (const auto& [column, names] : conventions_of)
    wins.push_back(
        fmt::format("{} by {}", scores.columns[static_cast<std::size_t>(column)], fmt::join(names, ", ")));
  const core::Warning warning = core::make_warning("convention_changes_winner",
                                                   {{"winners", fmt::format("{}", fmt::join(wins, "; "))}});
  fmt::print(stderr, "warning: {}\n", to_text(warning));
}

void show_metrics(const MetricsOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  std::vector<store::TrialRecord> trials;
  const bool one_trial = names_a_trial(store, options.subject);
  if (one_trial)
    trials = {store.trial(options.subject)};
  else
    trials = store.trials(select_study(store, options.subject));
  const conclusions::ConventionScores scores =
      conclusions::score_by_conventions(store, trials, options.split, [&](const store::TrialRecord& trial) {
        return one_trial ? fmt::format("{} seed {}", trial.variant_label, trial.seed) : trial.variant_label;
      });
  if (scores.columns.empty()) {
    throw core::UserError(
        fmt::format("no complete trial has a final evaluation on the {} split", options.split),
        core::kTrialFailed);
  }
  fmt::print("{}", render(convention_table(scores, options.explain), context.format));
  if (!one_trial)
    note(fmt::format("means over the complete trials of each variant, {} split", options.split));
  tell_domains(scores);
  warn_about_winners(scores);
}

}  // namespace

void add_metrics(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "metrics", "The same predictions under the metric conventions of well-known toolkits");
  const auto options = std::make_shared<MetricsOptions>();
  command->add_option("subject", options->subject,
                      "A study (name, unique beginning or experiment file) or the beginning of a trial's id");
  command->add_option("--split", options->split, "Images that are scored")
      ->check(CLI::IsMember({"test", "selection"}))
      ->capture_default_str();
  command->add_flag("--explain", options->explain,
                    "Add what each convention computes and who computes it so");
  command->footer(
      "Examples:\n  segbench metrics\n  segbench metrics size-study --format md\n  segbench metrics 3f2a "
      "--explain --format json");
  command->callback([options, &context] { show_metrics(*options, context); });
}

}  // namespace segbench::cli
