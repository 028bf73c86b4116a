// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/selection.h"
#include "harness/core/error.h"
#include "harness/core/exchange_file.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "harness/profile/machine_state.h"
#include "harness/run/worker.h"

namespace segbench::cli {
namespace {

using core::Json;

constexpr const char* kAuto = "auto";
// How long an answer is waited for: of engines among which is chosen, and of one that was chosen before,
// there are others; of one that was named there is none, and a batch may be large, and slow. Ctrl-C ends
// each.
constexpr std::chrono::seconds kAutoPatience{60}, kRememberedPatience{600}, kPatience{std::chrono::days(1)};

std::vector<std::string> worker_command(const PredictionTask& task, const NetworkInput& input) {
  const std::vector<std::filesystem::path>& networks = task.networks;
  std::vector<std::string> command = {run::find_worker().string(),
                                      "predictor",
                                      "--weights",
                                      (networks.front() / core::kWeightsFile).string(),
                                      "--trial",
                                      (networks.front() / core::kTrialFile).string(),
                                      "--device",
                                      task.device};
  for (std::size_t i = 1; i < networks.size(); ++i)
    command.insert(command.end(), {"--member", (networks[i] / core::kWeightsFile).string()});
  if (input.threshold) command.insert(command.end(), {"--threshold", fmt::format("{}", *input.threshold)});
  if (!task.evaluation_engine.empty()) command.insert(command.end(), {"--engine", task.evaluation_engine});
  return command;
}

/// By what a remembered choice is found again.
Json choice_key(const EngineSetting& setting, const std::vector<profile::EngineProgram>& programs,
                const Json& worker) {
  const Json machine = profile::describe_machine();
  Json names = Json::array();
  for (const profile::EngineProgram& program : programs) names.push_back(program.name);
  return {{"host", machine.at("host")}, {"cpu", machine.at("cpu")}, {"device", setting.device},
          {"threads", setting.threads}, {"batch", setting.batch},   {"height", setting.height},
          {"width", setting.width},     {"engines", names},         {"libtorch", worker.at("version")},
          {"segbench", core::kVersion}};
}

std::vector<data::Probabilities> read_probabilities(const std::filesystem::path& file, std::size_t count,
                                                    const NetworkInput& input) {
  const auto values_each = static_cast<std::size_t>(input.height * input.width) * input.classes.size();
  std::vector<float> values(count * values_each);
  core::read_exchange(file, std::as_writable_bytes(std::span(values)));
  std::vector<data::Probabilities> all;
  for (std::size_t i = 0; i < count; ++i) {
    data::Probabilities one{.height = input.height, .width = input.width, .classes = {}, .values = {}};
    for (const core::ClassInfo& info : input.classes) one.classes.push_back(info.name);
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * values_each);
    one.values.assign(begin, begin + static_cast<std::ptrdiff_t>(values_each));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

PredictionSession::PredictionSession(PredictionTask task, const NetworkInput& input)
    : task_(std::move(task)),
      input_(input),
      worker_(profile::start_engine(worker_command(task_, input), task_.scratch / core::kWorkerLogFile,
                                    profile::kAllCpus, task_.interrupted)) {}

Answer PredictionSession::ask(std::span<const std::byte> inputs, std::size_t count) {
  const std::filesystem::path images = task_.scratch / "in", labels = task_.scratch / "labels",
                              probabilities = task_.scratch / "probabilities";
  core::write_exchange(images, inputs);
  if (!is_chosen_) choose_engines(count);
  Json request = {{"do", "predict"}, {"images", images.string()}, {"labels", labels.string()}};
  if (task_.probabilities) request["probabilities"] = probabilities.string();
  ask_worker(request);
  const auto size = static_cast<std::size_t>(input_.height * input_.width);
  std::vector<std::uint8_t> all(count * size);
  core::read_exchange(labels, std::as_writable_bytes(std::span(all)));
  Answer answer;
  for (auto label = all.begin(); label != all.end(); label += static_cast<std::ptrdiff_t>(size))
    answer.maps.push_back({input_.height, input_.width, {label, label + static_cast<std::ptrdiff_t>(size)}});
  if (task_.probabilities) answer.probabilities = read_probabilities(probabilities, count, input_);
  return answer;
}

double PredictionSession::cpu_seconds() const {
  return worker_->cpu_seconds().value_or(0) + (engines_ ? engines_->cpu_seconds() : 0);
}

void PredictionSession::choose_engines(std::size_t batch) {
  worker_facts_ = ask_worker({{"do", "describe"}});
  engines_.emplace(EngineSetting{.networks = task_.networks,
                                 .height = input_.height,
                                 .width = input_.width,
                                 .batch = static_cast<std::int64_t>(batch),
                                 .device = worker_facts_.at("device"),
                                 .threads = worker_facts_.at("threads"),
                                 .scratch = task_.scratch,
                                 .interrupted = task_.interrupted});
  for (std::size_t network = 0; network < task_.networks.size() && !task_.engine.empty(); ++network)
    choose_engine(network);
  is_chosen_ = true;
}

void PredictionSession::choose_engine(std::size_t network) {
  const std::filesystem::path& trial = task_.networks[network];
  const std::string of = task_.networks.size() > 1 ? fmt::format("{}: ", trial.filename().string()) : "";
  if (task_.engine != kAuto) {
    const Json choice = choose(network, task_.engine, kPatience);
    if (!choice.at("tried").empty()) note(of + describe_choice(choice, engines_->setting().batch));
    return;
  }
  const Json key = choice_key(engines_->setting(), task_.programs, worker_facts_);
  const std::filesystem::path file = trial / kPredictEnginesFile;
  if (const std::optional<Json> remembered = try_remembered(network, key)) {
    note(fmt::format("{}{}, as {} says (remove it to choose anew)", of,
                     describe_choice(*remembered, engines_->setting().batch), file.string()));
    return;
  }
  Json choice = choose(network, kAuto, kAutoPatience);
  note(of + describe_choice(choice, engines_->setting().batch));
  choice["version"] = engines_->version(network, choice.at("engine"));
  choice["time"] = core::utc_timestamp();
  try {
    remember_choice(trial, key, choice);
  } catch (const core::UserError& error) {
    note(fmt::format("the choice is not remembered: {}", error.what()));
  }
}

/// Empty where nothing is remembered, or what is remembered does not hold any more.
std::optional<Json> PredictionSession::try_remembered(std::size_t network, const Json& key) {
  const std::optional<RememberedEngine> remembered = remembered_engine(task_.networks[network], key);
  if (!remembered) return std::nullopt;
  try {
    const Json choice = choose(network, remembered->engine, kRememberedPatience);
    if (engines_->version(network, choice.at("engine")) == remembered->version) return choice;
  } catch (const core::UserError&) {
    if (task_.interrupted()) throw;
  }
  return std::nullopt;
}

Json PredictionSession::choose(std::size_t network, const std::string& engine,
                               std::chrono::seconds patience) {
  for (const profile::EngineProgram& program : task_.programs) {
    if (profile::is_of_worker(program.name) || (engine != kAuto && engine != program.name)) continue;
    try {
      engines_->open(network, program, patience);
    } catch (const core::UserError& error) {
      if (task_.interrupted()) throw;
      if (engine != kAuto)
        throw core::UserError(fmt::format("the engine {} cannot be used: {}", engine, error.what()),
                              error.exit_code());
    }
  }
  const Json choice = ask_worker({{"do", "choose"},
                                  {"network", network},
                                  {"engine", engine},
                                  {"images", (task_.scratch / "in").string()},
                                  {"guests", engines_->names(network)},
                                  {"batch", engines_->setting().batch},
                                  {"guest_images", engines_->images_file().string()},
                                  {"guest_logits", engines_->logits_file().string()}});
  engines_->keep_only(network, choice.at("engine"), kPatience);
  return choice;
}

/// The worker's answer, with the forward passes in between that engines do for it.
Json PredictionSession::ask_worker(const Json& request) {
  Json answer = worker_->ask(request, kPatience);
  while (answer.contains("forward")) {
    Json reply = {{"do", "continue"}};
    try {
      engines_->execute(answer.at("forward").at("network"), answer.at("forward").at("engine"));
    } catch (const core::UserError& error) {
      if (task_.interrupted()) throw;
      reply = {{"do", "failed"}, {"error", error.what()}};
    }
    answer = worker_->ask(reply, kPatience);
  }
  return answer;
}

}  // namespace segbench::cli
