// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_engines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/files.h"

namespace segbench::cli {
namespace {

using core::Json;
namespace fs = std::filesystem;

/// Every choice that is remembered beside a trial; none where the file is not there or damaged.
Json read_choices(const fs::path& trial) try {
  Json choices =
      Json::parse(core::read_file(trial / kPredictEnginesFile), nullptr, /*allow_exceptions=*/false);
  return choices.is_array() ? choices : Json::array();
} catch (const core::UserError&) {
  return Json::array();
}

bool is_for(const Json& choice, const Json& key) {
  return choice.is_object() && choice.value("for", Json()) == key;
}

/// Empty where there is no such text.
std::optional<std::string> text_of(const Json& choice, const char* key) {
  const auto found = choice.find(key);
  if (found == choice.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

}  // namespace

PredictionEngines::PredictionEngines(EngineSetting setting) : setting_(std::move(setting)) {}

profile::NetworkFiles& PredictionEngines::files(std::size_t network) {
  const auto found = files_.find(network);
  if (found != files_.end()) return found->second;
  profile::Network of =
      profile::trial_network(setting_.networks.at(network), setting_.height, setting_.width);
  return files_
      .emplace(network,
               profile::NetworkFiles(std::move(of), setting_.scratch / fmt::format("network_{}", network),
                                     /*seed=*/0))
      .first->second;
}

void PredictionEngines::open(std::size_t network, const profile::EngineProgram& program,
                             std::chrono::seconds patience) {
  running_.insert_or_assign(
      {network, program.name},
      Running{profile::start_guest(program, {.files = files(network),
                                             .batch = setting_.batch,
                                             .device = setting_.device,
                                             .threads = setting_.threads,
                                             .log = setting_.scratch / (program.name + ".log"),
                                             .patience = patience,
                                             .interrupted = setting_.interrupted}),
              patience});
}

std::vector<std::string> PredictionEngines::names(std::size_t network) const {
  std::vector<std::string> names;
  for (const auto& [which, running] : running_) {
    if (which.first == network) names.push_back(which.second);
  }
  return names;
}

std::string PredictionEngines::version(std::size_t network, const std::string& engine) const {
  const auto found = running_.find({network, engine});
  return found == running_.end() ? "" : found->second.guest.version;
}

void PredictionEngines::keep_only(std::size_t network, const std::string& engine,
                                  std::chrono::seconds patience) {
  std::erase_if(running_,
                [&](const auto& item) { return item.first.first == network && item.first.second != engine; });
  if (const auto found = running_.find({network, engine}); found != running_.end())
    found->second.patience = patience;
}

void PredictionEngines::execute(std::size_t network, const std::string& engine) {
  const auto found = running_.find({network, engine});
  if (found == running_.end()) throw core::UserError(fmt::format("{} has ended", engine), core::kTrialFailed);
  try {
    profile::execute(*found->second.guest.link, images_file(), logits_file(), found->second.patience);
  } catch (const core::UserError& error) {
    running_.erase(found);
    throw core::UserError(fmt::format("{}: {}", engine, error.what()), error.exit_code());
  }
}

double PredictionEngines::cpu_seconds() const {
  double seconds = 0;
  for (const auto& [which, running] : running_) seconds += running.guest.link->cpu_seconds().value_or(0);
  return seconds;
}

std::optional<RememberedEngine> remembered_engine(const fs::path& trial, const Json& key) {
  for (const Json& choice : read_choices(trial)) {
    if (!is_for(choice, key)) continue;
    const auto engine = text_of(choice, "engine"), version = text_of(choice, "version");
    if (engine && version) return RememberedEngine{*engine, *version};
  }
  return std::nullopt;
}

void remember_choice(const fs::path& trial, const Json& key, const Json& choice) {
  Json choices = Json::array();
  for (const Json& earlier : read_choices(trial)) {
    if (!is_for(earlier, key)) choices.push_back(earlier);
  }
  choices.push_back(choice);
  choices.back()["for"] = key;
  core::write_file_atomically(trial / kPredictEnginesFile, choices.dump(1) + '\n');
}

std::string describe_choice(const Json& choice, std::int64_t batch) {
  const std::string engine = choice.at("engine");
  std::vector<std::string> others;
  std::string time;
  for (const Json& tried : choice.at("tried")) {
    const std::string name = tried.at("engine");
    const bool is_timed = tried.at("seconds").is_number();
    if (!is_timed) {
      if (name != engine && !tried.value("problem", "").empty()) others.push_back(name + " is wrong here");
      continue;
    }
    const std::string ms = fmt::format("{:.1f}", tried.at("seconds").get<double>() * 1e3);
    if (name == engine)
      time = fmt::format(", {} ms a batch of {}", ms, batch);
    else
      others.push_back(fmt::format("{} {}", name, ms));
  }
  return fmt::format("engine {}{}{}; on the first batch {} of {} pixels have another class than by eager",
                     engine, time, others.empty() ? "" : fmt::format(" ({})", fmt::join(others, ", ")),
                     choice.at("labels_differ").get<std::int64_t>(), choice.at("pixels").get<std::int64_t>());
}

}  // namespace segbench::cli
