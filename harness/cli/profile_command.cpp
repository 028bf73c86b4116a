// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "harness/cli/command.h"
#include "harness/cli/engine_options.h"
#include "harness/cli/interrupts.h"
#include "harness/cli/models_options.h"
#include "harness/cli/profile_answers.h"
#include "harness/cli/profile_display.h"
#include "harness/cli/run_options.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/machine.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/profile/carry_out.h"
#include "harness/profile/machine_state.h"
#include "harness/profile/session.h"
#include "harness/run/outcome.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"
#include "harness/run/study_lock.h"
#include "harness/run/worker.h"
#include "reports/profile/page.h"
#include "reports/profile/tables.h"
#include "results/profiles/conclude.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

using core::Json;
namespace fs = std::filesystem;

struct ProfileOptions {
  std::string file, name, session, reference, format, budget, prepare;
  GateOptions gate;
  std::vector<std::string> overrides, models, engines, commands, resolution, precision, memory_format, device,
      images;
  std::vector<double> widths;
  std::vector<std::int64_t> batch, threads;
  std::optional<double> seconds;
  std::optional<std::int64_t> classes;
  bool list_engines = false, again = false, show = false, report = false, undisturbed = false, quiet = false;
};

/// What `--engines` prints.
Table engines_table(const std::vector<profile::FoundEngine>& engines) {
  Table table;
  table.columns = {{"engine"}, {"version"}, {"reads"}, {"devices"}, {"precisions"}, {"get"}};
  for (const profile::FoundEngine& engine : engines) {
    if (engine.description) {
      const engines::Description& can = *engine.description;
      const auto join = [](const std::vector<std::string>& words) {
        return fmt::format("{}", fmt::join(words, " "));
      };
      table.rows.push_back(
          {engine.program.name, can.version, join(can.reads), join(can.devices), join(can.precisions), ""});
    } else {
      table.rows.push_back({engine.program.name, Json(), Json(), Json(), Json(), engine.program.get});
    }
  }
  return table;
}

study::Profile read_profile(const ProfileOptions& options) {
  study::Profile profile;
  if (!options.file.empty()) {
    profile = study::load_profile(options.file, options.overrides);
  } else if (!options.overrides.empty()) {
    throw core::UserError(
        "--set changes an experiment file; without one there are --models, --batch and the others");
  }
  const auto set = [&](const char* key, const auto& value) {
    if (!value.empty()) study::set_profile_key(profile.settings, key, value);
  };
  set("models", options.models), set("widths", options.widths), set("batch", options.batch);
  set("resolution", options.resolution), set("precision", options.precision);
  set("memory_format", options.memory_format), set("threads", options.threads);
  set("device", options.device), set("engines", options.engines), set("images", options.images);
  if (options.seconds) study::set_profile_key(profile.settings, "seconds", *options.seconds);
  if (options.classes) study::set_profile_key(profile.settings, "classes", *options.classes);
  for (auto& [name, command] : own_engines(options.commands)) profile.settings.commands[name] = command;
  if (!options.name.empty()) profile.name = options.name;
  if (profile.settings.models.empty())
    throw core::UserError(
        "nothing to measure: name an experiment file with [profile], or --models unet:small,unet:full");
  return profile;
}

void list_engines(const ProfileOptions& options, const std::string& format) {
  Interrupts interrupts;
  const run::ScratchFolder scratch(run::temporary_folder());
  std::map<std::string, std::vector<std::string>> own = own_engines(options.commands);
  if (!options.file.empty())
    own.merge(study::load_profile(options.file, options.overrides).settings.commands);
  const auto found = unless_interrupted(interrupts, [&] {
    return profile::find_engines(profile::known_engines(scratch.path(), own), scratch.path() / "engines.log",
                                 interrupts.asked());
  });
  fmt::print("{}", render(engines_table(found), format));
  for (const profile::FoundEngine& engine : found) {
    if (!engine.missing.empty()) note(fmt::format("{}: {}", engine.program.name, engine.missing));
  }
}

/// The unfinished session that can be gone on with, or the finished one that says it all; "" for none.
fs::path session_to_take_up(const profile::Plan& plan, const fs::path& runs) {
  const std::vector<fs::path> sessions = profiles::find_sessions(runs, plan.profile.name);
  if (sessions.empty()) return {};
  profiles::ProfileLog log;
  try {
    log = profiles::read_profile_log(sessions.back() / profiles::kProfileLog);
  } catch (const core::UserError& error) {
    note(fmt::format("the last session is not gone on with: {}", error.what()));
    return {};
  }
  std::vector<std::string> planned, logged;
  for (const profile::Row& row : plan.rows) planned.push_back(row.id);
  for (const profiles::RowLog& row : log.rows) logged.push_back(row.id);
  const bool same = planned == logged && log.header.at("settings") == to_json(plan.profile.settings) &&
                    log.header.at("machine").value("host", "") == core::host_name();
  return same ? sessions.back() : fs::path();
}

