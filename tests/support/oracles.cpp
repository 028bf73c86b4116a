// SPDX-License-Identifier: MIT
#include "tests/support/oracles.h"

#include <cstdlib>

#include "harness/core/files.h"

namespace segbench::tests {
namespace {

std::filesystem::path folder(const char* variable, const char* name) {
  if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') return value;
  return std::filesystem::path(SEGBENCH_SOURCE_DIR).parent_path() / "shared" / name;
}

}  // namespace

std::filesystem::path oracle_folder() {
  return folder("SEGBENCH_ORACLES", "oracles");
}
std::filesystem::path data_folder() {
  return folder("SEGBENCH_DATA", "data");
}

std::vector<OracleCase> oracle_cases(const std::string& kind) {
  std::vector<OracleCase> cases;
  const std::filesystem::path index = oracle_folder() / "index.json";
  if (!std::filesystem::exists(index)) return cases;
  const core::Json json = core::Json::parse(core::read_file(index));
  for (const core::Json& entry : json.at("cases")) {
    const std::string found = entry.at("kind");
    if (found != kind && found.rfind(kind + ":", 0) != 0) continue;
    const std::filesystem::path file = oracle_folder() / entry.at("file").get<std::string>();
    cases.push_back({file, found, core::Json::parse(core::read_file(file))});
  }
  return cases;
}

}  // namespace segbench::tests
