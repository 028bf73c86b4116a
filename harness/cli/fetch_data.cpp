// SPDX-License-Identifier: MIT
#include "harness/cli/fetch_data.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/table.h"
#include "harness/cli/terminal.h"
#include "harness/core/text.h"
#include "harness/fetch/fetch_data_set.h"
#include "harness/run/signals.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

constexpr int kSignalExit = 128;

struct FetchDataOptions {
  std::string name;
  bool list = false;
  std::string folder, mirror;
};

void print_sources(const Context& context) {
  Table table{.columns = {{.key = "name"}, {.key = "size"}, {.key = "how"}, {.key = "terms"}}, .rows = {}};
  for (const fetch::DataSource& source : fetch::data_sources()) {
    table.rows.push_back(
        {source.name, source.size, source.files.empty() ? "needs an account" : "downloads", source.terms});
  }
  fmt::print("{}", render(table, context.format));
}

const fetch::DataSource& find_source(const std::string& name) {
  if (const fetch::DataSource* source = fetch::find_data_source(name)) return *source;
  std::vector<std::string> names;
  for (const fetch::DataSource& source : fetch::data_sources()) names.push_back(source.name);
  throw core::UserError(
      fmt::format("unknown data set \"{}\"; `segbench data fetch --list` shows the known ones{}", name,
                  core::did_you_mean(name, names)));
}

void show_fetching(const std::string& what, std::uint64_t done, std::optional<std::uint64_t> total) {
  const std::string text =
      what.starts_with("unpacking") ? fmt::format("{}: {} files", what, done)
      : total ? fmt::format("{}: {} of {}", what, core::human_bytes(done), core::human_bytes(*total))
              : fmt::format("{}: {}", what, core::human_bytes(done));
  fmt::print(stderr, "\r{}", text::padded(text::fit(text, terminal_width() - 1), terminal_width() - 1));
  std::fflush(stderr);
}

void run_fetch(const FetchDataOptions& options, Context& context) {
  if (options.list) {
    print_sources(context);
    return;
  }
  if (options.name.empty()) throw core::UserError("which data set? Name one of `segbench data fetch --list`");
  const fetch::DataSource& source = find_source(options.name);
  const bool live = is_live_terminal();
  run::SignalWatch signals;
  int signal = 0;
  const fetch::DataRequest request{
      .source = &source,
      .folder = options.folder.empty() ? std::filesystem::path("data") / source.name
                                       : std::filesystem::path(options.folder),
      .mirror = options.mirror,
      .progress = [&](const std::string& what, std::uint64_t done, std::optional<std::uint64_t> total) {
        if (live) show_fetching(what, done, total);
        const std::vector<int> asked = signals.take();
        if (!asked.empty()) signal = asked.front();
        return signal == 0;
      }};
  if (!source.files.empty())
    fmt::print(stderr, "{}: about {}; terms: {}\n", source.name, source.size, source.terms);
  const fetch::DataResult result = fetch::fetch_data_set(request);
  if (live) fmt::print(stderr, "\r{}\r", std::string(terminal_width() - 1, ' '));
  if (result.is_stopped) {
    fmt::print(stderr, "{}: interrupted; the same command goes on there\n", source.name);
    context.exit_code = kSignalExit + signal;
    return;
  }
  fmt::print(stderr,
             "{}: {} downloaded{}, {} files unpacked; set data.kind = \"{}\" and data.root to this folder, "
             "or let `segbench init` write a study for it\n",
             source.name, core::human_bytes(result.downloaded), result.resumed_from > 0 ? " (continued)" : "",
             result.files, source.name);
  fmt::print("{}\n", result.root.string());
}

}  // namespace

void add_fetch_data(CLI::App& data, Context& context) {
  const auto options = std::make_shared<FetchDataOptions>();
  CLI::App* command = data.add_subcommand(
      "fetch", "Download a public data set from its publisher and unpack it, or say how to get it");
  command->add_option("NAME", options->name, "a kind of data of the list");
  command->add_flag("--list", options->list, "what there is, how large it is and under which terms");
  command->add_option("--to", options->folder, "folder to unpack to; default: data/NAME");
  command->add_option("--mirror", options->mirror,
                      "take the archives from this address instead of the publisher's");
  command->footer(
      "Archives are checked against the publisher's checksum, where there is one, and kept in "
      "FOLDER/archives. An "
      "interrupted\n"
      "download is continued by the same command. The folder for data.root goes to stdout.\n\n"
      "Examples:\n"
      "  segbench data fetch --list\n"
      "  segbench data fetch oxford_pet\n"
      "  segbench data fetch voc2012 --to /data/voc");
  command->callback([options, &context] { run_fetch(*options, context); });
}

}  // namespace segbench::cli
