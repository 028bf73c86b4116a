// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_worker.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/run/run_task.h"
#include "harness/run/worker.h"

namespace segbench::cli {
namespace {

std::vector<data::Probabilities> read_probabilities(const std::filesystem::path& file, std::size_t count,
                                                    const NetworkInput& input) {
  std::vector<data::Probabilities> all;
  const core::MappedFile values(file);
  const auto values_each = static_cast<std::size_t>(input.height * input.width) * input.classes.size();
  SEGBENCH_CHECK(values.bytes().size() == count * values_each * sizeof(float),
                 "segbench-worker wrote {} bytes of probabilities for {} images", values.bytes().size(),
                 count);
  const auto* value = reinterpret_cast<const float*>(values.bytes().data());
  for (std::size_t i = 0; i < count; ++i, value += values_each) {
    data::Probabilities one{.height = input.height, .width = input.width, .classes = {}, .values = {}};
    for (const core::ClassInfo& info : input.classes) one.classes.push_back(info.name);
    one.values.assign(value, value + values_each);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

Answer ask_worker(const WorkerRequest& request, const NetworkInput& input) {
  const std::vector<std::filesystem::path>& networks = request.networks;
  const std::filesystem::path in = request.scratch / kWorkerInput, out = request.scratch / "out.u8",
                              each = request.scratch / "out.f32";
  const std::size_t count = request.count;
  run::Job task{.kind = &run::worker_task(), .id = "predict", .folder = request.scratch, .result = out};
  task.arguments = {"predict",
                    "--weights",
                    (networks.front() / core::kWeightsFile).string(),
                    "--trial",
                    (networks.front() / core::kTrialFile).string(),
                    "--images",
                    in.string(),
                    "--out",
                    out.string()};
  for (std::size_t i = 1; i < networks.size(); ++i)
    task.arguments.insert(task.arguments.end(), {"--member", (networks[i] / core::kWeightsFile).string()});
  task.resources.device = request.device;
  if (request.probabilities) task.arguments.insert(task.arguments.end(), {"--probabilities", each.string()});
  if (input.threshold)
    task.arguments.insert(task.arguments.end(), {"--threshold", fmt::format("{}", *input.threshold)});
  if (!request.engine.empty()) task.arguments.insert(task.arguments.end(), {"--engine", request.engine});
  run::run_task(task, {.program = run::find_worker()});
  const auto size = static_cast<std::size_t>(input.height * input.width);
  Answer answer;
  const core::MappedFile labels(out);
  SEGBENCH_CHECK(labels.bytes().size() == count * size, "segbench-worker wrote {} bytes for {} images of {}",
                 labels.bytes().size(), count, size);
  const auto* label = reinterpret_cast<const std::uint8_t*>(labels.bytes().data());
  for (std::size_t i = 0; i < count; ++i, label += size)
    answer.maps.push_back({input.height, input.width, {label, label + size}});
  if (request.probabilities) answer.probabilities = read_probabilities(each, count, input);
  return answer;
}

}  // namespace segbench::cli
