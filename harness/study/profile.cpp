// SPDX-License-Identifier: MIT
#include "harness/study/profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/param_specs.h"
#include "harness/core/text.h"
#include "harness/study/document.h"
#include "harness/study/fields.h"
#include "harness/study/head.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;
namespace specs = core::specs;

template <typename Value>
core::Field<ProfileSettings> key(Value ProfileSettings::*member, ParamSpec spec) {
  return core::field("profile", member, std::move(spec));
}

/// A list of these types with a default and a range for its items.
ParamSpec axis(std::string name, std::uint32_t types, Json default_value, std::string help,
               std::optional<double> minimum = {}, std::vector<std::string> choices = {}) {
  ParamSpec spec = specs::list(std::move(name), types, std::move(help));
  spec.default_value = std::move(default_value);
  spec.minimum = minimum;
  spec.choices = std::move(choices);
  return spec;
}

bool is_image_size(const std::string& text) {
  const std::vector<std::string> sides = core::split(text, 'x');
  return sides.size() == 2 && std::all_of(sides.begin(), sides.end(), [](const std::string& side) {
           return !side.empty() && side.size() <= 5 &&
                  side.find_first_not_of("0123456789") == std::string::npos && std::stoi(side) > 0;
         });
}

/// What is wrong beyond types and ranges: the key, and the sentence.
std::optional<std::pair<std::string, std::string>> contradiction(const ProfileSettings& settings) {
  const auto empty = [](const auto& list) { return list.empty(); };
  if (empty(settings.models)) return {{"models", "must name at least one network"}};
  for (const auto& [name, is_empty] :
       {std::pair("widths", empty(settings.widths)), std::pair("batch", empty(settings.batch)),
        std::pair("resolution", empty(settings.resolution)),
        std::pair("precision", empty(settings.precision)),
        std::pair("memory_format", empty(settings.memory_format)),
        std::pair("device", empty(settings.device)), std::pair("threads", empty(settings.threads)),
        std::pair("engines", empty(settings.engines))}) {
    if (is_empty) return {{name, "must have at least one value"}};
  }
  for (const std::string& size : settings.resolution) {
    if (!is_image_size(size))
      return {{"resolution",
               fmt::format("must hold sizes HEIGHTxWIDTH such as \"96x128\", but has \"{}\"", size)}};
  }
  if (settings.most_rounds < settings.least_rounds)
    return {{"most_rounds", "must not be below least_rounds"}};
  return std::nullopt;
}

}  // namespace

const std::vector<core::Field<ProfileSettings>>& profile_fields() {
  using P = ProfileSettings;
  ParamSpec commands{.name = "commands",
                     .types = core::kTable,
                     .default_value = Json::object(),
                     .help =
                         "engines of your own: a name and the command that speaks the "
                         "[engine protocol](engine-protocol.md), `mine = [\"python3\", \"mine.py\"]`"};
  ParamSpec published{.name = "published",
                      .types = core::kTable,
                      .default_value = Json::object(),
                      .help =
                          "seconds of a pass that others published, shown beside ours: the text of a "
                          "model and its number, `{ \"unet:full\" = 11.768 }`"};
  static const std::vector<core::Field<P>> kFields = {
      key(&P::models,
          axis("models", core::kStringList, Json::array(),
               "networks: `architecture:size` with fresh weights (and `:encoder=mobilenet_v2` or another "
               "parameter, perhaps several), a trial (a unique beginning of its id, or its folder), a study "
               "(one complete trial of each variant), a file `.onnx` or `.pt` "
               "(TorchScript)")),
      key(&P::widths, axis("widths", core::kNumberList, {1.0}, "of networks with fresh weights", 1e-3)),
      key(&P::batch, axis("batch", core::kIntegerList, {1}, "images at once", 1)),
      key(&P::resolution, axis("resolution", core::kStringList, {"128x128"}, "of the images, HEIGHTxWIDTH")),
      key(&P::classes,
          specs::integer("classes", 21, 1, 255, "outputs of networks with fresh weights or from a file")),
      key(&P::channels, specs::integer("channels", 3, 1, 64, "of their images")),
      key(&P::precision, axis("precision", core::kStringList, {"float32"}, "of weights and maps", {},
                              {"float32", "bfloat16", "float16", "int8"})),
      key(&P::memory_format, axis("memory_format", core::kStringList, {"contiguous"},
                                  "how LibTorch and PyTorch lay out maps; other engines choose themselves",
                                  {}, {"contiguous", "channels_last"})),
      key(&P::threads, axis("threads", core::kIntegerList, {0}, "of each engine; 0: the usable CPUs", 0)),
      key(&P::device, axis("device", core::kStringList, {"cpu"}, "`cpu`, `cuda` or `cuda:N`")),
      key(&P::engines, axis("engines", core::kStringList, {"all"},
                            "names from `segbench profile --engines`; `all` and `auto`: every one that is "
                            "there; the fastest one of each network is told as auto")),
      key(&P::commands, std::move(commands)),
      key(&P::images, axis("images", core::kStringList, Json::array(),
                           "image files that every engine's output is checked on; none: of a trial those of "
                           "its selection split, "
                           "else made-up ones")),
      key(&P::normalise,
          specs::text("normalise", "unit_range", "how pixels become the network's input (`data.normalise`)")),
      key(&P::calibration_images,
          specs::integer(
              "calibration_images", 64, 1, 1e6,
              "images of the selection split of a trial by which engines choose the scales of int8")),
      key(&P::passes,
          specs::integer("passes", 0, 0, 1000,
                         "times that many images go through every row, from the cache to labels, in batches; "
                         "0: none")),
      key(&P::pass_images,
          specs::integer("pass_images", 0, 0, 1e7,
                         "how many images those are, the same ones again where there are fewer; 0: the test "
                         "split of a trial, else one batch")),
      key(&P::published, std::move(published)),
      key(&P::seconds, specs::number("seconds", 120.0, 1, 1e6, "at most this long in rounds")),
      key(&P::least_rounds, specs::integer("least_rounds", 8, 2, 1e6, "at least so many rounds")),
      key(&P::most_rounds, specs::integer("most_rounds", 200, 2, 1e6, "at most so many")),
      key(&P::median_within, specs::fraction("median_within", 0.02,
                                             "enough when the 95% interval of every row's median reaches no "
                                             "farther than this fraction of it")),
      key(&P::max_error,
          specs::number("max_error", 1e-3, 0, std::nullopt,
                        "a float32 engine whose logits differ from those of the reference by more, as a "
                        "fraction of the largest, is wrong: its row fails")),
      key(&P::max_error_reduced,
          specs::number("max_error_reduced", 0.1, 0, std::nullopt, "the same for other precisions")),
      key(&P::patience,
          specs::number("patience", 600.0, 1, 1e6,
                        "seconds without an answer after which an engine hangs: its row fails")),
      key(&P::seed, specs::integer("seed", 1, 0, std::nullopt,
                                   "of fresh weights, made-up images and the order in rounds"))};
  return kFields;
}

