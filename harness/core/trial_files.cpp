// SPDX-License-Identifier: MIT
#include "harness/core/trial_files.h"

#include <fmt/format.h>

#include <vector>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json_problem.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial_standing.h"

namespace segbench::core {
namespace {

/// The last event of a log, {} when it is none.
Json last_event_of(std::string_view log) {
  const std::size_t end = log.rfind('\n');
  if (end == std::string_view::npos) return Json::object();
  const std::size_t before = end == 0 ? std::string_view::npos : log.rfind('\n', end - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  Json event = Json::parse(log.substr(begin, end - begin), nullptr, /*allow_exceptions=*/false);
  return event.is_object() ? event : Json::object();
}

std::string recorded_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string sha256_of_tensors(const std::filesystem::path& file) {
  const SafetensorsFile stored(file);
  std::vector<TensorBytes> tensors;
  for (const auto& [name, entry] : stored.entries())
    tensors.push_back({name, entry.dtype, entry.shape, entry.data});
  return tensors_sha256(std::move(tensors));
}

}  // namespace

std::string file_defect(const std::filesystem::path& trial_folder, const char* name) {
  const std::filesystem::path file = trial_folder / name;
  const Json finished = last_event_of(read_log_text(trial_folder));
  const std::string of_file = recorded_text(finished.value("files", Json::object()), name);
  const bool is_weights = std::string_view(name) == kWeightsFile;
  const std::string of_tensors = is_weights ? recorded_text(finished, "selected_weights_sha256") : "";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    const bool is_expected = is_weights || !of_file.empty();
    return is_expected ? fmt::format("{} is missing", name) : "";
  }
  try {
    const std::string expected = of_file.empty() ? of_tensors : of_file;
    if (expected.empty()) return "";
    const std::string found = of_file.empty() ? sha256_of_tensors(file) : sha256_file(file);
    if (found == expected) return "";
    return fmt::format("{} is not the file that the trial left: SHA-256 {}…, recorded {}…", name,
                       found.substr(0, 12), expected.substr(0, 12));
  } catch (const UserError& defect) {
    return fmt::format("{} is damaged: {}", name, defect.what());
  }
}

std::filesystem::path checked_weights(const std::filesystem::path& trial_folder) {
  const TrialStanding standing = read_trial_standing(trial_folder);
  if (standing.status != TrialStatus::kComplete) {
    throw UserError(fmt::format("{}: the trial is {} and has no weights yet; `segbench run` completes it{}{}",
                                trial_folder.string(), to_string(standing.status),
                                standing.message.empty() ? "" : ": ", standing.message),
                    kTrialFailed);
  }
  if (const std::string defect = file_defect(trial_folder, kWeightsFile); !defect.empty()) {
    throw UserError(
        fmt::format("{}: {}; put back a copy of the file, or move this folder away and let `segbench run` "
                    "train the trial again",
                    trial_folder.string(), defect),
        kTrialFailed);
  }
  return trial_folder / kWeightsFile;
}

CacheManifest read_input_of(const std::filesystem::path& trial_folder, const TrialSpec& spec) {
  const std::filesystem::path cached = trial_folder / spec.cache / kCacheManifestFile;
  std::error_code error;
  if (std::filesystem::exists(cached, error)) return read_cache_manifest(cached);
  const std::filesystem::path weights = trial_folder / kWeightsFile;
  const SafetensorsFile stored(weights);
  const auto found = stored.metadata().find("input");
  try {
    if (found == stored.metadata().end()) throw UserError("it does not say what its network was trained on");
    const Json input = Json::parse(found->second);
    CacheManifest manifest{.data_fingerprint = spec.data_fingerprint,
                           .kind = spec.variant.data.kind,
                           .height = input.at("height"),
                           .width = input.at("width"),
                           .channels = input.at("channels"),
                           .classes = {},
                           .samples = {},
                           .official_splits = {},
                           .images_sha256 = {},
                           .labels_sha256 = {}};
    for (const Json& info : input.at("classes"))
      manifest.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
    return manifest;
  } catch (const Json::exception& defect) {
    throw UserError(fmt::format("{}: its metadata are damaged: {}", weights.string(), json_problem(defect)));
  } catch (const UserError& defect) {
    throw UserError(fmt::format("{}: {}; `segbench run` builds the deleted decode cache again",
                                weights.string(), defect.what()));
  }
}

}  // namespace segbench::core
