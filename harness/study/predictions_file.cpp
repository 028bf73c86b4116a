// SPDX-License-Identifier: MIT
#include "harness/study/predictions_file.h"

#include <fmt/format.h>

#include <set>

#include "harness/core/files.h"
#include "harness/core/param_specs.h"
#include "harness/study/fields.h"
#include "harness/study/toml_reader.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;
namespace specs = core::specs;

/// Masks or counts of a [[trial]], as an absolute path; "" where it is not given.
std::filesystem::path path_of(const Node& table, const Json& values, const char* key, ProblemList& problems) {
  if (!values[key].is_string()) return {};
  const std::filesystem::path path = values[key].get<std::string>();
  const bool is_folder = std::string_view(key) == "masks";
  std::error_code absent;
  const bool is_there = is_folder ? std::filesystem::is_directory(path, absent)
                                  : std::filesystem::is_regular_file(path, absent);
  if (!path.empty() && !is_there)
    problems.add(table.find(key)->place, fmt::format("trial.{}: {}: there is no such {}", key, path.string(),
                                                     is_folder ? "folder" : "file"));
  return path;
}

std::vector<PredictedTrial> read_trials_of(const Node& root, ProblemList& problems) {
  std::vector<PredictedTrial> trials;
  const Node* list = root.find("trial");
  if (list == nullptr || !list->is_array() || list->children.empty()) {
    problems.add(list == nullptr ? root.place : list->place,
                 "nothing is predicted: give each run a [[trial]] with a seed and its masks or counts");
    return trials;
  }
  std::set<std::uint64_t> seeds;
  for (const Node& table : list->children) {
    refuse_unknown_keys(table, "[[trial]]", names_of(predicted_trial_settings()), problems);
    const Json values = read_fields(table, "trial", predicted_trial_settings(), Demand::kComplete, problems);
    PredictedTrial trial{.seed = values["seed"].is_number() ? values["seed"].get<std::uint64_t>() : 0,
                         .masks = path_of(table, values, "masks", problems),
                         .counts = path_of(table, values, "counts", problems)};
    if (trial.masks.empty() == trial.counts.empty())
      problems.add(table.place, "trial: give either masks or counts");
    if (!seeds.insert(trial.seed).second)
      problems.add(table.place, fmt::format("trial: seed {} stands here twice", trial.seed));
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::optional<std::int64_t> count_in(const Json& values, const char* key) {
  return values[key].is_number() ? std::optional(values[key].get<std::int64_t>()) : std::nullopt;
}

}  // namespace

const std::vector<ParamSpec>& predictions_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec values =
        specs::list("values", core::kIntegerList, "stored value of each class; else 0, 1, 2, …");
    values.minimum = 0, values.maximum = 65535;
    return std::vector<ParamSpec>{
        specs::integer("schema", std::nullopt, 1, 1, "version of this format"),
        specs::text("study", std::nullopt, "the study under `runs` whose images were predicted"),
        specs::text("label", std::nullopt, "what the model is called in tables and reports"),
        specs::text("from", std::nullopt,
                    "where the predictions come from, for readers of the report: framework, version, code"),
        specs::text("split", "test", "which images they are of", {"test", "selection"}),
        specs::text("like", "",
                    "a variant of the study, whose data and images these are; needed where variants differ "
                    "in them"),
        specs::text("coding", "auto",
                    "what the pixels of the masks hold: values, colours, or whichever of them fits",
                    {"auto", "values", "colours"}),
        std::move(values),
        specs::list("colours", core::kStringList,
                    "colour of each class as \"#rrggbb\"; else those of the study's data"),
        specs::integer("parameters", Json(), 0, std::nullopt,
                       "parameters of the model, if they are to be shown"),
        specs::integer("macs", Json(), 0, std::nullopt, "its multiply-accumulates for one image")};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& predicted_trial_settings() {
  static const std::vector<ParamSpec> kSettings = {
      specs::integer(
          "seed", std::nullopt, 0, std::nullopt,
          "trials of one seed are compared pairwise; of a model without seeds, one of the study's"),
      specs::folder("masks", Json(), "a folder with one mask an image, called by the image's id"),
      specs::folder(
          "counts", Json(),
          "instead: a CSV table with image_id, class, tp, fp and fn in pixels, one row a class of an "
          "image")};
  return kSettings;
}

PredictionsFile load_predictions(const std::filesystem::path& file) {
  ProblemList problems;
  const Node root = read_toml(core::read_file(file), file.string());
  refuse_unknown_keys(root, "", names_of(predictions_settings(), {"trial"}), problems);
  const Json values = read_fields(root, "predictions", predictions_settings(), Demand::kComplete, problems);
  PredictionsFile predictions{.file = file,
                              .study = values.value("study", Json("")).is_string() ? values["study"] : "",
                              .label = values["label"].is_string() ? values["label"] : "",
                              .from = values["from"].is_string() ? values["from"] : "",
                              .split = values["split"],
                              .like = values["like"],
                              .coding = values["coding"],
                              .values = values["values"].get<std::vector<int>>(),
                              .colours = values["colours"].get<std::vector<std::string>>(),
                              .parameters = count_in(values, "parameters"),
                              .macs = count_in(values, "macs"),
                              .trials = read_trials_of(root, problems)};
  for (const char* key : {"label", "from"}) {
    if (const Node* given = root.find(key); given != nullptr && given->is_string() && given->string().empty())
      problems.add(given->place, fmt::format("{} is empty", key));
  }
  problems.throw_if_any();
  return predictions;
}

}  // namespace segbench::study
