// SPDX-License-Identifier: MIT
#include "tests/support/python.h"

#include <cstdlib>
#include <map>
#include <stdexcept>

#include "tests/support/process.h"

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
  std::vector<std::string> words = {python, "-c", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  ProcessResult result = run_process(std::move(words), folder);
  if (result.exit_code != 0) throw std::runtime_error(python + ": " + result.err);
  return std::move(result.out);
}

}  // namespace segbench::tests