Json to_json(const ProfileSettings& settings) {
  Json json = Json::object();
  for (const auto& field : profile_fields()) json[field.spec.name] = field.get(settings);
  return json;
}

ProfileSettings profile_settings_from_json(const Json& json) {
  ProfileSettings settings;
  for (const auto& field : profile_fields()) {
    if (json.contains(field.spec.name)) set_profile_key(settings, field.spec.name, json.at(field.spec.name));
  }
  return settings;
}

void set_profile_key(ProfileSettings& settings, const std::string& name, const Json& value) {
  for (const auto& field : profile_fields()) {
    if (field.spec.name != name) continue;
    if (const auto problem = core::check_param(field.spec, value))
      throw core::UserError(fmt::format("profile.{} {}", name, *problem));
    field.set(settings, core::canonical_value(field.spec, value));
    return;
  }
  throw core::UserError(fmt::format("profile has no key \"{}\"", name));
}

Profile load_profile(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  ProblemList problems;
  const Document document = load_document(file, overrides, problems);
  const Node& root = document.root;
  refuse_unknown_keys(root, "", names_of(file_settings()), problems);
  check_schema(root, problems);
  Profile profile{
      .name = read_name(root, problems), .question = read_question(root, problems), .settings = {}};
  const Node* table = root.find("profile");
  if (table == nullptr || !table->is_table()) {
    problems.add(table == nullptr ? root.place : table->place,
                 "[profile] is missing: the file says nothing to measure");
    problems.throw_if_any();
  }
  std::vector<ParamSpec> specs;
  for (const auto& field : profile_fields()) specs.push_back(field.spec);
  refuse_unknown_keys(*table, "[profile]", names_of(specs), problems);
  const Json commands =
      table->find("commands") == nullptr ? Json::object() : to_json(*table->find("commands"));
  for (const auto& [name, command] : commands.items()) {
    const bool good =
        command.is_array() && !command.empty() &&
        std::all_of(command.begin(), command.end(), [](const Json& word) { return word.is_string(); });
    if (!good)
      problems.add(
          table->find("commands")->place,
          fmt::format("profile.commands.{} must be a list of words: the program and its arguments", name));
  }
  const Json published =
      table->find("published") == nullptr ? Json::object() : to_json(*table->find("published"));
  for (const auto& [model, seconds] : published.items()) {
    if (seconds.is_number() && seconds > 0) continue;
    problems.add(table->find("published")->place,
                 fmt::format("profile.published of {} must be a number of seconds above 0", model));
  }
  std::erase_if(specs,
                [](const ParamSpec& spec) { return spec.name == "commands" || spec.name == "published"; });
  Json values = read_fields(*table, "profile", specs, Demand::kComplete, problems);
  problems.throw_if_any();
  values["commands"] = commands, values["published"] = published;
  profile.settings = profile_settings_from_json(values);
  if (const auto wrong = contradiction(profile.settings)) {
    const Node* node = table->find(wrong->first);
    problems.add(node == nullptr ? table->place : node->place,
                 fmt::format("profile.{} {}", wrong->first, wrong->second));
  }
  problems.throw_if_any();
  return profile;
}

}  // namespace segbench::study
