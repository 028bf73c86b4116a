// SPDX-License-Identifier: MIT
#include "harness/study/data_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/core/text.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;

bool is_split_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

std::optional<core::SplitRule> split_rule(const Json& value) {
  if (value.is_number()) return core::SplitRule{.official = {}, .fraction = value.get<double>()};
  const std::vector<std::string> names = core::split(value.get<std::string>(), '+');
  const bool distinct = std::set<std::string>(names.begin(), names.end()).size() == names.size();
  if (!distinct || !std::all_of(names.begin(), names.end(), is_split_name)) return std::nullopt;
  return core::SplitRule{.official = names, .fraction = std::nullopt};
}

/// One of train, selection, test: as given, or as the kind of data usually has it.
core::SplitRule read_split(const std::string& name, const Json& given, const Node& splits, const Node& data,
                           const core::PartSpec& kind, Demand demand, ProblemList& problems) {
  const std::string path = "data.splits." + name;
  if (!given.is_null()) {
    if (auto rule = split_rule(given)) return *rule;
    problems.add(splits.find(name)->place,
                 found_message(path, *splits.find(name),
                               "the name of an official split, or several joined by +, such as train+val"));
    return {};
  }
  const Json usual = kind.traits.value("default_splits", Json::object()).value(name, Json());
  if (!usual.is_null()) return split_rule(usual).value_or(core::SplitRule{});
  if (demand == Demand::kComplete) {
    problems.add(
        data.place,
        fmt::format("{} is missing, and data of kind {} have no default for it; name an official "
                    "split{}",
                    path, kind.name, name == "train" ? "" : ", or a fraction of the training samples"));
  }
  return {};
}

void read_splits(const Node& data, const core::PartSpec& kind, Demand demand, core::DataConfig& config,
                 ProblemList& problems) {
  static const Node kNone;
  const Node* given = data.find("splits");
  if (given != nullptr && !given->is_table()) {
    problems.add(given->place, found_message("data.splits", *given, "a table with train, selection, test"));
    given = nullptr;
  }
  const Node& splits = given == nullptr ? kNone : *given;
  refuse_unknown_keys(splits, "data.splits", names_of(split_settings()), problems);
  const Json values = read_fields(splits, "data.splits", split_settings(), demand, problems);
  config.train = read_split("train", values["train"], splits, data, kind, demand, problems);
  config.selection = read_split("selection", values["selection"], splits, data, kind, demand, problems);
  config.test = read_split("test", values["test"], splits, data, kind, demand, problems);
  if (config.selection.fraction.value_or(0) + config.test.fraction.value_or(0) >= 1) {
    problems.add(
        splits.place,
        fmt::format("data.splits: selection = {} and test = {} leave nothing to train on; their sum must "
                    "be less than 1",
                    *config.selection.fraction, *config.test.fraction));
  }
}

std::optional<std::array<std::int64_t, 2>> read_resolution(Json value, const Node& data,
                                                           const core::PartSpec& kind,
                                                           ProblemList& problems) {
  if (value.is_null()) value = kind.traits.value("default_resolution", Json("native"));
  if (!value.is_array()) return std::nullopt;
  if (value.size() == 2) return value.get<std::array<std::int64_t, 2>>();
  const Node& given = *data.find("resolution");
  problems.add(given.place,
               found_message("data.resolution", given, "\"native\" or [height, width] in pixels"));
  return std::nullopt;
}

void check_root(const Node& data, const core::PartSpec& kind, const core::DataConfig& config,
                ProblemList& problems) {
  const Node* root = data.find("root");
  const bool needs_root = kind.traits.value("needs_root", false);
  if (needs_root && config.root.empty() &&
      (root == nullptr || (root->is_string() && root->string().empty()))) {
    const Node& blamed = root == nullptr ? *data.find("kind") : *root;
    problems.add(
        blamed.place,
        fmt::format("data.root is missing; data of kind {} need the folder of the data set", kind.name));
  }
  if (root != nullptr && !kind.traits.value("needs_root", true)) {
    problems.add(root->place,
                 fmt::format("data.root must not be set: data of kind {} are built in", kind.name));
  }
}

/// "percentiles", or [low, high] in stored values.
void read_range(const Json& value, const Node& data, core::DataConfig& config, ProblemList& problems) {
  if (value.is_null()) return;
  config.range_percentiles = value.is_string();
  if (value.is_string()) return;
  if (value.size() == 2 && value[0] < value[1]) {
    config.range = value.get<std::array<double, 2>>();
    return;
  }
  const Node& given = *data.find("range");
  problems.add(given.place,
               found_message("data.range", given,
                             "\"percentiles\", or [low, high] with low below high, such as [0, 4095]"));
}

/// Names, and whether the normalisation is made for so many channels.
void read_channels(const Json& names, const Node& data, core::DataConfig& config, ProblemList& problems) {
  if (!names.is_null()) {
    config.channel_names = names.get<std::vector<std::string>>();
    const std::set<std::string> distinct(config.channel_names.begin(), config.channel_names.end());
    if (static_cast<std::int64_t>(config.channel_names.size()) != config.channels ||
        distinct.size() != config.channel_names.size()) {
      const Node& given = *data.find("channel_names");
      problems.add(given.place, found_message("data.channel_names", given,
                                              fmt::format("{} different names, one for each of data.channels",
                                                          config.channels)));
    }
  }
  if (config.normalise.starts_with("imagenet") && config.channels != 1 && config.channels != 3) {
    const Node* given = data.find("normalise");
    problems.add(
        given == nullptr ? data.place : given->place,
        fmt::format("data.normalise must be unit_range or minus_one_to_one for {} channels, but is \"{}\"; "
                    "the statistics of ImageNet are for 1 or 3 channels",
                    config.channels, config.normalise));
  }
}

}  // namespace

std::optional<core::DataConfig> read_data(const Node& data, Demand demand, ProblemList& problems) {
  const core::PartSpec* kind =
      find_part(core::PartKind::kDataSet, data.find("kind"), data, "data.kind", demand, problems);
  std::vector<core::ParamSpec> common = data_settings();
  std::erase_if(common, [](const core::ParamSpec& spec) { return spec.name == "kind"; });
  const Json values = read_fields(data, "data", common, demand, problems);
  core::DataConfig config;
  config.channels = values["channels"];
  config.normalise = values["normalise"];
  config.apply_orientation = values["orientation"] == "apply";
  read_range(values["range"], data, config, problems);
  read_channels(values["channel_names"], data, config, problems);
  config.split_seed = values["split_seed"];
  config.allow_overlap = values["allow_overlap"];
  if (const Node* root = data.find("root"); root != nullptr && root->is_string()) {
    config.root = resolve_path(*root, "data.root", problems);
  }
  if (kind == nullptr) return std::nullopt;
  config.kind = kind->name;
  if (!kind->traits.value("needs_root", true) && config.channels != 1 && config.channels != 3) {
    problems.add(
        data.find("channels")->place,
        fmt::format("data.channels must be 1 (grey) or 3 (RGB), but is {}; data of kind {} are drawn in RGB",
                    config.channels, kind->name));
  }
  config.resolution = read_resolution(values["resolution"], data, *kind, problems);
  read_splits(data, *kind, demand, config, problems);
  if (demand == Demand::kComplete) check_root(data, *kind, config, problems);
  refuse_unknown_keys(data, fmt::format("[data] of kind {}", kind->name),
                      names_of(kind->params, names_of(data_settings(), {"splits"})), problems);
  config.params = read_fields(data, "data", kind->params, demand, problems);
  config.background = core::background_of(*kind, config.params);
  return config;
}

}  // namespace segbench::study
