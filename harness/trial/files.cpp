// SPDX-License-Identifier: MIT
#include "harness/trial/files.h"

#include <fmt/format.h>

#include <vector>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json_problem.h"
#include "harness/core/safetensors.h"
#include "harness/trial/standing.h"

namespace segbench::trial {
namespace {

/// The last event of a log, {} when it is none.
core::Json last_event_of(std::string_view log) {
  const std::size_t end = log.rfind('\n');
  if (end == std::string_view::npos) return core::Json::object();
  const std::size_t before = end == 0 ? std::string_view::npos : log.rfind('\n', end - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  core::Json event = core::Json::parse(log.substr(begin, end - begin), nullptr, /*allow_exceptions=*/false);
  return event.is_object() ? event : core::Json::object();
}

std::string recorded_text(const core::Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string sha256_of_tensors(const std::filesystem::path& file) {
  const core::SafetensorsFile stored(file);
  std::vector<core::TensorBytes> tensors;
  for (const auto& [name, entry] : stored.entries())
    tensors.push_back({name, entry.dtype, entry.shape, entry.data});
  return core::tensors_sha256(std::move(tensors));
}

}  // namespace

std::string file_defect(const std::filesystem::path& trial_folder, const char* name) {
  const std::filesystem::path file = trial_folder / name;
  const core::Json finished = last_event_of(read_log_text(trial_folder));
  const std::string of_file = recorded_text(finished.value("files", core::Json::object()), name);
  const bool is_weights = std::string_view(name) == core::kWeightsFile;
  const std::string of_tensors = is_weights ? recorded_text(finished, "selected_weights_sha256") : "";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    // An ensemble trains nothing and leaves no weights.
    const bool is_expected = (is_weights && finished.value("epochs", core::Json()) != 0) || !of_file.empty();
    return is_expected ? fmt::format("{} is missing", name) : "";
  }
  try {
    const std::string expected = of_file.empty() ? of_tensors : of_file;
    if (expected.empty()) return "";
    const std::string found = of_file.empty() ? sha256_of_tensors(file) : core::sha256_file(file);
    if (found == expected) return "";
    return fmt::format("{} is not the file that the trial left: SHA-256 {}…, recorded {}…", name,
                       found.substr(0, 12), expected.substr(0, 12));
  } catch (const core::UserError& defect) {
    return fmt::format("{} is damaged: {}", name, defect.what());
  }
}

std::string recorded_weights(const std::filesystem::path& trial_folder) {
  const core::Json finished = last_event_of(read_log_text(trial_folder));
  return recorded_text(finished, "type") == "finished" ? recorded_text(finished, "selected_weights_sha256")
                                                       : "";
}

std::filesystem::path checked_weights(const std::filesystem::path& trial_folder) {
  const TrialStanding standing = read_trial_standing(trial_folder);
  if (standing.status != core::TrialStatus::kComplete) {
    throw core::UserError(
        fmt::format("{}: the trial is {} and has no weights yet; `segbench run` completes it{}{}",
                    trial_folder.string(), core::to_string(standing.status),
                    standing.message.empty() ? "" : ": ", standing.message),
        core::kTrialFailed);
  }
  if (const std::string defect = file_defect(trial_folder, core::kWeightsFile); !defect.empty()) {
    throw core::UserError(
        fmt::format("{}: {}; put back a copy of the file, or move this folder away and let `segbench run` "
                    "train the trial again",
                    trial_folder.string(), defect),
        core::kTrialFailed);
  }
  return trial_folder / core::kWeightsFile;
}

core::CacheManifest read_input_of(const std::filesystem::path& trial_folder, const core::TrialSpec& spec) {
  const std::filesystem::path cached = trial_folder / spec.cache / core::kCacheManifestFile;
  std::error_code error;
  if (std::filesystem::exists(cached, error)) return core::read_cache_manifest(cached);
  const std::filesystem::path weights = trial_folder / core::kWeightsFile;
  const core::SafetensorsFile stored(weights);
  const auto found = stored.metadata().find("input");
  try {
    if (found == stored.metadata().end())
      throw core::UserError("it does not say what its network was trained on");
    const core::Json input = core::Json::parse(found->second);
    core::CacheManifest manifest{.data_fingerprint = spec.data_fingerprint,
                                 .kind = spec.variant.data.kind,
                                 .height = input.at("height"),
                                 .width = input.at("width"),
                                 .channels = input.at("channels"),
                                 .classes = {},
                                 .samples = {},
                                 .official_splits = {},
                                 .images_sha256 = {},
                                 .labels_sha256 = {}};
    for (const core::Json& info : input.at("classes"))
      manifest.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
    return manifest;
  } catch (const core::Json::exception& defect) {
    throw core::UserError(
        fmt::format("{}: its metadata are damaged: {}", weights.string(), core::json_problem(defect)));
  } catch (const core::UserError& defect) {
    throw core::UserError(fmt::format("{}: {}; `segbench run` builds the deleted decode cache again",
                                      weights.string(), defect.what()));
  }
}

}  // namespace segbench::trial
