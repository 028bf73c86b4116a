// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "harness/cli/command.h"
#include "harness/cli/run_display.h"
#include "harness/cli/runs_folder.h"
#include "harness/cli/scratch_folder.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/cli/take_in.h"
#include "harness/cli/terminal.h"
#include "harness/core/determinism.h"
#include "harness/core/files.h"
#include "harness/run/trial_state.h"
#include "harness/run/twin_run.h"

namespace segbench::cli {
namespace {

using core::Json;

/// Folders of the trials to verify: one trial, or every complete one of a study.
std::vector<std::filesystem::path> trials_to_verify(const Context& context, const std::string& argument) {
  const auto studies = studies_under(context.runs);
  const auto is_study = [&](const std::string& name) {
    return !argument.empty() && name.starts_with(argument);
  };
  const bool names_study = argument.empty() || argument.ends_with(".toml") ||
                           std::any_of(studies.begin(), studies.end(), is_study);
  if (!names_study) return {find_trial(context, argument)};
  std::vector<std::filesystem::path> folders;
  for (const ListedTrial& trial : list_trials(context.runs, find_study(context, argument))) {
    if (run::read_trial_state(trial.folder).status == core::TrialStatus::kComplete)
      folders.push_back(trial.folder);
  }
  if (folders.empty())
    throw core::UserError("no trial of the study is complete; segbench run completes them");
  return folders;
}

/// Verifies one trial, writes determinism.json into its folder and adds its row; false when less was seen
/// than promised.
bool verify_trial(const std::filesystem::path& folder, const run::WorkerSettings& worker, RunDisplay& display,
                  Table& table) {
  const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
  const run::TrialMeans means = run::means_of(folder);
  const ScratchFolder scratch(folder.parent_path().parent_path());
  const run::TwinComparison comparison =
      run::run_twin(folder, scratch.path() / spec.trial_id, worker, display);
  core::write_file_atomically(folder / core::kDeterminismFile,
                              run::to_json(comparison, means.device, means.threads).dump(1) + '\n');
  const auto& difference = comparison.largest_iou_difference;
  table.rows.push_back({spec.variant_label, spec.seed, spec.trial_id, means.device, means.threads,
                        to_string(means.promised), to_string(comparison.grade),
                        difference ? Json(*difference) : Json(), comparison.first_difference});
  return comparison.grade <= means.promised;
}

void verify(const std::string& argument, Context& context) {
  const std::vector<std::filesystem::path> folders = trials_to_verify(context, argument);
  const run::WorkerSettings worker{.program = run::find_worker()};
  Table table;
  table.columns = {{"variant"},          {"seed", 0, true}, {"trial"}, {"device"},
                   {"threads", 0, true}, {"promised"},      {"grade"}, {"largest_iou_difference", 6, true},
                   {"first_difference"}};
  bool kept = true;
  std::optional<store::Store> store;  // a trial's folder that is named may lie elsewhere
  if (*std::filesystem::relative(folders.front(), context.runs).begin() != "..") {
    store = store::Store::open(store_file(context));
  }
  {
    const DisplayTotals totals{
        .study = "verify", .planned = folders.size(), .complete = 0, .to_run = folders.size()};
    const auto display = is_live_terminal() ? make_live_display(totals, stderr_port())
                                            : make_plain_display(totals, stderr_port());
    for (const auto& folder : folders) {
      kept = verify_trial(folder, worker, *display, table) && kept;
      if (store) take_in(*store, folder, context.runs, *display);
    }
  }
  fmt::print("{}", render(table, context.format));
  if (kept) return;
  note(
      "a trial differs from its twin by more than was promised; another machine, library or number of "
      "threads does that");
  context.exit_code = core::kTrialFailed;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  const auto argument = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("verify", "Run complete trials once more and compare every number");
  command->add_option("TRIAL_OR_STUDY", *argument,
                      "A trial's id (a unique beginning) or folder, or a study: all of its complete trials");
  command->footer(
      "The twin runs in a temporary folder with the trial's device and threads; weights and events are "
      "compared apart\n"
      "from times. Grades: bitwise (all equal), tolerance (no class's IoU differs by more than 0.001), "
      "seeded. The grade\n"
      "is kept in determinism.json in the trial's folder and in the store (table verifications).\n"
      "Exit code 1: less than the device promises.\n\n"
      "Examples:\n"
      "  segbench verify 3f2a\n"
      "  segbench verify quickstart --format md");
  command->callback([argument, &context] { verify(*argument, context); });
}

}  // namespace segbench::cli
