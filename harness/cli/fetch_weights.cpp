// SPDX-License-Identifier: MIT
#include "harness/cli/fetch_weights.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/table.h"
#include "harness/cli/terminal.h"
#include "harness/core/text.h"
#include "harness/fetch/download.h"
#include "harness/run/outcome.h"
#include "harness/run/signals.h"
#include "harness/text/utf8.h"
#include "harness/weights/known.h"
#include "harness/weights/match.h"

namespace segbench::cli {
namespace {

constexpr std::size_t kBarWidth = 24;

struct FetchOptions {
  std::vector<std::string> names;
  bool list = false;
  std::string folder, mirror;
};

std::filesystem::path folder_of(const FetchOptions& options) {
  return options.folder.empty() ? weights::weights_folder() : std::filesystem::path(options.folder);
}

void print_list(const FetchOptions& options, const Context& context) {
  Table table{.columns = {{.key = "name"},
                          {.key = "file"},
                          {.key = "downloaded"},
                          {.key = "what"},
                          {.key = "address"}},
              .rows = {}};
  for (const weights::KnownWeights& known : weights::known_weights()) {
    const bool is_there = std::filesystem::exists(folder_of(options) / known.file);
    table.rows.push_back({known.name, known.file, is_there ? "yes" : "no", known.summary, known.address});
  }
  fmt::print("{}", render(table, context.format));
}

const weights::KnownWeights& find(const std::string& name) {
  if (const weights::KnownWeights* known = weights::find_known(name)) return *known;
  std::vector<std::string> names;
  for (const weights::KnownWeights& known : weights::known_weights()) names.push_back(known.name);
  throw core::UserError(
      fmt::format("unknown weights \"{}\"; `segbench data fetch-weights --list` shows the known names{}",
                  name, core::did_you_mean(name, names)));
}

/// One line that writes over itself on a terminal.
void show_progress(const std::string& name, std::uint64_t bytes, std::optional<std::uint64_t> total) {
  const std::string text =
      total ? fmt::format("{} {} {} of {}", name,
                          bar(static_cast<double>(bytes) / static_cast<double>(*total), kBarWidth),
                          core::human_bytes(bytes), core::human_bytes(*total))
            : fmt::format("{} {}", name, core::human_bytes(bytes));
  fmt::print(stderr, "\r{}", text::padded(text::fit(text, terminal_width() - 1), terminal_width() - 1));
  std::fflush(stderr);
}

std::string address_of(const weights::KnownWeights& known, const std::string& mirror) {
  if (mirror.empty()) return known.address;
  return mirror + (mirror.ends_with('/') ? "" : "/") + known.file;
}

/// The signal that stopped it, 0 when it is done.
int fetch_one(const weights::KnownWeights& known, const FetchOptions& options, run::SignalWatch& signals) {
  int signal = 0;
  const bool live = is_live_terminal();
  const fetch::Request request{.address = address_of(known, options.mirror),
                               .file = folder_of(options) / known.file,
                               .sha256 = weights::hash_in_name(known.file),
                               .progress = [&](std::uint64_t bytes, std::optional<std::uint64_t> total) {
                                 if (live) show_progress(known.file, bytes, total);
                                 const std::vector<int> asked = signals.take();
                                 if (!asked.empty()) signal = asked.front();
                                 return signal == 0;
                               }};
  const auto clear = [&] {
    if (live) fmt::print(stderr, "\r{}\r", std::string(terminal_width() - 1, ' '));
  };
  try {
    const fetch::Result result = fetch::download(request);
    clear();
    if (result.is_stopped) {
      fmt::print(stderr, "{}: interrupted; {} are kept, the same command goes on there\n", known.file,
                 core::human_bytes(result.bytes));
      return signal;
    }
    fmt::print(stderr, "{}: {}, {}, SHA-256 {}\n", known.file,
               result.was_there          ? "was there"
               : result.resumed_from > 0 ? "continued"
                                         : "downloaded",
               core::human_bytes(result.bytes), result.sha256);
    fmt::print("{}\n", request.file.string());
  } catch (...) {
    clear();
    throw;
  }
  return 0;
}

void fetch_weights(const FetchOptions& options, Context& context) {
  if (options.list) {
    print_list(options, context);
    return;
  }
  if (options.names.empty()) {
    throw core::UserError("which weights? Name some of `segbench data fetch-weights --list`");
  }
  std::vector<const weights::KnownWeights*> wanted;
  for (const std::string& name : options.names) wanted.push_back(&find(name));
  run::SignalWatch signals;
  for (const weights::KnownWeights* known : wanted) {
    if (const int signal = fetch_one(*known, options, signals); signal != 0) {
      context.exit_code = run::kSignalBase + signal;
      return;
    }
  }
}

}  // namespace

void add_fetch_weights(CLI::App& data, Context& context) {
  const auto options = std::make_shared<FetchOptions>();
  CLI::App* command =
      data.add_subcommand("fetch-weights", "Download published pretrained weights from their publisher");
  command->add_option("NAME", options->names, "Names or file names of the list");
  command->add_flag("--list", options->list, "What there is, and what is downloaded");
  command->add_option("--to", options->folder,
                      "Folder to download to; default: ${XDG_CACHE_HOME:-~/.cache}/segbench/weights, where "
                      "model.weights finds a file by its bare name");
  command->add_option("--mirror", options->mirror,
                      "Take the files from this address instead of the publisher's");
  command->footer(
      "The SHA-256 must begin as the file's name says. An interrupted download is continued by the same "
      "command. The\n"
      "paths of the files go to stdout.\n\n"
      "Examples:\n"
      "  segbench data fetch-weights --list\n"
      "  segbench data fetch-weights resnet50 mobilenet_v2\n"
      "  segbench data fetch-weights resnet50 --to weights --mirror https://mirror.example.org/torchvision");
  command->callback([options, &context] { fetch_weights(*options, context); });
}

}  // namespace segbench::cli
