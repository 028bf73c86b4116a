// SPDX-License-Identifier: MIT
#include "harness/study/data_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>

#include "harness/core/text.h"
#include "harness/core/variant_fields.h"
#include "harness/study/class_table.h"
#include "harness/study/resolve.h"

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

/// One of train, selection, test in stored form: as given, or as the kind of data usually has it.
Json read_split(const std::string& name, const Json& given, const Node& splits, const Node& data,
                const core::PartSpec& kind, Demand demand, ProblemList& problems) {
  const std::string path = "data.splits." + name;
  if (!given.is_null()) {
    if (split_rule(given)) return given;
    problems.add(splits.find(name)->place,
                 found_message(path, *splits.find(name),
                               "the name of an official split, or several joined by +, such as train+val"));
    return nullptr;
  }
  Json usual = kind.traits.value("default_splits", Json::object()).value(name, Json());
  if (usual.is_null() && demand == Demand::kComplete) {
    problems.add(
        data.place,
        fmt::format("{} is missing, and data of kind {} have no default for it; name an official "
                    "split{}",
                    path, kind.name, name == "train" ? "" : ", or a fraction of the training samples"));
  }
  return usual;
}

void read_splits(const Node& data, const core::PartSpec& kind, Demand demand, core::VariantConfig& config,
                 ProblemList& problems) {
  static const Node kNone;
  const std::vector<core::ParamSpec> specs = core::specs_of(core::variant_fields(), "data.splits");
  const Node* given = data.find("splits");
  if (given != nullptr && !given->is_table()) {
    problems.add(given->place, found_message("data.splits", *given, "a table with train, selection, test"));
    given = nullptr;
  }
  const Node& splits = given == nullptr ? kNone : *given;
  refuse_unknown_keys(splits, "data.splits", names_of(specs), problems);
  Json values = read_fields(splits, "data.splits", specs, demand, problems);
  for (const auto& [name, value] : values.items())
    value = read_split(name, value, splits, data, kind, demand, problems);
  set_fields("data.splits", values, config);
  const auto& [selection, test] = std::tie(config.data.selection, config.data.test);
  if (selection.fraction.value_or(0) + test.fraction.value_or(0) >= 1) {
    problems.add(
        splits.place,
        fmt::format("data.splits: selection = {} and test = {} leave nothing to train on; their sum must "
                    "be less than 1",
                    *selection.fraction, *test.fraction));
  }
}

/// Every entry of `merge` is a list of names.
void check_merge_form(const Node& data, Json& values, ProblemList& problems) {
  const Node* given = data.find("merge");
  if (given == nullptr || !given->is_table()) return;
  for (const Node& entry : given->children) {
    const bool names = entry.is_array() && std::all_of(entry.children.begin(), entry.children.end(),
                                                       [](const Node& name) { return name.is_string(); });
    if (names) continue;
    problems.add(entry.place, found_message("data.merge." + entry.key, entry, "a list of names of classes"));
    values["merge"].erase(entry.key);
  }
}

void check_resolution(const Node& data, Json& values, ProblemList& problems) {
  Json& resolution = values["resolution"];
  if (!resolution.is_array() || resolution.size() == 2) return;
  const Node& given = *data.find("resolution");
  problems.add(given.place,
               found_message("data.resolution", given, "\"native\" or [height, width] in pixels"));
  resolution = nullptr;
}

void check_range(const Node& data, Json& values, ProblemList& problems) {
  Json& range = values["range"];
  if (!range.is_array() || (range.size() == 2 && range[0] < range[1])) return;
  const Node& given = *data.find("range");
  problems.add(given.place,
               found_message("data.range", given,
                             "\"percentiles\", or [low, high] with low below high, such as [0, 4095]"));
  range = nullptr;
}

/// Names, and whether the normalisation is made for so many channels.
void check_channels(const Node& data, const core::DataConfig& config, ProblemList& problems) {
  const std::vector<std::string>& names = config.channel_names;
  const std::set<std::string> distinct(names.begin(), names.end());
  if (const Node* given = data.find("channel_names");
      given != nullptr && !names.empty() &&
      (static_cast<std::int64_t>(names.size()) != config.channels || distinct.size() != names.size())) {
    problems.add(given->place, found_message("data.channel_names", *given,
                                             fmt::format("{} different names, one for each of data.channels",
                                                         config.channels)));
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

bool takes_classes(const core::PartSpec& kind) {
  return std::any_of(kind.params.begin(), kind.params.end(),
                     [](const core::ParamSpec& param) { return param.name == "classes"; });
}

}  // namespace

bool read_data(const Node& written, Demand demand, ProblemList& problems, core::VariantConfig& config) {
  const core::PartSpec* kind =
      find_part(core::PartKind::kDataSet, written.find("kind"), written, "data.kind", demand, problems);
  const bool takes_table = kind != nullptr && takes_classes(*kind);
  const Node data = takes_table ? with_class_table(written, problems) : written;
  std::vector<core::ParamSpec> specs = core::specs_of(core::variant_fields(), "data");
  std::vector<std::string> names = names_of(specs, {"splits"});
  if (takes_table) names.emplace_back("class_table");
  std::erase_if(specs,
                [](const core::ParamSpec& spec) { return spec.name == "kind" || spec.name == "lists"; });
  Json values = read_fields(data, "data", specs, demand, problems);
  check_merge_form(data, values, problems);
  values["lists"] = read_lists(data, problems);
  check_resolution(data, values, problems);
  check_range(data, values, problems);
  if (kind != nullptr) {
    values["kind"] = kind->name;
    if (values["resolution"].is_null())
      values["resolution"] = kind->traits.value("default_resolution", Json("native"));
  }
  set_fields("data", values, config);
  check_channels(data, config.data, problems);
  if (kind == nullptr) return false;
  if (!kind->traits.value("needs_root", true) && config.data.channels != 1 && config.data.channels != 3) {
    problems.add(
        data.find("channels")->place,
        fmt::format("data.channels must be 1 (grey) or 3 (RGB), but is {}; data of kind {} are drawn in RGB",
                    config.data.channels, kind->name));
  }
  read_splits(data, *kind, demand, config, problems);
  if (demand == Demand::kComplete) check_root(data, *kind, config.data, problems);
  refuse_unknown_keys(data, fmt::format("[data] of kind {}", kind->name), names_of(kind->params, names),
                      problems);
  config.data.params = read_fields(data, "data", kind->params, demand, problems);
  config.data.background = core::background_of(*kind, config.data.params);
  check_split_settings(data, config.data, problems);
  check_merge(data, *kind, config.data, problems);
  return true;
}

}  // namespace segbench::study
