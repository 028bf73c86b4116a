// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

#include <array>

namespace segbench::core {
namespace {

/// Height and width in pixels, or "native".
VariantField resolution() {
  ParamSpec spec =
      specs::integer("resolution", Json(), 1, kMostPixels,
                     "`[height, width]` in pixels to which images and masks are resized; `\"native\"` keeps "
                     "the stored size");
  spec.types = kString | kIntegerList;
  spec.choices = {"native"};
  spec.null_means = "the kind's";
  return {.table = "data",
          .spec = std::move(spec),
          .get =
              [](const VariantConfig& config) {
                return config.data.resolution ? Json(*config.data.resolution) : Json("native");
              },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.data.resolution.reset();
                if (json.is_array()) config.data.resolution = json.get<std::array<std::int64_t, 2>>();
              },
          .speaks = true};
}

/// [low, high], or "percentiles".
VariantField range() {
  ParamSpec spec =
      specs::number("range", Json(), 0, 65535,
                    "stored values `[low, high]` that become black and white; `\"percentiles\"`: the 1st and "
                    "99th of each channel of the training split. Not set: 0 and the format's maximum");
  spec.types = kString | kNumberList;
  spec.choices = {"percentiles"};
  return {.table = "data",
          .spec = std::move(spec),
          .get = [](const VariantConfig& config) -> Json {
            if (config.data.range_percentiles) return "percentiles";
            return config.data.range ? Json(*config.data.range) : Json();
          },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.data.range.reset();
                config.data.range_percentiles = json.is_string();
                if (json.is_array()) config.data.range = json.get<std::array<double, 2>>();
              },
          .sparse = true};
}

VariantField orientation() {
  return {
      .table = "data",
      .spec = specs::text("orientation", "ignore",
                          "`apply` turns images and masks as their files state it (EXIF, TIFF)",
                          {"ignore", "apply"}),
      .get = [](const VariantConfig& config) { return config.data.apply_orientation ? "apply" : "ignore"; },
      .set = [](VariantConfig& config, const Json& json) { config.data.apply_orientation = json == "apply"; },
      .sparse = true};
}

template <typename Value>
VariantField data(Value DataConfig::*member, ParamSpec spec) {
  return field("data", &VariantConfig::data, member, std::move(spec));
}

VariantField split(SplitRule DataConfig::*member, const char* name, std::uint32_t types, std::string help) {
  ParamSpec spec = specs::fraction(name, Json(), std::move(help));
  spec.types = types;
  spec.null_means = "the kind's";
  return field("data.splits", &VariantConfig::data, member, std::move(spec));
}

ParamSpec folds() {
  ParamSpec spec = specs::integer(
      "folds", 0, 0, 1000,
      "cross-validation in so many folds, one of which takes the place of the test split that would be drawn "
      "(of selection, where test is official); 0: none");
  return spec;
}

ParamSpec fold() {
  ParamSpec spec = specs::integer("fold", Json(), 0, 999,
                                  "the fold that is left out, for all seeds; an axis of folds is "
                                  "paired like seeds");
  spec.null_word = "by_seed";
  return spec;
}

ParamSpec table(const char* name, const char* help) {
  return {.name = name, .types = kTable, .default_value = Json::object(), .help = help};
}

}  // namespace

std::vector<VariantField> data_fields() {
  ParamSpec kind = specs::text("kind", std::nullopt, "the kind of data set, see [Parts](#parts)");
  ParamSpec root =
      specs::folder("root", "", "folder of the data set; required, or not allowed, as the kind says");
  return {
      speaking(data(&DataConfig::kind, std::move(kind))),
      data(&DataConfig::root, std::move(root)),
      resolution(),
      data(&DataConfig::channels,
           specs::integer("channels", 3, 1, 64,
                          "1 (grey), 3 (RGB), or the number of bands ([data.md](data.md))")),
      sparse(data(&DataConfig::channel_names,
                  specs::list("channel_names", kStringList,
                              "a name for each channel, for people; no part of a variant's identity"))),
      range(),
      orientation(),
      speaking(
          data(&DataConfig::normalise,
               specs::text(
                   "normalise", "unit_range",
                   "how pixel values 0…255 reach the network: 0 to 1; -1 to 1; 0 to 1, then ImageNet's mean "
                   "and standard deviation; or BGR, minus ImageNet's mean",
                   {"unit_range", "minus_one_to_one", "imagenet_torch", "imagenet_caffe_bgr"}))),
      data(&DataConfig::split_seed,
           specs::integer("split_seed", 0, 0, std::nullopt, "random seed of splits that are fractions")),
      sparse(data(
          &DataConfig::group,
          specs::text("group", "kind",
                      "what splits never tear apart: samples whose ids have the same first group (else "
                      "whole match) of this regular expression, such as `\"^[^_]+\"`; `kind`: the groups "
                      "that the kind of data knows; `none`"))),
      sparse(
          data(&DataConfig::stratify,
               specs::flag("stratify", false,
                           "drawn splits show each class in as many of their images, in proportion, as all "
                           "have (Sechidis et al. 2011)"))),
      sparse(data(&DataConfig::folds, folds())),
      sparse(data(&DataConfig::fold, fold())),
      sparse(data(&DataConfig::lists,
                  table("lists",
                        "official splits of your own: `{ name = \"file\" }`, a file with an id or file "
                        "name a line; `splits` then takes them by name"))),
      sparse(data(&DataConfig::merge,
                  table("merge",
                        "classes to be united, `{ vehicle = [\"Car\", \"Truck_Bus\"] }`; the new class "
                        "stands where the first of them stood"))),
      data(&DataConfig::allow_overlap,
           specs::flag("allow_overlap", false, "makes an image in two splits a warning instead of an error")),
      split(&DataConfig::train, "train", kString,
            "an official split of the data set, or several joined by `+`: `\"train+val\"`"),
      split(
          &DataConfig::selection, "selection", kString | kNumber,
          "the same, or a fraction of the training samples, which are then not trained on; selects the best "
          "epoch"),
      split(&DataConfig::test, "test", kString | kNumber, "the same; evaluated once, at the end")};
}

}  // namespace segbench::core
