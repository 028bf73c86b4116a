// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
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
#include "results/conclusions/conclusions.h"
#include "results/conclusions/confusions.h"

namespace segbench::cli {
namespace {

struct MetricsOptions {
  std::string subject;
  std::string split = "test";
  bool explain = false;
  bool confusion = false;
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

/// Says on stderr which conventions crown which variant, or else order them how, when they do not agree.
void warn_about_order(const conclusions::ConventionScores& scores) {
  const auto conventions = metrics::conventions();
  std::map<std::vector<int>, std::vector<std::string>> crowned, ranked;
  const std::vector<int> best = winners(scores);
  const std::vector<std::vector<int>> orders = rankings(scores);
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    if (best[i] >= 0) crowned[{best[i]}].emplace_back(conventions[i].name);
    if (orders[i].size() == scores.columns.size()) ranked[orders[i]].emplace_back(conventions[i].name);
  }
  const auto listed = [&](const auto& groups) {
    std::vector<std::string> all;
    for (const auto& [columns, names] : groups) {
      std::vector<std::string> labels;
      for (const int column : columns) labels.push_back(scores.columns[static_cast<std::size_t>(column)]);
      all.push_back(fmt::format("{} by {}", fmt::join(labels, " > "), fmt::join(names, ", ")));
    }
    return fmt::format("{}", fmt::join(all, "; "));
  };
  if (crowned.size() > 1) {
    const core::Warning warning =
        core::make_warning("convention_changes_winner", {{"winners", listed(crowned)}});
    fmt::print(stderr, "warning: {}\n", to_text(warning));
  } else if (ranked.size() > 1) {
    note(fmt::format("the convention changes the ranking behind the winner: {}", listed(ranked)));
  }
}

/// Which classes are taken for which, over the trials of each variant, and those that may be one.
void show_confusions(const conclusions::Conclusions& model, const Context& context) {
  Table table;
  table.columns = {{"variant"},
                   {"class"},
                   {"other class"},
                   number_column("taken_for_it", 0),
                   number_column("and_back", 0),
                   number_column("share", 3)};
  for (const conclusions::ClassConfusion& confusion : model.confusions) {
    const std::string& label = find_entry(model, confusion.variant)->label;
    for (const conclusions::ConfusedPair& pair : conclusions::most_confused(confusion.pixels)) {
      table.rows.push_back({label, confusion.classes.at(static_cast<std::size_t>(pair.first)),
                            confusion.classes.at(static_cast<std::size_t>(pair.second)), pair.first_as_second,
                            pair.second_as_first, pair.share()});
    }
  }
  fmt::print("{}", render(table, context.format));
  std::fflush(stdout);
  for (const conclusions::ClassConfusion& confusion : model.confusions) {
    for (const std::string& hint : conclusions::hints_of(confusion))
      note(fmt::format("{}: {}", find_entry(model, confusion.variant)->label, hint));
  }
}

/// What follows from a study's trials, or from one of them.
conclusions::Conclusions conclusions_of(const store::Store& store, const std::string& study,
                                        const std::string& trial, const std::string& split,
                                        const Context& context) {
  conclusions::StudyInputs inputs = conclusions::load_inputs(store, context.runs, study);
  if (!trial.empty())
    std::erase_if(inputs.trials, [&](const auto& one) { return one.record.trial_id != trial; });
  return conclusions::conclude(inputs, {.metric = {}, .split = split, .allowed = {}});
}

void show_metrics(const MetricsOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  const bool one_trial = names_a_trial(store, options.subject);
  const std::vector<store::TrialRecord> trials = one_trial
                                                     ? std::vector{store.trial(options.subject)}
                                                     : store.trials(select_study(store, options.subject));
  if (options.confusion && !trials.empty()) {
    const std::string only = one_trial ? trials.front().trial_id : "";
    return show_confusions(conclusions_of(store, trials.front().study, only, options.split, context),
                           context);
  }
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
  warn_about_order(scores);
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
  command->add_flag("--confusion", options->confusion,
                    "Instead: which classes are taken for which, with a hint at those that may be one");
  command->footer(
      "Examples:\n  segbench metrics\n  segbench metrics size-study --format md\n  segbench metrics 3f2a "
      "--explain --format json");
  command->callback([options, &context] { show_metrics(*options, context); });
}

}  // namespace segbench::cli
