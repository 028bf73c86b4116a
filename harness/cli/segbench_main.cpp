// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/cli/command.h"
#include "harness/cli/help_format.h"
#include "harness/cli/terminal.h"
#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/json_problem.h"
#include "harness/core/streams.h"
#include "harness/core/text.h"
#include "harness/core/version.h"

namespace segbench::cli {
namespace {

constexpr std::size_t kHelpWidth = 100;  ///< longer lines are hard to read

constexpr const char* kExamples =
    "Examples:\n"
    "  segbench plan experiments/quickstart.toml     what would be run, how large, for how long\n"
    "  segbench run experiments/quickstart.toml      train every trial; run it again to continue\n"
    "  segbench compare quickstart                   the variants in one table\n"
    "  segbench check quickstart                     do its claims hold? (for CI)\n"
    "  segbench report quickstart                    one HTML file with everything\n"
    "  segbench SUBCOMMAND --help                    options and examples\n\n"
    "Exit codes: 0 success, 1 a trial failed, 2 usage or experiment file, 3 the data audit refused,\n"
    "4 inconclusive, 5 not comparable, 69 the GPU is not there, 70 internal error, 75 try again later, 128+n "
    "signal n.";

void add_subcommands(CLI::App& app, Context& context) {
  add_init(app, context);
  add_plan(app, context);
  add_audit(app, context);
  add_run(app, context);
  add_submit(app, context);
  add_task(app, context);
  add_cancel(app, context);
  add_status(app, context);
  add_compare(app, context);
  add_check(app, context);
  add_metrics(app, context);
  add_report(app, context);
  add_serve(app, context);
  add_predict(app, context);
  add_submission(app, context);
  add_verify(app, context);
  add_profile(app, context);
  add_models(app, context);
  add_parts(app, context);
  add_data(app, context);
  add_import(app, context);
  add_export(app, context);
  add_selftest(app, context);
}

/// The first word that is neither an option nor the value of a global one.
std::string_view first_word(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--runs" || word == "--format")
      ++i;
    else if (word.empty() || word[0] != '-')
      return word;
  }
  return {};
}

std::vector<std::string> subcommands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

/// The error's own words, or which subcommands there are where one of them is missing.
std::string describe(const CLI::ParseError& error, const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  const std::vector<std::string> names = subcommands_of(*at);
  if (at == &app || names.empty()) return error.what();
  return fmt::format("{} needs a subcommand: {}", at->get_name(), fmt::join(names, ", "));
}

void refuse_unknown_subcommand(const CLI::App& app, int argc, char** argv) {
  const std::string word(first_word(argc, argv));
  const std::vector<std::string> names = subcommands_of(app);
  if (word.empty() || std::find(names.begin(), names.end(), word) != names.end()) return;
  throw core::UserError(fmt::format("unknown command \"{}\"{}; commands: {}", word,
                                    core::did_you_mean(word, names), fmt::join(names, ", ")));
}

int complain(std::string_view text, int exit_code) {
  for (const std::string& line : core::split(text, '\n')) fmt::print(stderr, "segbench: {}\n", line);
  return exit_code;
}

/// `exit_code`, or 1 when what was printed could not be written.
int finish(int exit_code) {
  const std::string problem = core::output_problem();
  if (problem.empty()) return exit_code;
  complain("standard output cannot be written: " + problem, 0);
  return exit_code == core::kSuccess ? core::kTrialFailed : exit_code;
}

int complain_of_ourselves(std::string_view what) {
  return complain(
      fmt::format("internal error: {}\nThis is a defect of Segbench {}, not of your input. Please report it "
                  "with the command and this message.",
                  what, core::kVersion),
      core::kInternalError);
}

int run(int argc, char** argv) {
  Context context;
  CLI::App app("Segbench answers one question honestly: which segmentation model should I pick?", "segbench");
  app.set_version_flag(
      "--version", fmt::format("segbench {} ({}, {})", core::kVersion, core::kCompiler, core::kBuildType));
  app.option_defaults()->always_capture_default();
  app.add_option("--runs", context.runs, "Folder of trials, caches and results")->envname("SEGBENCH_RUNS");
  app.add_option("--format", context.format, "How tables are printed")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv", "md"}));
  app.formatter(std::make_shared<HelpFormat>(std::min<std::size_t>(output_width(), kHelpWidth)));
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(kExamples);
  app.option_defaults()->always_capture_default(false);
  add_subcommands(app, context);
  if (argc == 1) {
    fmt::print(stderr, "{}", app.help());
    return core::kUsage;
  }
  try {
    refuse_unknown_subcommand(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream out, err;
      app.exit(error, out, err);
      fmt::print("{}", out.str());
      return core::kSuccess;
    }
    return complain(fmt::format("{}\nMore with --help.", describe(error, app)), core::kUsage);
  }
  return context.exit_code;
}

}  // namespace
}  // namespace segbench::cli

namespace {

int run_guarded(int argc, char** argv) {
  using namespace segbench;
  try {
    return cli::finish(cli::run(argc, argv));
  } catch (const core::UserError& error) {
    std::fflush(stdout);
    for (const core::Problem& problem : error.problems()) cli::complain(problem.to_string(), 0);
    return cli::finish(error.exit_code());
  } catch (const std::bad_alloc&) {
    return cli::complain(
        "out of memory: a limit of this session (`ulimit -v` shows and raises it), or of the machine",
        core::kTrialFailed);
  } catch (const std::filesystem::filesystem_error& error) {
    return cli::complain(
        fmt::format("{}: {}", error.path1().string(), core::system_message(error.code().value())),
        core::kTrialFailed);
  } catch (const std::system_error& error) {
    return cli::complain(fmt::format("the system refused: {}", core::system_message(error.code().value())),
                         core::kTrialFailed);
  } catch (const core::Json::exception& error) {
    return cli::complain(
        fmt::format(
            "a stored file is damaged or was edited: {}\n`segbench import --rebuild` makes results.sqlite "
            "anew; a study.json is written anew by `segbench run`",
            core::json_problem(error)),
        core::kTrialFailed);
  } catch (const std::exception& error) {
    return cli::complain_of_ourselves(error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  segbench::core::guard_streams();
  const int exit_code = run_guarded(argc, argv);
  // Libraries that could not start their threads under a memory limit wait for them for ever in their
  // destructors; everything of ours is done.
  std::fflush(nullptr);
  std::_Exit(exit_code);
}
