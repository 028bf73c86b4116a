// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <set>

#include "harness/cli/command.h"
#include "harness/cli/comparison.h"
#include "harness/cli/replication_table.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/cli/sensitivity_table.h"
#include "harness/cli/table.h"
#include "harness/core/measures.h"
#include "harness/run/select_name.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/conclusions.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

/// Lines of a search that are shown to people.
constexpr std::size_t kMostDraws = 20;

struct CompareOptions {
  std::string study;
  conclusions::Options model;
  std::vector<std::string> variants;
  bool published = false, tests = false;
};

/// Keeps the variants that --variant names by unique beginnings.
void keep_wanted(conclusions::StudyInputs& inputs, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  std::set<std::string> labels;
  std::vector<std::string> kept;
  for (const conclusions::TrialInputs& trial : inputs.trials) labels.insert(trial.record.variant_label);
  for (const std::string& name : wanted)
    kept.push_back(run::select_name(name, {labels.begin(), labels.end()}, "variant"));
  conclusions::keep_variants(inputs, kept);
}

void compare(const CompareOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  const std::string study = select_study(store, options.study);
  conclusions::StudyInputs inputs = conclusions::load_inputs(
      store, context.runs, study, conclusions::Reading::kScores,
      options.tests ? "" : options.model.split);  // --tests sets both splits side by side
  keep_wanted(inputs, options.variants);
  const conclusions::Conclusions model = conclusions::conclude(inputs, options.model);
  if (!model.not_comparable.empty()) {
    throw core::UserError(not_comparable_text(model.not_comparable, model.split), core::kNotComparable);
  }
  if (options.published && model.published.empty())
    throw core::UserError(fmt::format("the study {} has no [[published]] numbers", study));
  const std::vector<conclusions::Sensitivity> by_test =
      options.tests ? sensitivity_of(model) : std::vector<conclusions::Sensitivity>();
  Table table = options.published ? replication_table(model)
                : options.tests   ? sensitivity_table(model, by_test)
                                  : comparison_table(model);
  const std::size_t rows = table.rows.size();
  const bool is_cut = model.search && !options.published && rows > kMostDraws &&
                      (context.format == "table" || context.format == "md");
  if (is_cut) table.rows.resize(kMostDraws);
  fmt::print("{}", render(table, context.format));
  std::fflush(stdout);
  if (is_cut)
    note(fmt::format("the {} best on the selection split; {} more with --format csv or json", kMostDraws,
                     rows - kMostDraws));
  for (const std::string& text : verdict_lines(model)) fmt::print(stderr, "{}\n", text);
  if (options.tests)
    for (const std::string& text : sensitivity_lines(model, by_test)) note(text);
  for (const std::string& text : notes_on(model)) note(text);
  if (const std::string text = intervals_note(model); !text.empty() && !options.published && !options.tests)
    note(text);
  if (!model.allowed.empty())
    note(fmt::format("differences in {} were waived (--allow)", fmt::join(model.allowed, ", ")));
  for (const std::string& text : comparison_warnings(model)) fmt::print(stderr, "warning: {}\n", text);
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "compare", "Compare the variants of a study: means with intervals, best of n, paired differences");
  const auto options = std::make_shared<CompareOptions>();
  std::vector<std::string> metrics;
  for (const core::Measure& metric : core::kMetrics) metrics.emplace_back(metric.key);
  command->add_option("study", options->study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command
      ->add_option("--metric", options->model.metric,
                   "What to compare by (default: what the variants select by)")
      ->check(CLI::IsMember(metrics));
  command->add_option("--split", options->model.split, "Images that are scored")
      ->check(CLI::IsMember({"test", "selection"}))
      ->capture_default_str();
  command->add_flag(
      "--tests", options->tests,
      "Every variant against the leader by other tests, effect sizes and robust summaries: does the "
      "difference hang on the test?");
  add_allow_option(*command, options->model.allowed);
  command->add_option("--variant", options->variants,
                      "Only this variant (a unique beginning of its label); may be repeated");
  command->add_flag("--published", options->published,
                    "Instead: every [[published]] number with ours in its place, by its metric and by what "
                    "the experiment file names as causes of a difference");
  command->footer(
      "Examples:\n  segbench compare\n  segbench compare size-study --metric miou --format csv > scores.csv\n"
      "  segbench compare --variant small --variant medium");
  command->callback([options, &context] { compare(*options, context); });
}

}  // namespace segbench::cli
