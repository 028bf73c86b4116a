// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/run_options.h"
#include "harness/core/machine.h"
#include "harness/run/runs_folder.h"
#include "harness/run/scratch_folder.h"
#include "harness/run/signals.h"
#include "harness/serve/listener.h"
#include "harness/serve/service.h"

namespace segbench::cli {
namespace {

constexpr int kNiceness = 10;  ///< the trials come first

struct ServeOptions {
  std::string study, host = "127.0.0.1", device = "cpu";
  int port = 0;
  bool token = false, no_plots = false;
};

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// What a browser on another machine, or on this one, is given.
std::string address_of(const std::string& host, int port, const std::string& token) {
  const bool is_everywhere = host == "0.0.0.0" || host == "::";
  std::string name = is_everywhere ? core::host_name() : host;
  if (name.find(':') != std::string::npos) name = '[' + name + ']';
  return fmt::format("http://{}:{}/{}", name, port, token.empty() ? "" : "?token=" + token);
}

void wait_for_a_signal(run::SignalWatch& signals) {
  while (signals.take().empty()) {
    pollfd polled{signals.descriptor(), POLLIN, 0};
    ::poll(&polled, 1, -1);
  }
}

void serve_study(const ServeOptions& options, const Context& context) {
  const std::string study = run::find_study(context.runs, options.study);
  const bool needs_token = options.token || !serve::is_loopback(options.host);
  ::setpriority(PRIO_PROCESS, 0, kNiceness);  // threads and processes that begin here have it, too
  run::SignalWatch signals;
  const run::ScratchFolder scratch(run::temporary_folder());
  serve::Service service({.runs = context.runs,
                          .study = study,
                          .scratch = scratch.path(),
                          .program = std::filesystem::read_symlink("/proc/self/exe"),
                          .device = options.device,
                          .plots = !options.no_plots});
  const serve::Access access{.token = needs_token ? serve::random_token() : "",
                             .hosts = {lower_case(options.host), lower_case(core::host_name())}};
  const serve::Listener listener(
      options.host, options.port,
      {.refuse = [&](const serve::Request& head) { return service.refuse(head, access); },
       .answer = [&](const serve::Request& request) { return service.answer(request); }});
  fmt::print("{}\n", address_of(options.host, listener.port(), access.token));
  std::fflush(stdout);
  fmt::print(stderr, "serving {}; Ctrl-C ends it\n", study);
  wait_for_a_signal(signals);
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "serve", "Show a study in a browser while it runs, and try its networks on an image");
  command->add_option("STUDY", options->study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command->add_option("--port", options->port, "Port to listen on; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command
      ->add_option("--host", options->host,
                   "Address or name of this machine to listen on; beyond loopback a token is needed")
      ->capture_default_str();
  command->add_flag("--token", options->token,
                    "Ask for a token on loopback, too: on a machine that others are logged in to");
  command->add_option("--device", options->device, "What predictions run on: auto, cpu, cuda or cuda:N")
      ->check(check_device)
      ->capture_default_str();
  command->add_flag("--no-plots", options->no_plots, "Do not run gnuplot for the report");
  command->footer(
      "Prints the address. Pages: all trials with their curves, each trial with its logs, the report, which "
      "is made\n"
      "anew when a trial has ended, and a form that shows what chosen trials make of an image. They keep "
      "themselves up\n"
      "to date. Nothing is written but reports and predictions in a temporary folder, which is removed at "
      "the end.\n\n"
      "Examples:\n"
      "  segbench serve quickstart\n"
      "  segbench serve quickstart --port 8000\n"
      "  segbench serve --host 0.0.0.0 --port 8000      for other machines: the address holds the token\n"
      "  curl http://127.0.0.1:8000/api/status.json\n\n"
      "More in docs/serve.md.");
  command->callback([options, &context] { serve_study(*options, context); });
}

}  // namespace segbench::cli