std::string new_session_name() {
  std::string name = core::utc_timestamp().substr(0, 19);
  std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
  return name;
}

/// Measures what is not measured yet; returns the session's folder.
fs::path measure(const ProfileOptions& options, Context& context) {
  const study::Profile profile = read_profile(options);
  const fs::path folder = context.runs / profile.name / profiles::kProfileFolder;
  run::require_writable(context.runs / profile.name);
  fs::create_directories(folder);
  const core::FileLock lock = run::lock_study(folder);
  Interrupts interrupts;
  const auto known = profile::known_engines(folder / "engines", profile.settings.commands);
  const auto found = unless_interrupted(interrupts, [&] {
    return profile::find_engines(profile::asked_for(known, profile.settings.engines), folder / "engines.log",
                                 interrupts.asked());
  });
  const profile::Plan plan = profile::make_plan(profile, found, context.runs);
  fs::path session = options.again ? fs::path() : session_to_take_up(plan, context.runs);
  if (session.empty()) {
    session = folder / new_session_name();
  } else if (!options.quiet) {
    const bool finished = !profiles::read_profile_log(session / profiles::kProfileLog).finished.empty();
    note(finished ? fmt::format("measured already, in session {}; --again measures anew",
                                session.filename().string())
                  : fmt::format("going on with session {}", session.filename().string()));
  }
  const auto display =
      make_profile_display(profile.settings.seconds, profile.settings.median_within, options.quiet);
  core::Json machine = profile::describe_machine();
  if (!fs::exists(session / profiles::kProfileLog)) {
    if (!options.quiet) note("measuring the fastest matrix product and copy of this machine");
    machine["ceilings"] = unless_interrupted(interrupts, [&] {
      return run::worker_ceilings(run::find_worker(), plan.rows.front().device, plan.rows.front().threads);
    });
  }
  const int ended = profile::run_session(
      plan,
      {.folder = session,
       .machine = machine,
       .open =
           [&](const profile::FoundEngine& engine, const fs::path& log, int threads) {
             return profile::start_engine(engine.program.command, log, threads, interrupts.asked());
           },
       .interrupted = [&] { return interrupts.signal(); }},
      *display);
  try {
    store::Store::open(store_file(context)).import_profile(session, context.runs);
  } catch (const core::UserError& error) {
    note(fmt::format("the results database has not taken it in: {}", error.what()));
  }
  if (ended != 0) {
    note("interrupted; the same command goes on");
    context.exit_code = run::kSignalBase + ended;
  }
  return session;
}

/// The session that is asked for, else the last one.
fs::path find_session(const ProfileOptions& options, const Context& context) {
  const std::string name = !options.name.empty()  ? options.name
                           : options.file.empty() ? study::Profile().name
                           : fs::exists(options.file)
                               ? study::load_profile(options.file, options.overrides).name
                               : options.file;
  const std::vector<fs::path> sessions = profiles::find_sessions(context.runs, name);
  if (sessions.empty())
    throw core::UserError(
        fmt::format("{}: there is no profile of that name in {}", name, context.runs.string()));
  for (const fs::path& session : sessions) {
    if (session.filename() == options.session) return session;
  }
  if (!options.session.empty())
    throw core::UserError(fmt::format("{} has no session {}; its last one is {}", name, options.session,
                                      sessions.back().filename().string()));
  return sessions.back();
}

void show(const fs::path& session, const ProfileOptions& options, const std::string& format,
          Context& context) {
  profiles::ProfileLog log = profiles::read_profile_log(session / profiles::kProfileLog);
  if (options.undisturbed) profiles::leave_out_disturbed(log);
  profiles::ProfileResults results = profiles::conclude(log, options.reference);
  add_scores(results, context);
  if (!options.budget.empty()) {
    context.exit_code = answer_budget(results, options.budget, format);
    return;
  }
  if (!options.gate.baseline.empty()) {
    context.exit_code = answer_gate(results, options.gate, format);
    return;
  }
  if (options.report) {
    const reports::ProfilePage page = reports::write_profile_page(results, log, session / "report");
    for (const std::string& warning : page.warnings) note(warning);
    fmt::print(stderr, "{}\n", page.file.string());
  }
  if (format == "google-benchmark")
    fmt::print("{}", reports::google_benchmark_json(log, results));
  else if (format == "json")
    fmt::print("{}\n", to_json(results).dump(1));
  else
    fmt::print("{}", render(reports::profile_table(results), format));
  if (format == "table" || format == "md") {
    for (const text::Table& table :
         {reports::choices_table(results), reports::engines_table(results), reports::passes_table(results)}) {
      if (!table.rows.empty()) fmt::print("\n{}", render(table, format));
    }
  }
  std::fflush(stdout);
  for (const std::string& text : reports::notes_on(results)) note(text);
  const bool failed = std::any_of(results.rows.begin(), results.rows.end(),
                                  [](const profiles::RowResult& row) { return !row.failure.empty(); });
  if (failed && context.exit_code == core::kSuccess) context.exit_code = core::kTrialFailed;
}

