// SPDX-License-Identifier: MIT
#include "tests/programs/workspace.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"

namespace segbench::tests {

void Workspace::write(const std::string& file, const std::string& content) const {
  core::write_file_atomically(folder_ / file, content);
}

std::vector<std::string> Workspace::command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), std::string(SEGBENCH_BINARY_DIR) + "/segbench");
  return arguments;
}

ProcessResult Workspace::segbench(std::vector<std::string> arguments, const Environment& environment) const {
  return run_process(command(std::move(arguments)), path(), environment);
}

std::vector<std::filesystem::path> Workspace::trials(const std::string& study) const {
  std::vector<std::filesystem::path> folders;
  const std::filesystem::path root = path() / "runs" / study / "trials";
  if (!std::filesystem::exists(root)) return folders;
  for (const auto& entry : std::filesystem::directory_iterator(root)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::string tiny_study(const std::string& name, int epochs) {
  return fmt::format(R"(schema = 1
name = "{}"
question = "Which one?"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 12
selection_images = 5
test_images = 6
[training]
epochs = {}
batch_size = 5
loss = "cross_entropy"
optimizer = {{ name = "adam", learning_rate = 0.01 }}
augment = ["horizontal_flip"]
[trials]
seeds = [1, 2]
[run]
threads = 1
[matrix]
model = [
  {{ architecture = "unet", size = "small", width = 0.0625, batch_norm_momentum = 0.5 }},
  {{ architecture = "fcn", size = "small", width = 0.0625 }},
]
)",
                     name, epochs);
}

std::vector<std::string> computed_events(const std::filesystem::path& trial) {
  std::vector<std::string> lines;
  for (core::Json event : trial::read_event_log(trial / core::kEventsFile).events) {
    event.erase("time");
    event.erase("timing");
    event.erase("chain");
    lines.push_back(event.dump());
  }
  return lines;
}

}  // namespace segbench::tests
