// SPDX-License-Identifier: MIT
#include "harness/profile/rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/standing.h"

namespace segbench::profile {
namespace {

using core::Json;

template <typename List, typename Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<FoundEngine> chosen_engines(const study::ProfileSettings& settings,
                                        const std::vector<FoundEngine>& found,
                                        std::vector<std::string>& notes) {
  std::vector<FoundEngine> chosen;
  std::vector<std::string> names;
  for (const FoundEngine& engine : found) names.push_back(engine.program.name);
  for (const std::string& name : settings.engines) {
    if (name != "all" && name != "auto" && !has(names, name)) {
      throw core::UserError(fmt::format("profile.engines: unknown engine \"{}\"{}; known: all, auto, {}",
                                        name, core::did_you_mean(name, names), fmt::join(names, ", ")));
    }
  }
  const bool all = has(settings.engines, std::string("all")) || has(settings.engines, std::string("auto"));
  for (const FoundEngine& engine : found) {
    const bool named = has(settings.engines, engine.program.name);
    if (!all && !named) continue;
    if (engine.description) {
      chosen.push_back(engine);
    } else if (named) {
      throw core::UserError(fmt::format("the engine {} is not there: {}; to get it: {}", engine.program.name,
                                        engine.missing, engine.program.get));
    } else {
      notes.push_back(fmt::format("without {}: {}; to get it: {}", engine.program.name, engine.missing,
                                  engine.program.get));
    }
  }
  return chosen;
}

/// A study stands for one complete trial of each of its variants, in the study's order.
std::vector<std::string> without_studies(const std::vector<std::string>& models,
                                         const std::filesystem::path& runs) {
  const std::vector<std::string> studies = run::studies_under(runs);
  std::vector<std::string> texts;
  for (const std::string& model : models) {
    if (!has(studies, model)) {
      texts.push_back(model);
      continue;
    }
    std::set<std::string> taken;
    for (const run::ListedTrial& trial : run::list_trials(runs, model)) {
      if (taken.contains(trial.variant_id) ||
          trial::read_trial_standing(trial.folder).status != core::TrialStatus::kComplete)
        continue;
      taken.insert(trial.variant_id);
      texts.push_back(trial.folder.string());
    }
    if (taken.empty())
      throw core::UserError(fmt::format(
          "profile.models: no trial of the study {} is complete; segbench run completes them", model));
  }
  return texts;
}

std::string kind_of(const std::string& device) {
  return core::split(device, ':').front();
}

void add_rows(Plan& plan, std::size_t network, std::size_t engine) {
  const engines::Description& can = *plan.engines[engine].description;
  const study::ProfileSettings& settings = plan.profile.settings;
  const NetworkFiles files(plan.networks[network], "", 0);
  const std::string format = common_format(files.formats(), can.reads);
  if (format.empty()) {
    plan.notes.push_back(fmt::format("{} does not read {} ({})", plan.engines[engine].program.name,
                                     plan.networks[network].label, fmt::join(files.formats(), ", ")));
    return;
  }
  // An engine that lays out maps as it likes has one row for all memory formats.
  std::vector<std::string> memory_formats;
  for (const std::string& wanted : settings.memory_format) {
    if (has(can.memory_formats, wanted)) memory_formats.push_back(wanted);
  }
  if (can.memory_formats.size() < 2) memory_formats = {can.memory_formats.front()};
  for (const std::int64_t batch : settings.batch) {
    for (const std::string& precision : settings.precision) {
      if (!has(can.precisions, precision)) continue;
      for (const std::string& memory_format : memory_formats) {
        for (const std::string& device : settings.device) {
          if (!has(can.devices, kind_of(device))) continue;
          for (const std::int64_t threads : settings.threads) {
            plan.rows.push_back({.id = {},
                                 .network = network,
                                 .engine = engine,
                                 .format = format,
                                 .batch = batch,
                                 .precision = precision,
                                 .memory_format = memory_format,
                                 .device = device,
                                 .threads = threads > 0 ? static_cast<int>(threads) : core::usable_cpus()});
          }
        }
      }
    }
  }
}

/// Which engines have no rows of what an axis asks for.
void note_what_is_left_out(Plan& plan) {
  const auto note = [&](const char* what, const std::string& wanted, const auto& does) {
    std::vector<std::string> without;
    for (const FoundEngine& engine : plan.engines) {
      if (!does(*engine.description)) without.push_back(engine.program.name);
    }
    if (without.empty()) return;
    plan.notes.push_back(without.size() == plan.engines.size()
                             ? fmt::format("no engine here computes {} {}", what, wanted)
                             : fmt::format("no rows {} {} of engines that do not compute so: {}", what,
                                           wanted, fmt::join(without, ", ")));
  };
  for (const std::string& precision : plan.profile.settings.precision)
    note("in", precision, [&](const engines::Description& can) { return has(can.precisions, precision); });
  for (const std::string& device : plan.profile.settings.device)
    note("on", device, [&](const engines::Description& can) { return has(can.devices, kind_of(device)); });
  for (const std::string& format : plan.profile.settings.memory_format)
    note("in", format, [&](const engines::Description& can) {
      return can.memory_formats.size() < 2 || has(can.memory_formats, format);
    });
}

}  // namespace

std::vector<Network> networks_of(const study::ProfileSettings& settings, const std::filesystem::path& runs) {
  std::vector<Network> networks;
  for (const std::string& model : without_studies(settings.models, runs)) {
    const std::vector<double> widths = has_width(model) ? settings.widths : std::vector<double>{1.0};
    for (const double width : widths) {
      for (const std::string& resolution : settings.resolution)
        networks.push_back(find_network(model, width, resolution, settings, runs));
    }
  }
  return networks;
}

std::string common_format(const std::vector<std::string>& offered, const std::vector<std::string>& read) {
  for (const std::string& format : offered) {
    if (has(read, format)) return format;
  }
  return "";
}

core::Json describe(const Plan& plan, const Row& row) {
  const Network& network = plan.networks[row.network];
  const FoundEngine& engine = plan.engines[row.engine];
  return {{"model", network.label},
          {"network_index", row.network},
          {"network", network.settings},
          {"engine", engine.program.name},
          {"engine_version", engine.description->version},
          {"format", row.format},
          {"batch", row.batch},
          {"height", network.height},
          {"width", network.width},
          {"precision", row.precision},
          {"memory_format", row.memory_format},
          {"device", row.device},
          {"threads", row.threads}};
}

Plan make_plan(const study::Profile& profile, const std::vector<FoundEngine>& found,
               const std::filesystem::path& runs) {
  Plan plan{.profile = profile,
            .networks = networks_of(profile.settings, runs),
            .engines = {},
            .reference = {},
            .rows = {},
            .notes = {}};
  plan.engines = chosen_engines(profile.settings, found, plan.notes);
  for (const FoundEngine& engine : found) {
    if (engine.program.name == kReferenceEngine && engine.description) plan.reference = engine;
  }
  for (std::size_t network = 0; network < plan.networks.size(); ++network) {
    for (std::size_t engine = 0; engine < plan.engines.size(); ++engine) add_rows(plan, network, engine);
  }
  note_what_is_left_out(plan);
  std::set<std::string> ids;
  for (Row& row : plan.rows) {
    // The same model under two names is two rows: an A/A comparison.
    for (int copy = 0; row.id.empty() || ids.contains(row.id); ++copy) {
      Json identity = describe(plan, row);
      identity["copy"] = copy;
      row.id = core::sha256_hex(identity.dump()).substr(0, 12);
    }
    ids.insert(row.id);
  }
  if (plan.rows.empty())
    throw core::UserError(fmt::format("nothing can be measured: no engine does what [profile] asks for{}{}",
                                      plan.notes.empty() ? "" : "; ", fmt::join(plan.notes, "; ")));
  return plan;
}

}  // namespace segbench::profile
