// SPDX-License-Identifier: MIT
#include "tests/support/python.h"

#include <cstdlib>
#include <map>
#include <stdexcept>

#include "harness/core/files.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

std::vector<std::string> candidates() {
  const char* chosen = std::getenv("SEGBENCH_PYTHON");
  if (chosen != nullptr && *chosen != '\0') return {chosen};
  return {"python3", "/usr/bin/python3"};
}

}  // namespace

std::optional<std::string> python_with(const std::string& modules) {
  static std::map<std::string, std::optional<std::string>> known;
  const auto [found, fresh] = known.try_emplace(modules);
  if (!fresh) return found->second;
  for (const std::string& python : candidates()) {
    const std::filesystem::path folder = std::filesystem::temp_directory_path();
    if (run_process({python, "-c", "import " + modules}, folder).exit_code == 0)
      return found->second = python;
  }
  return std::nullopt;
}

std::string run_python(const std::string& python, const std::string& script,
                       const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  // In a file, because TorchScript reads the source of the classes that it compiles.
  const TemporaryFolder place;
  const std::filesystem::path file = place / "script.py";
  core::write_file_atomically(file, script);
  std::vector<std::string> words = {python, file.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  ProcessResult result = run_process(std::move(words), folder);
  if (result.exit_code != 0) throw std::runtime_error(python + ": " + result.err);
  return std::move(result.out);
}

}  // namespace segbench::tests