void run_profile(const ProfileOptions& options, Context& context) {
  const std::string format = options.format.empty() ? context.format : options.format;
  if (options.list_engines) return list_engines(options, format);
  if (!options.prepare.empty())
    return profile::carry_out_profile(read_profile(options), context.runs, options.prepare);
  const fs::path session = options.show ? find_session(options, context) : measure(options, context);
  show(session, options, format, context);
}

void add_axes(CLI::App& command, ProfileOptions& options) {
  const auto axis = [&](const char* name, auto& values, const char* help) {
    return command.add_option(name, values, help)->delimiter(',')->allow_extra_args(false);
  };
  axis("--models", options.models,
       "Networks: architecture:size, trials, .onnx or .pt files; comma-separated");
  axis("--engine", options.engines, "Engines to measure; default: all that are there (--engines lists them)");
  axis("--batch", options.batch, "Images at once")->check(check_positive);
  axis("--resolution", options.resolution, "HEIGHTxWIDTH")->check(check_image_size);
  axis("--widths", options.widths, "Of networks with fresh weights")->check(check_positive);
  axis("--precision", options.precision, "float32, bfloat16, float16, int8");
  axis("--memory-format", options.memory_format, "contiguous, channels_last; of LibTorch and PyTorch");
  axis("--threads", options.threads, "Of each engine; default: the usable CPUs")->check(check_positive);
  axis("--device", options.device, "cpu, cuda or cuda:N")->check(check_device);
  axis("--images", options.images, "Image files on which outputs are checked");
  command.add_option("--classes", options.classes, "Outputs of networks with fresh weights, or of a file");
  command.add_option("--seconds", options.seconds, "At most so long in rounds")->check(check_positive);
  add_engine_command(command, options.commands);
}

}  // namespace

void add_profile(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ProfileOptions>();
  CLI::App* command = app.add_subcommand(
      "profile", "Measure how long networks take to predict, with every engine that is there");
  command->add_option("FILE", options->file, "Experiment file with a table [profile]");
  command->add_option("--set", options->overrides, "Override a setting, profile.key=value; may be repeated")
      ->allow_extra_args(false);
  add_axes(*command, *options);
  command->add_option("--name", options->name, "Of the profile, without a file; default: profile");
  command->add_flag("--engines", options->list_engines,
                    "List the engines: which are there, in which version, and how to get the others");
  command->add_flag("--again", options->again, "Measure anew what is measured already");
  command->add_flag("--show", options->show, "Measure nothing: show what was measured");
  command->add_option("--prepare", options->prepare,
                      "Measure nothing: write networks and images into this folder, for a machine without "
                      "segbench (docs/gpu.md)");
  command->add_option("--session", options->session, "Of which session; default: the last one")
      ->needs("--show");
  command->add_option(
      "--reference", options->reference,
      "Row that others are compared with (the beginning of its label), or the engine that each network is "
      "compared with; default: the first row of each image size and batch");
  command->add_flag("--undisturbed", options->undisturbed,
                    "Leave out rounds in which others used the machine");
  command->add_option("--budget", options->budget,
                      "Name the best row that is inside a time or a memory: 10ms, 0.2s, 2GB");
  command->add_option(
      "--baseline", options->gate.baseline,
      "A profile that --format json wrote: exit 1 where a row has become slower, 4 undecided");
  command->add_option("--tolerance", options->gate.tolerance, "Of --baseline: what may become slower")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command->add_flag("--across-sessions", options->gate.across_sessions,
                    "Of --baseline: compare times of different sessions or machines all the same");
  command->add_option("--format", options->format, "table, json, csv, md or google-benchmark")
      ->check(CLI::IsMember({"table", "json", "csv", "md", "google-benchmark"}));
  command->add_flag("--report", options->report, "Write an HTML page with the tables and figures, too");
  command->add_flag("--quiet,-q", options->quiet, "Show failures only");
  command->footer(
      "All rows are measured in one session, in rounds of random order. An engine whose output is not that "
      "of\n"
      "eager LibTorch fails. Stop it, kill it, run it again: it goes on. docs/profile.md says what the "
      "numbers are.\n"
      "Exit codes: 0 every row is measured, 1 one failed or is slower than the baseline, 2 usage, 4 "
      "undecided,\n"
      "5 not comparable, 128+n signal n.\n\n"
      "Examples:\n"
      "  segbench profile --engines\n"
      "  segbench profile --models unet:small,unet:full --batch 1,8 --resolution 96x128 --seconds 60\n"
      "  segbench profile experiments/profile_quickstart.toml\n"
      "  segbench profile --models net.onnx --classes 11 --engine onnxruntime,opencv_dnn\n"
      "  segbench profile experiments/profile_quickstart.toml --show --budget 5ms\n"
      "  segbench profile experiments/profile_quickstart.toml --show --format csv > times.csv");
  command->callback([options, &context] { run_profile(*options, context); });
}

}  // namespace segbench::cli
