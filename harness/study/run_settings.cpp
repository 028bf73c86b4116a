// SPDX-License-Identifier: MIT
#include "harness/study/settings.h"

#include "harness/core/param_specs.h"
#include "harness/core/worker_protocol.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;
namespace specs = core::specs;

template <typename Value>
core::Field<RunSettings> run(Value RunSettings::*member, ParamSpec spec) {
  return core::field("run", member, std::move(spec));
}

/// 0 stands for auto.
core::Field<RunSettings> jobs() {
  ParamSpec spec =
      specs::integer("jobs", "auto", 1, 1024,
                     "trials at once; auto: on a CPU as many as CPUs and memory allow, on a GPU one");
  spec.types = core::kInteger | core::kString;
  spec.choices = {"auto"};
  return {
      .table = "run",
      .spec = std::move(spec),
      .get = [](const RunSettings& run) { return run.jobs == 0 ? Json("auto") : Json(run.jobs); },
      .set = [](RunSettings& run, const Json& json) { run.jobs = json.is_number() ? json.get<int>() : 0; }};
}

core::Field<RunSettings> devices() {
  ParamSpec spec =
      specs::list("devices", core::kString | core::kStringList,
                  "GPUs among which the trials are divided, in the place of `device`: `\"all\"`, or "
                  "`cuda:N` and UUIDs, parts of GPUs (MIG) too");
  spec.default_value = Json();
  spec.null_word = "none";
  spec.choices = {"all"};
  spec.free_items = true;
  return {.table = "run",
          .spec = std::move(spec),
          .get = [](const RunSettings& run) -> Json {
            if (run.devices.empty()) return nullptr;
            return run.devices.size() == 1 && run.devices[0] == "all" ? Json("all") : Json(run.devices);
          },
          .set =
              [](RunSettings& run, const Json& json) {
                run.devices.clear();
                if (json.is_string()) run.devices = {json.get<std::string>()};
                if (json.is_array()) run.devices = json.get<std::vector<std::string>>();
              }};
}

core::Field<RunSettings> without() {
  ParamSpec spec =
      specs::list("without", core::kStringList,
                  "what makes a GPU faster and changes results by rounding at most, left out to see what "
                  "it brings ([GPUs](gpu.md))");
  spec.default_value = Json::array();
  spec.choices = {core::kLevers.begin(), core::kLevers.end()};
  return run(&RunSettings::without, std::move(spec));
}

/// 0 stands for auto.
core::Field<RunSettings> jobs_per_device() {
  ParamSpec spec = specs::integer(
      "jobs_per_device", 1, 1, 64,
      "trials at once on each of `devices`; auto: one more as long as the GPU has memory and time for it");
  spec.types = core::kInteger | core::kString;
  spec.choices = {"auto"};
  return {.table = "run",
          .spec = std::move(spec),
          .get =
              [](const RunSettings& run) {
                return run.jobs_per_device == 0 ? Json("auto") : Json(run.jobs_per_device);
              },
          .set = [](RunSettings& run,
                    const Json& json) { run.jobs_per_device = json.is_number() ? json.get<int>() : 0; }};
}

core::Field<RunSettings> keep_weights() {
  ParamSpec spec = specs::integer(
      "keep_weights", "none", 1, 1e6,
      "weights of epochs that are kept beside those that are tested: none, those of every epoch, or of so "
      "many best ones on the selection split");
  spec.types = core::kInteger | core::kString;
  spec.choices = {"none", "every_epoch"};
  return {.table = "run",
          .spec = std::move(spec),
          .get = [](const RunSettings& run) -> Json {
            const std::string& word = run.keep_weights;
            return word == "none" || word == "every_epoch" ? Json(word) : Json(std::stoll(word));
          },
          .set =
              [](RunSettings& run, const Json& json) {
                run.keep_weights = json.is_string() ? json.get<std::string>() : json.dump();
              }};
}

}  // namespace

const std::vector<core::Field<RunSettings>>& run_fields() {
  static const std::vector<core::Field<RunSettings>> kFields = {
      run(&RunSettings::device, specs::text("device", "auto", "`auto`, `cpu`, `cuda` or `cuda:N`")),
      run(&RunSettings::threads,
          specs::integer(
              "threads", 0, 0, 4096,
              "threads of each trial; 0: the usable CPUs divided by the trials at once. Usable is the "
              "smallest of CPU affinity, cgroup quota, `OMP_NUM_THREADS`, `OMP_THREAD_LIMIT` and "
              "`SLURM_CPUS_PER_TASK`; `segbench plan` says which")),
      jobs(),
      run(&RunSettings::timeout_minutes,
          specs::number("timeout_minutes", 0.0, 0, 1e6, "limit of one attempt at a trial; 0: none")),
      run(&RunSettings::stall_minutes,
          specs::number("stall_minutes", 15.0, 0, 1e6, "limit of the time without a sign of life; 0: none")),
      run(&RunSettings::checkpoint_seconds,
          specs::number("checkpoint_seconds", 10.0, 0, 1e6,
                        "least time between checkpoints; 0: after every epoch")),
      run(&RunSettings::retries, specs::integer("retries", 1, 0, 100, "further attempts after a crash")),
      run(&RunSettings::film_strip,
          specs::flag(
              "film_strip", false,
              "keeps what is predicted for the first selection image after every evaluation (one byte "
              "a pixel each); the report shows it as a film strip")),
      keep_weights(),
      run(&RunSettings::keep_weights_in,
          specs::folder("keep_weights_in", "",
                        "a folder for them, as `STUDY/TRIAL/epoch-0001.safetensors`; not set: `epochs` in "
                        "the trial's folder")),
      devices(),
      jobs_per_device(),
      without()};
  return kFields;
}

}  // namespace segbench::study
