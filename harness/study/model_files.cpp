// SPDX-License-Identifier: MIT
#include "harness/study/model_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/core/variant_fields.h"
#include "harness/study/data_section.h"
#include "harness/weights/known.h"
#include "harness/weights/match.h"
#include "harness/weights/torchscript_file.h"

namespace segbench::study {
namespace {

namespace fs = std::filesystem;

/// The downloaded weights of this name, if they are there.
std::optional<fs::path> downloaded(const std::string& name) {
  const weights::KnownWeights* known = weights::find_known(name);
  try {
    const fs::path file = weights::weights_folder() / (known == nullptr ? name : known->file);
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return file;
  } catch (const core::UserError&) {  // a machine without a home
  }
  return std::nullopt;
}

/// SHA-256 of a file, which every variant of a study asks for: remembered while the file stays as it is.
std::string remembered_sha256(const fs::path& file) {
  using Stamp = std::tuple<std::string, std::uintmax_t, fs::file_time_type>;
  static std::map<Stamp, std::string> known;
  const Stamp stamp{file.string(), fs::file_size(file), fs::last_write_time(file)};
  const auto found = known.find(stamp);
  if (found != known.end()) return found->second;
  return known[stamp] = core::sha256_file(file);
}

std::string absent_message(std::string_view key, const fs::path& file) {
  std::string remedy;
  if (key == "model.weights") {
    const std::string name = file.filename();
    const weights::KnownWeights* known = weights::find_known(name);
    std::vector<std::string> names;
    for (const weights::KnownWeights& other : weights::known_weights()) names.push_back(other.file);
    remedy = known != nullptr ? fmt::format("; `segbench data fetch-weights {}` downloads it", known->name)
                              : core::did_you_mean(name, names);
  }
  return fmt::format("{}: {} does not exist{}", key, file.string(), remedy);
}

}  // namespace

bool is_file_setting(std::string_view path) {
  const core::Field<core::VariantConfig>* field = core::find_variant_field(path);
  return field != nullptr && (field->spec.types & core::kFile) != 0;
}

std::optional<core::FileChoice> read_file(const Node& node, std::string_view key, ProblemList& problems) {
  const fs::path file = node.string();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    problems.add(node.place, fs::exists(file, error)
                                 ? fmt::format("{}: {} is not a regular file", key, file.string())
                                 : absent_message(key, file));
    return std::nullopt;
  }
  core::FileChoice choice{.path = file.string(), .sha256 = {}};
  try {
    choice.sha256 = remembered_sha256(file);
  } catch (const core::UserError& unreadable) {
    problems.add(node.place, fmt::format("{}: {}", key, unreadable.what()));
    return std::nullopt;
  }
  return choice;
}

void resolve_file(Node& value, std::string_view path, ProblemList& problems) {
  const std::string text = value.string();
  if (text.empty()) return;
  std::string resolved = resolve_path(value, path, problems);
  std::error_code ignored;
  if (path == "model.weights" && text.find('/') == std::string::npos && !fs::exists(resolved, ignored)) {
    if (const auto file = downloaded(text)) resolved = file->string();
  }
  value.scalar = resolved;
}

void check_freeze(const Node& model, const core::Json& values, ProblemList& problems) {
  const core::Json& freeze = values.at("freeze");
  if (!freeze.is_array()) return;
  const bool says_something =
      !freeze.empty() && std::none_of(freeze.begin(), freeze.end(), [](const auto& v) { return v == ""; });
  if (says_something) return;
  problems.add(model.find("freeze")->place, found_message("model.freeze", *model.find("freeze"),
                                                          "a list of at least one pattern of tensor names"));
}

void check_weights(const Node& model, const core::ModelConfig& config, ProblemList& problems) {
  if (!config.weights) return;
  const std::string name = fs::path(config.weights->path).filename();
  const std::string digits = weights::hash_in_name(name);
  if (config.weights->sha256.starts_with(digits)) return;
  problems.add(
      model.find("weights")->place,
      fmt::format(
          "model.weights: the SHA-256 of {} begins with {}, but its name says {}: the file is damaged, or "
          "another one under this name",
          config.weights->path, config.weights->sha256.substr(0, digits.size()), digits));
}

bool is_read_from_file(const core::PartSpec& architecture) {
  return architecture.traits.value("needs_file", false);
}

void check_model_file(const Node& model, Demand demand, const core::ModelConfig& config,
                      ProblemList& problems) {
  const Node* node = model.find("file");
  if (node == nullptr && demand == Demand::kComplete)
    problems.add(model.place, "model.file is missing; it must be the name of a file");
  if (!config.file) return;
  if (const auto problem = weights::torchscript_problem(config.file->path))
    problems.add(node->place, fmt::format("model.file: {}: {}", config.file->path, *problem));
}

}  // namespace segbench::study
