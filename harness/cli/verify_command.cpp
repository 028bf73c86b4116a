// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "harness/cli/command.h"
#include "harness/cli/run_display.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/cli/terminal.h"
#include "harness/core/determinism.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/run/rerun.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"
#include "harness/run/trial_cache.h"
#include "harness/trial/files.h"
#include "harness/trial/standing.h"
#include "results/store/store_keeper.h"

namespace segbench::cli {
namespace {

using core::Json;

/// Folders of the trials to verify: one trial, or every complete one of a study.
std::vector<std::filesystem::path> trials_to_verify(const Context& context, const std::string& argument) {
  const auto studies = run::studies_under(context.runs);
  const auto is_study = [&](const std::string& name) {
    return !argument.empty() && name.starts_with(argument);
  };
  const bool names_study = argument.empty() || argument.ends_with(".toml") ||
                           std::any_of(studies.begin(), studies.end(), is_study);
  if (!names_study) return {run::find_trial(context.runs, argument)};
  std::vector<std::filesystem::path> folders;
  for (const run::ListedTrial& trial :
       run::list_trials(context.runs, run::find_study(context.runs, argument))) {
    const trial::TrialStanding state = trial::read_trial_standing(trial.folder);
    if (state.status == core::TrialStatus::kComplete || state.unproven) folders.push_back(trial.folder);
  }
  if (folders.empty())
    throw core::UserError("no trial of the study is complete; segbench run completes them");
  return folders;
}

enum class Finding { kAsPromised, kLess, kDamaged };

/// What shows without running the trial again: its log or its files are not what it left.
std::string stored_defect(const std::filesystem::path& folder) {
  if (const trial::TrialStanding state = trial::read_trial_standing(folder); state.unproven)
    return state.message;
  for (const char* name : {core::kWeightsFile, core::kPredictionsFile}) {
    if (std::string defect = trial::file_defect(folder, name); !defect.empty()) return defect;
  }
  return "";
}

/// Verifies trials one by one; what is found becomes rows of a table and notes.
class Verifier {
 public:
  explicit Verifier(RunDisplay& display) : display_(display) {}

  Finding verify(const std::filesystem::path& folder) {
    const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
    if (!spec.variant.ensemble.empty()) {
      notes_.push_back(fmt::format("{}: an ensemble is not trained; verify its members", spec.trial_id));
      return Finding::kAsPromised;
    }
    if (const std::string defect = stored_defect(folder); !defect.empty()) {
      table_.rows.push_back(
          {spec.variant_label, spec.seed, spec.trial_id, Json(), Json(), Json(), "damaged", Json(), defect});
      return Finding::kDamaged;
    }
    const run::TrialMeans means = run::means_of(folder);
    const bool is_writable = ::access(folder.c_str(), W_OK) == 0;
    const run::ScratchFolder scratch(is_writable ? folder.parent_path().parent_path()
                                                 : run::temporary_folder());
    const auto cache = run::sound_cache(spec, folder, scratch.path() / core::kCacheFolder, notes_);
    const std::filesystem::path rerun = scratch.path() / spec.trial_id;
    const run::RerunComparison comparison = run::rerun_trial(folder, rerun, worker_, display_, cache);
    if (!is_writable)
      notes_.push_back(fmt::format("{} cannot be written, so the grade is not kept", folder.string()));
    if (is_writable)
      core::write_file_atomically(folder / core::kDeterminismFile,
                                  run::to_json(comparison, means.device, means.threads).dump(1) + '\n');
    const auto& difference = comparison.largest_iou_difference;
    table_.rows.push_back({spec.variant_label, spec.seed, spec.trial_id, means.device, means.threads,
                           to_string(means.promised), to_string(comparison.grade),
                           difference ? Json(*difference) : Json(), comparison.first_difference});
    if (comparison.grade <= means.promised) return Finding::kAsPromised;
    const auto differences = run::environment_differences(folder, rerun);
    notes_.push_back(differences.empty()
                         ? fmt::format("{}: the rerun had the environment that is recorded, so the "
                                       "difference lies in the trial's "
                                       "files (was its log edited?) or in the device",
                                       spec.trial_id)
                         : fmt::format("{}: the environments differ, which may be the cause: {}",
                                       spec.trial_id, fmt::join(differences, "; ")));
    return Finding::kLess;
  }

  const Table& table() const { return table_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  RunDisplay& display_;
  run::WorkerSettings worker_{.program = run::find_worker()};
  std::vector<std::string> notes_;
  Table table_{.columns = {{"variant"},
                           number_column("seed", 0),
                           {"trial"},
                           {"device"},
                           number_column("threads", 0),
                           {"promised"},
                           {"grade"},
                           number_column("largest_iou_difference", 6),
                           {"first_difference"}}};
};

void verify(const std::string& argument, Context& context) {
  const std::vector<std::filesystem::path> folders = trials_to_verify(context, argument);
  bool less = false, damaged = false;
  std::optional<store::StoreKeeper> store;  // a trial's folder that is named may lie elsewhere
  if (*std::filesystem::relative(folders.front(), context.runs).begin() != ".." &&
      ::access(context.runs.c_str(), W_OK) == 0) {
    store.emplace(store_file(context), context.runs,
                  [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
  }
  const DisplayTotals totals{
      .study = "verify", .planned = folders.size(), .complete = 0, .to_run = folders.size()};
  auto display = is_live_terminal() ? make_live_display(totals, stderr_port())
                                    : make_plain_display(totals, stderr_port());
  Verifier verifier(*display);
  for (const auto& folder : folders) {
    const Finding finding = verifier.verify(folder);
    less |= finding == Finding::kLess;
    damaged |= finding == Finding::kDamaged;
    if (store) store->take_in_trial(folder);
  }
  display.reset();
  if (store) store->finish();
  fmt::print("{}", render(verifier.table(), context.format));
  std::fflush(stdout);
  for (const std::string& text : verifier.notes()) note(text);
  if (less) note("a trial differs from its rerun by more than was promised");
  if (damaged)
    note(
        "the stored files of a trial are not what it left: put back a copy of them, or move its folder away "
        "and let "
        "segbench run train it again");
  if (less || damaged) context.exit_code = core::kTrialFailed;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  const auto argument = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("verify", "Run complete trials once more and compare every number");
  command->add_option("TRIAL_OR_STUDY", *argument,
                      "A trial's id (a unique beginning) or folder, or a study: all of its complete trials");
  command->footer(
      "First the stored weights, predictions and the log are held against the hashes that the trial recorded "
      "(grade\n"
      "\"damaged\" when one does not fit), and a decode cache that was deleted or is damaged is built again. "
      "Then the "
      "rerun\n"
      "runs in a temporary folder with the trial's device and threads; weights and events are compared "
      "apart\n"
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
