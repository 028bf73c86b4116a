// SPDX-License-Identifier: MIT
#include "harness/run/worker.h"

#include <unistd.h>

#include <cstdlib>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/run/child.h"

namespace segbench::run {
namespace {

constexpr const char* kWorkerName = "segbench-worker";
constexpr const char* kSpinCount = "1000";

/// What a command of the worker prints, a JSON object.
core::Json ask_for_json(const std::vector<std::string>& command) {
  const CommandResult result = run_command(command);
  const core::Json json = core::Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  if (result.code == 0 && json.is_object()) return json;
  const std::string words(core::trim(result.err));
  if (result.code == core::kNoDevice && !words.empty()) throw core::UserError(words, core::kNoDevice);
  throw core::UserError(fmt::format("{} does not work here: exit code {}{}{}", command.front(), result.code,
                                    words.empty() ? "" : ": ", words));
}

bool is_program(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::filesystem::path find_worker() {
  if (const char* named = std::getenv(kWorkerVariable); named != nullptr && *named != '\0') {
    if (is_program(named)) return std::filesystem::absolute(named);
    throw core::UserError(fmt::format("${}: \"{}\" is not an executable file", kWorkerVariable, named));
  }
  std::error_code ignored;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  if (is_program(here / kWorkerName)) return here / kWorkerName;
  const char* path = std::getenv("PATH");
  for (const std::string& folder : core::split(path == nullptr ? "" : path, ':')) {
    if (!folder.empty() && is_program(std::filesystem::path(folder) / kWorkerName)) {
      return std::filesystem::absolute(std::filesystem::path(folder) / kWorkerName);
    }
  }
  throw core::UserError(fmt::format(
      "{} was not found: neither in {} nor in the PATH; build it (it needs LibTorch) or name it in ${}",
      kWorkerName, here.string(), kWorkerVariable));
}

std::vector<std::string> train_command(const WorkerSettings& settings,
                                       const std::filesystem::path& trial_folder) {
  std::vector<std::string> command = {settings.program.string(), "train",
                                      (trial_folder / core::kTrialFile).string(), "--device",
                                      settings.device};
  if (settings.threads > 0) command.insert(command.end(), {"--threads", std::to_string(settings.threads)});
  command.insert(command.end(), {"--checkpoint-seconds", fmt::format("{:g}", settings.checkpoint_seconds),
                                 "--progress-fd", std::to_string(kProgressDescriptor)});
  for (const std::string& lever : settings.without) command.insert(command.end(), {"--without", lever});
  if (settings.film_strip) command.emplace_back("--film-strip");
  if (settings.keep_weights != "none") {
    command.insert(command.end(), {"--keep-weights", settings.keep_weights});
    if (!settings.keep_weights_in.empty())
      command.insert(command.end(), {"--keep-weights-in", settings.keep_weights_in.string()});
  }
  return command;
}

core::Json worker_environment(const std::filesystem::path& program, const std::string& device, int threads) {
  let_waiting_threads_sleep();
  return ask_for_json(
      {program.string(), "environment", "--device", device, "--threads", std::to_string(threads)});
}

core::Json worker_ceilings(const std::filesystem::path& program, const std::string& device, int threads) {
  return ask_for_json(
      {program.string(), "ceilings", "--device", device, "--threads", std::to_string(threads)});
}

core::Json probe_network(const std::filesystem::path& program, const core::VariantConfig& variant,
                         std::int64_t height, std::int64_t width, std::int64_t classes,
                         std::int64_t train_samples) {
  const core::Json request = {{"variant", to_json(variant)},
                              {"height", height},
                              {"width", width},
                              {"classes", classes},
                              {"train", train_samples}};
  const CommandResult result = run_command({program.string(), "probe", request.dump()});
  if (result.code == 0) return core::Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  std::string_view words = core::trim(result.err);
  constexpr std::string_view kPrefix = "segbench-worker: ";
  if (words.starts_with(kPrefix)) words.remove_prefix(kPrefix.size());
  throw core::UserError(words.empty() ? fmt::format("{}: the network could not be tried: exit code {}",
                                                    program.string(), result.code)
                                      : std::string(words));
}

std::string describe_blas(const core::Json& environment) {
  const std::string library = environment.value("blas_library", ""), name = environment.value("blas", "?"),
                    threading = environment.value("blas_threading", "");
  const std::string what = library.empty() ? name + ", part of LibTorch" : library;
  if (threading.empty()) return what;
  const int threads = environment.value("blas_threads", 0);
  return fmt::format("{}, {} {} thread{}", what, threads, threading == "openmp" ? "OpenMP" : threading,
                     threads == 1 ? "" : "s");
}

void let_waiting_threads_sleep() {
  // Long enough for the gap between two operations of a network, far shorter than a time slice of a CPU that
  // another program waits for (docs/measurements).
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) ::setenv("GOMP_SPINCOUNT", kSpinCount, /*overwrite=*/0);
}

}  // namespace segbench::run
