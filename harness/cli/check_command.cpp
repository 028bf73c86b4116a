// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/comparison.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/core/optional_json.h"
#include "results/conclusions/gate.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

using conclusions::ClaimResult;
using core::Json;

struct CheckOptions {
  std::string study;
  conclusions::Options model;
  std::string baseline, junit;
  std::optional<double> margin;
};

Table gate_table(const conclusions::Gate& gate) {
  Table table{.columns = {{.key = "item"},
                          {.key = "outcome"},
                          number_column("difference"),
                          number_column("low"),
                          number_column("high"),
                          {.key = "condition", .where = text::Where::kData},
                          {.key = "because", .where = text::Where::kData}}};
  for (const conclusions::GateItem& item : gate.items) {
    for (const ClaimResult& condition : item.conditions) {
      const conclusions::PairedDifference* pair = condition.difference ? &*condition.difference : nullptr;
      const bool bounded = pair != nullptr && pair->evidence.interval;
      table.rows.push_back(
          {item.name, condition.outcome, pair != nullptr ? core::or_null(pair->difference.mean) : Json(),
           bounded ? Json(pair->evidence.interval->low) : Json(),
           bounded ? Json(pair->evidence.interval->high) : Json(), condition.text, condition.why});
    }
  }
  return table;
}

/// The regression gate: nothing is worse than in another store.
conclusions::GateItem baseline_item(const CheckOptions& options, const Context& context,
                                    const conclusions::StudyInputs& now,
                                    const conclusions::Conclusions& model) {
  if (!std::filesystem::exists(options.baseline))
    throw core::UserError(
        fmt::format("--baseline {}: there is no such file; it takes the results.sqlite of an earlier state",
                    options.baseline));
  const store::Store old = store::Store::open_read_only(options.baseline);
  const conclusions::StudyInputs before =
      conclusions::load_inputs(old, context.runs, model.study, conclusions::Reading::kScores);
  const double margin = options.margin.value_or(model.margin.value_or(0));
  std::vector<ClaimResult> conditions = conclusions::against_baseline(now, before, options.model, margin);
  if (conditions.empty())
    throw core::UserError(
        fmt::format("{}: the study {} has no variant there that it has now", options.baseline, model.study));
  for (ClaimResult& condition : conditions) condition.claim = 1;
  conclusions::GateItem item = conclusions::items_of(conditions).at(0);
  item.name = "baseline";
  return item;
}

void check(const CheckOptions& options, Context& context) {
  const ResultsStore results = open_results(context);
  const std::string study = select_study(results.store, options.study);
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(results.store, context.runs, study, conclusions::Reading::kScores);
  const conclusions::Conclusions model = conclusions::conclude(inputs, options.model);
  conclusions::Gate gate{.study = study, .allowed = options.model.allowed, .items = items_of(model.claims)};
  if (!options.baseline.empty()) gate.items.push_back(baseline_item(options, context, inputs, model));
  if (gate.items.empty())
    throw core::UserError(fmt::format(
        "{}: nothing to check: the experiment file claims nothing ([[claim]]), and there is no --baseline",
        study));
  if (!options.junit.empty()) core::write_file_atomically(options.junit, to_junit(gate));
  if (context.format == "json")
    fmt::print("{}\n", to_json(gate).dump(2, ' ', false, Json::error_handler_t::replace));
  else
    fmt::print("{}", render(gate_table(gate), context.format));
  std::fflush(stdout);
  for (const conclusions::GateItem& item : gate.items) {
    fmt::print(stderr, "{}: {}\n", item.name, item.outcome);
    for (const ClaimResult& condition : item.conditions)
      fmt::print(stderr, "  {}: {}, because {}\n", condition.text, condition.outcome, condition.why);
  }
  if (!gate.allowed.empty())
    note(fmt::format("differences in {} were waived (--allow)", fmt::join(gate.allowed, ", ")));
  context.exit_code = exit_code_of(gate);
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("check", "Gate: do the claims of a study hold, and is nothing worse than before?");
  const auto options = std::make_shared<CheckOptions>();
  std::vector<std::string> metrics;
  for (const core::Measure& metric : core::kMetrics) metrics.emplace_back(metric.key);
  command->add_option("study", options->study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command->add_option("--baseline", options->baseline,
                      "An older results.sqlite: no variant may be worse than there, paired by seed");
  command
      ->add_option("--margin", options->margin,
                   "By how much it may be worse (default: the experiment file's margin, else 0)")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--metric", options->model.metric,
                   "What the baseline is compared by (default: what the "
                   "variants select by)")
      ->check(CLI::IsMember(metrics));
  add_allow_option(*command, options->model.allowed);
  command->add_option("--junit", options->junit, "Write the outcome as JUnit XML to this file, too");
  command->footer(
      "A claim with several conditions holds when all of them do. Exit codes: 0 all hold, 1 one is\n"
      "refuted, 4 one is inconclusive, 5 trials are not comparable (other data or images, device,\n"
      "driver, precision; of times also other CPUs or threads).\n\n"
      "Examples:\n"
      "  segbench check unet-size-study\n"
      "  segbench check unet-size-study --junit claims.xml --format json\n"
      "  segbench check unet-size-study --baseline old.sqlite --margin 0.005\n"
      "  segbench check unet-size-study --allow driver");
  command->callback([options, &context] { check(*options, context); });
}

}  // namespace segbench::cli
