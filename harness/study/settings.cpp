// SPDX-License-Identifier: MIT
#include "harness/study/settings.h"

#include "harness/core/metric_names.h"

namespace segbench::study {
namespace {

using core::ParamSpec;

constexpr double kMostEpochs = 1'000'000;
constexpr double kMostPixels = 65'536;  ///< of an image's side
constexpr double kMostSeeds = 1'000;

std::vector<std::string> metrics(bool with_time) {
  std::vector<std::string> names;
  for (const core::MetricName& metric : core::kMetricNames) names.emplace_back(metric.key);
  if (with_time) names.emplace_back("train_seconds");
  return names;
}

ParamSpec text(std::string name, std::optional<core::Json> default_value, std::string help,
               std::vector<std::string> choices = {}) {
  return {.name = std::move(name),
          .types = core::kString,
          .default_value = std::move(default_value),
          .help = std::move(help),
          .minimum = {},
          .maximum = {},
          .choices = std::move(choices)};
}

ParamSpec integer(std::string name, std::optional<core::Json> default_value, double minimum,
                  std::optional<double> maximum, std::string help) {
  return {.name = std::move(name),
          .types = core::kInteger,
          .default_value = std::move(default_value),
          .help = std::move(help),
          .minimum = minimum,
          .maximum = maximum};
}

ParamSpec number(std::string name, std::optional<core::Json> default_value, double minimum,
                 std::optional<double> maximum, std::string help) {
  ParamSpec spec = integer(std::move(name), std::move(default_value), minimum, maximum, std::move(help));
  spec.types = core::kNumber;
  return spec;
}

/// A share: strictly between 0 and 1.
ParamSpec share(std::string name, std::optional<core::Json> default_value, std::string help) {
  ParamSpec spec = number(std::move(name), std::move(default_value), 0, 1, std::move(help));
  spec.exclusive_minimum = spec.exclusive_maximum = true;
  return spec;
}

ParamSpec with_types(ParamSpec spec, std::uint32_t types) {
  spec.types = types;
  return spec;
}

ParamSpec without_default_range(ParamSpec spec) {
  spec.minimum.reset();
  return spec;
}

const core::Json kNotSet = nullptr;

}  // namespace

const std::vector<std::string>& file_keys() {
  static const std::vector<std::string> kKeys = {"schema", "name",      "question", "extends", "data",
                                                 "model",  "training",  "trials",   "matrix",  "variant",
                                                 "claim",  "published", "run"};
  return kKeys;
}

const std::vector<ParamSpec>& data_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec resolution = integer("resolution", kNotSet, 1, kMostPixels, "height and width in pixels");
    resolution.types = core::kString | core::kIntegerList;
    resolution.choices = {"native"};
    ParamSpec range =
        number("range", kNotSet, 0, 65535, "stored values [low, high] that become black and white");
    range.types = core::kString | core::kNumberList;
    range.choices = {"percentiles"};
    return std::vector<ParamSpec>{
        text("kind", std::nullopt, "the kind of data set"),
        text("root", kNotSet, "the folder of the data set"),
        resolution,
        integer("channels", 3, 1, 64, "1 (grey), 3 (RGB), or the number of bands"),
        with_types(text("channel_names", kNotSet, "a name for each channel"), core::kStringList),
        range,
        text("orientation", "ignore", "whether images and masks are turned as EXIF and TIFF state it",
             {"ignore", "apply"}),
        text("normalise", "unit_range", "how pixel values reach the network",
             {"unit_range", "minus_one_to_one", "imagenet_torch", "imagenet_caffe_bgr"}),
        integer("split_seed", 0, 0, std::nullopt, "random seed for fractions"),
        {.name = "allow_overlap",
         .types = core::kBool,
         .default_value = false,
         .help = "whether an image may be in two splits",
         .minimum = {},
         .maximum = {}}};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& split_settings() {
  static const std::vector<ParamSpec> kSettings = {
      text("train", kNotSet, "official splits, joined by +"),
      with_types(share("selection", kNotSet, "official splits, or a fraction of the training samples"),
                 core::kString | core::kNumber),
      with_types(share("test", kNotSet, "official splits, or a fraction of the training samples"),
                 core::kString | core::kNumber)};
  return kSettings;
}

const std::vector<ParamSpec>& model_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec width = number("width", 1.0, 0, 100, "multiplier of the number of channels");
    width.exclusive_minimum = true;
    const auto list = [](std::string name, std::uint32_t types, core::Json default_value, std::string help) {
      return ParamSpec{.name = std::move(name),
                       .types = types,
                       .default_value = std::move(default_value),
                       .help = std::move(help),
                       .minimum = {},
                       .maximum = {}};
    };
    return std::vector<ParamSpec>{
        text("architecture", std::nullopt, "the network"),
        text("size", "full", "how large a network of this architecture",
             {"small", "medium", "full", "published"}),
        width,
        text("weights", kNotSet, "file of pretrained weights"),
        list("weights_exclude", core::kStringList, core::Json::array(),
             "patterns of the tensors that are not loaded"),
        list("freeze", core::kString | core::kStringList, "none", "what is not trained")};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& training_settings() {
  static const std::vector<ParamSpec> kSettings = {
      integer("epochs", std::nullopt, 1, kMostEpochs, "passes over the training set"),
      integer("batch_size", std::nullopt, 1, kMostPixels, "images per training step"),
      text("select", "best", "which epoch is tested", {"best", "last"}),
      text("select_by", "miou_no_background",
           "metric on the selection split that selects the best epoch (miou where there is no background)",
           metrics(false)),
      integer("evaluate_every", 1, 1, kMostEpochs, "epochs between evaluations on the selection split"),
      text("batch_norm_statistics", "moving",
           "moving averages over the training steps, or precise statistics computed from training images "
           "before each evaluation",
           {"moving", "precise"})};
  return kSettings;
}

const std::vector<ParamSpec>& trials_settings() {
  static const std::vector<ParamSpec> kSettings = {
      with_types(integer("seeds", kNotSet, 0, std::nullopt, "the seeds"), core::kIntegerList),
      integer("count", kNotSet, 1, kMostSeeds, "short for the seeds 1 to count")};
  return kSettings;
}

const std::vector<ParamSpec>& run_settings() {
  static const std::vector<ParamSpec> kSettings = {
      text("device", "auto", "auto, cpu, cuda or cuda:N"),
      integer("threads", 0, 0, 4096, "threads of each trial; 0: the CPUs divided by the trials at once"),
      [] {
        ParamSpec jobs =
            integer("jobs", "auto", 1, 1024,
                    "trials at once; auto: on a CPU as many as CPUs and memory allow, on a GPU one");
        jobs.types = core::kInteger | core::kString;
        jobs.choices = {"auto"};
        return jobs;
      }(),
      number("timeout_minutes", 0.0, 0, 1e6, "of one attempt at a trial; 0: none"),
      number("stall_minutes", 15.0, 0, 1e6, "without a sign of life; 0: none"),
      number("checkpoint_seconds", 10.0, 0, 1e6, "minimum time between checkpoints; 0: after every epoch"),
      integer("retries", 1, 0, 100, "further attempts after a crash")};
  return kSettings;
}

const std::vector<ParamSpec>& claim_settings() {
  static const std::vector<ParamSpec> kSettings = {
      text("metric", kNotSet, "the score that is compared", metrics(true)),
      number("not_worse_by", kNotSet, 0, std::nullopt, "the candidate is worse by at most this much"),
      number("better_by", kNotSet, 0, std::nullopt, "the candidate is better by at least this much"),
      share("faster_by", kNotSet, "fraction of the reference's training time that the candidate saves")};
  return kSettings;
}

const std::vector<ParamSpec>& published_settings() {
  static const std::vector<ParamSpec> kSettings = {
      text("metric", std::nullopt, "the score", metrics(true)),
      without_default_range(
          number("value", std::nullopt, 0, std::nullopt, "the number as its authors wrote it")),
      text("statistic", "", "what the number is, e.g. best of 3 runs"),
      text("source", std::nullopt, "where it is written")};
  return kSettings;
}

}  // namespace segbench::study
