// SPDX-License-Identifier: MIT
#include "harness/profile/carry_out.h"

#include <fmt/format.h>

#include <string>

#include "harness/core/files.h"
#include "harness/engines/protocol.h"
#include "harness/profile/images.h"
#include "harness/profile/passes.h"
#include "harness/profile/rows.h"

namespace segbench::profile {
namespace {

using core::Json;

/// The network's files by format; one that lies elsewhere is copied. ONNX files are of one batch each, which
/// no engine there needs: those that read them are not LibTorch's.
Json files_of(const Network& network, const std::filesystem::path& folder, const std::string& name,
              std::uint64_t seed) {
  NetworkFiles files(network, folder / name, seed);
  Json written = Json::object();
  for (const std::string& format : files.formats()) {
    if (format == engines::formats::kOnnx) continue;
    std::filesystem::path file = files.file(format, 1);
    if (!network.file.empty()) {
      const std::filesystem::path copy = folder / name / network.file.filename();
      std::filesystem::create_directories(folder / name);
      std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
      file = copy;
    }
    written[format] = std::filesystem::relative(file, folder).generic_string();
  }
  return written;
}

}  // namespace

void carry_out_profile(const study::Profile& profile, const std::filesystem::path& runs,
                       const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Json networks = Json::array();
  for (const Network& network : networks_of(profile.settings, runs)) {
    const std::string name = std::to_string(networks.size());
    const Json files = files_of(network, folder, name, profile.settings.seed);
    const NetworkImages images(network, profile.settings);
    Json inputs = Json::object();
    for (const std::int64_t batch : profile.settings.batch) {
      const std::string file = fmt::format("{}/images_{}.f32", name, batch);
      write_values(folder / file, images.batch(batch));
      inputs[std::to_string(batch)] = file;
    }
    networks.push_back({{"label", network.label},
                        {"settings", network.settings},
                        {"channels", network.channels},
                        {"height", network.height},
                        {"width", network.width},
                        {"outputs", network.outputs},
                        {"cost", describe_cost(network)},
                        {"images", images.origin()},
                        {"files", files},
                        {"inputs", inputs}});
  }
  const Json plan = {{"schema", 1},
                     {"name", profile.name},
                     {"question", profile.question},
                     {"settings", to_json(profile.settings)},
                     {"networks", networks}};
  core::write_file_atomically(folder / "plan.json", plan.dump(1) + '\n');
}

}  // namespace segbench::profile
