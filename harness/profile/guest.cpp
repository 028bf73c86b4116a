// SPDX-License-Identifier: MIT
#include "harness/profile/guest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/profile/rows.h"

namespace segbench::profile {
namespace {

struct Started {
  std::unique_ptr<EngineLink> link;
  engines::Description can;
};

Started start_program(const EngineProgram& program, const GuestTask& task) try {
  Started started{start_engine(program.command, task.log, kAllCpus, task.interrupted), {}};
  started.can = engines::description_from_json(started.link->ask({{"do", "describe"}}, task.patience));
  return started;
} catch (const core::UserError& error) {
  throw core::UserError(fmt::format("it is not there: {}; to get it: {}", error.what(), program.get),
                        error.exit_code());
}

}  // namespace

Guest start_guest(const EngineProgram& program, const GuestTask& task) {
  auto [link, can] = start_program(program, task);
  const std::string kind = core::split(task.device, ':').front();
  if (std::find(can.devices.begin(), can.devices.end(), kind) == can.devices.end())
    throw core::UserError(
        fmt::format("it does not compute on {}, but on {}", kind, fmt::join(can.devices, ", ")));
  const std::string format = common_format(task.files.formats(), can.reads);
  if (format.empty())
    throw core::UserError(fmt::format("it does not read {} ({})", task.files.network().label,
                                      fmt::join(task.files.formats(), ", ")));
  const Network& network = task.files.network();
  const std::filesystem::path file = task.files.file(format, task.batch);
  link->ask(engines::to_json(engines::LoadRequest{.model = std::filesystem::absolute(file).string(),
                                                  .format = format,
                                                  .device = task.device,
                                                  .threads = task.threads,
                                                  .batch = task.batch,
                                                  .channels = network.channels,
                                                  .height = network.height,
                                                  .width = network.width,
                                                  .outputs = network.outputs}),
            task.patience);
  return {std::move(link), can.version};
}

void execute(EngineLink& link, const std::filesystem::path& images, const std::filesystem::path& logits,
             std::chrono::seconds patience) {
  link.ask({{"do", "input"}, {"file", images.string()}}, patience);
  link.ask({{"do", "output"}, {"file", logits.string()}}, patience);
}

}  // namespace segbench::profile
