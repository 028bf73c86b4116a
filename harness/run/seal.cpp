// SPDX-License-Identifier: MIT
#include "harness/run/seal.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/study/resolved.h"

namespace segbench::run {

using core::Json;

Seal seal_study(const study::Study& study, const std::filesystem::path& runs) {
  const std::filesystem::path file = runs / study.name / core::kSealsFile;
  Json seals = Json::array();
  if (std::filesystem::exists(file)) {
    seals = Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
    if (!seals.is_array())
      throw core::UserError(fmt::format("{}: damaged; move it away to seal anew", file.string()));
  }
  Seal seal{.sha256 = core::sealed_form_sha256(study::resolved_json(study)), .time = core::utc_timestamp()};
  for (const Json& known : seals) {
    if (known.value("sha256", "") != seal.sha256) continue;
    seal.time = known.value("time", "");
    seal.is_new = false;
    return seal;
  }
  seals.push_back({{"sha256", seal.sha256}, {"time", seal.time}});
  std::filesystem::create_directories(file.parent_path());
  core::write_file_atomically(file, seals.dump(1) + '\n');
  return seal;
}

}  // namespace segbench::run
