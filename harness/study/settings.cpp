// SPDX-License-Identifier: MIT
#include "harness/study/settings.h"

#include "harness/core/measures.h"
#include "harness/core/param_specs.h"
#include "harness/metrics/conventions.h"
#include "harness/study/expand.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;
namespace specs = core::specs;

constexpr double kMostSeeds = 1'000;

std::vector<std::string> metrics_and_time() {
  std::vector<std::string> names;
  for (const core::Measure& metric : core::kMetrics) names.emplace_back(metric.key);
  names.emplace_back("train_seconds");
  return names;
}

/// What a trial records of its size.
std::vector<std::string> sizes() {
  std::vector<std::string> names;
  for (const core::Measure& measure : core::kMeasures) {
    if (measure.scope == core::Scope::kTrial && measure.unit != "s") names.emplace_back(measure.key);
  }
  return names;
}

std::vector<std::string> names_of_conventions() {
  std::vector<std::string> names;
  for (const metrics::Convention& convention : metrics::conventions()) names.emplace_back(convention.name);
  return names;
}

ParamSpec margin() {
  ParamSpec spec = specs::number(
      "margin", Json(), 0, std::nullopt,
      "differences of the metric that the variants select by below this count as none, so that a verdict "
      "may say *equivalent within margin*; declare it before looking");
  spec.null_means = "nothing is called equivalent";
  spec.exclusive_minimum = true;
  return spec;
}

ParamSpec selector(std::string name, std::string help) {
  return {.name = std::move(name), .types = core::kTable | core::kString, .help = std::move(help)};
}

ParamSpec image_list() {
  return {.name = "images",
          .types = core::kString | core::kStringList,
          .default_value = Json(),
          .help =
              "only these test images count: a file with an id on each line (`#` begins a comment), or a "
              "list of ids"};
}

ParamSpec image_shares() {
  return {.name = "images_covered",
          .types = core::kNumberList,
          .default_value = Json(),
          .help =
              "only test images count whose truth shows that class (without one: all but the background) "
              "on at least the first and at most the second of these fractions of their pixels",
          .minimum = 0,
          .maximum = 1};
}

}  // namespace

const std::vector<ParamSpec>& file_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    const auto table = [](const char* name, std::optional<Json> default_value, const char* means,
                          const char* help, std::uint32_t types = core::kTable) {
      return ParamSpec{.name = name,
                       .types = types,
                       .default_value = std::move(default_value),
                       .help = help,
                       .null_means = means};
    };
    return std::vector<ParamSpec>{
        specs::integer("schema", std::nullopt, 1, 1, "version of this format"),
        specs::text(
            "name", std::nullopt,
            "letters, digits, `-`, `_` and `.`, not with `.` at the front; at most 100. Results go to "
            "`runs/<name>`, so `cache` and `results.sqlite` are taken"),
        specs::text("question", "", "the question that the study answers; the report starts with it"),
        margin(),
        specs::text("extends", Json(), "another experiment file that this one inherits from"),
        table("data", std::nullopt, "", "the data of a variant"),
        table("model", std::nullopt, "", "the network of a variant"),
        table("training", std::nullopt, "", "how a variant is trained"),
        table("evaluation", Json(), "", "what final evaluations do beside counting pixels"),
        table("trials", Json(), "seeds 1, 2, 3", "how often each variant is trained"),
        table("matrix", Json(), "", "what varies: every combination is a variant"),
        table("search", Json(), "",
              "settings that are drawn, in the place of a matrix ([search](search.md))"),
        table("variant", Json(), "", "additional variants, one by one", core::kTableList),
        table("ensemble", Json(), "", "means of the probabilities of variants, as further variants",
              core::kTableList),
        table("claim", Json(), "", "hypotheses that the report tests", core::kTableList),
        table("published", Json(), "", "published results, shown beside yours", core::kTableList),
        table("run", Json(), "see below", "how trials are run"),
        table("profile", Json(), "", "what `segbench profile` measures ([profile](profile.md))")};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& trials_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec seeds = specs::integer("seeds", Json(), 0, std::nullopt,
                                     "distinct seeds; every variant is trained once with each");
    seeds.types = core::kIntegerList;
    seeds.null_means = "[1, 2, 3]";
    return std::vector<ParamSpec>{
        std::move(seeds),
        specs::integer("count", Json(), 1, kMostSeeds,
                       "short for the seeds 1 to `count`; not together with `seeds`"),
        specs::text("until", "complete",
                    "when training ends: when every trial is complete, or as soon as it is decided which "
                    "variant is best, with at most these seeds ([verdicts](verdicts.md#until-it-is-decided))",
                    {"complete", "decided"}),
        specs::integer("first_look", 3, 3, kMostSeeds,
                       "seeds of every variant before it is first judged, where `until` is `decided`"),
        specs::integer("look_every", 3, 1, kMostSeeds, "further seeds before it is judged again")};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& claim_settings() {
  static const std::vector<ParamSpec> kSettings = {
      specs::text(
          "metric", Json(),
          "the [metric](#metrics) of `not_worse_by`, `better_by` and `equivalent_within`, which need one "
          "or a `class`",
          metrics_and_time()),
      specs::text("class", Json(), "a class, whose IoU is claimed about in the place of a metric"),
      specs::number("not_worse_by", Json(), 0, std::nullopt, "the candidate is worse by at most this much"),
      specs::number("better_by", Json(), 0, std::nullopt, "the candidate is better by at least this much"),
      specs::number("equivalent_within", Json(), 0, std::nullopt,
                    "the two differ by less than this much in either direction"),
      specs::fraction("faster_by", Json(),
                      "the candidate saves at least this fraction of the reference's time (`measure`)"),
      specs::fraction("smaller_by", Json(),
                      "the candidate saves at least this fraction of the reference's `size`"),
      specs::text("size", "parameters", "what `smaller_by` is about: a measure of the trials as a whole",
                  sizes()),
      specs::text(
          "measure", Json(),
          "what `faster_by` is about: the training time, or the latency in the newest `segbench profile` "
          "with trials of both",
          {"train_seconds", "latency"}),
      image_list(),
      specs::text(
          "images_like", Json(),
          "only test images whose id has this form count: `*` stands for any characters, `?` for one; "
          "so a group of them can be named"),
      specs::text("images_showing", Json(), "only test images whose truth shows this class count"),
      image_shares()};
  return kSettings;
}

const std::vector<ParamSpec>& claim_selectors() {
  static const std::vector<ParamSpec> kSelectors = {
      selector("candidate", "the variant that the claim is about"),
      selector("reference", "the variant it is compared with")};
  return kSelectors;
}

const std::vector<ParamSpec>& published_selectors() {
  static const std::vector<ParamSpec> kSelectors = {
      selector("variant", "the variant that the number is about"),
      {.name = "explained_by",
       .types = core::kStringList | core::kTableList,
       .default_value = Json::array(),
       .help = "variants that do what the authors did: one that gives the number explains a difference"}};
  return kSelectors;
}

const std::vector<ParamSpec>& published_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec value = specs::number("value", std::nullopt, 0, std::nullopt, "the number as published");
    value.minimum.reset();
    return std::vector<ParamSpec>{
        specs::text("metric", std::nullopt, "a [metric](#metrics), or `train_seconds`", metrics_and_time()),
        std::move(value),
        specs::text("convention", Json(),
                    "the [convention](metrics.md#conventions-of-well-known-toolkits) by which the authors "
                    "scored, where it is not the metric: the same predictions are scored by both",
                    names_of_conventions()),
        specs::integer("best_of", Json(), 1, kMostSeeds, "it is the best of so many runs; else of one"),
        specs::integer("mean_of", Json(), 1, kMostSeeds, "it is the mean of so many runs"),
        specs::text("statistic", "", "what it is, in words: `\"best of 3 runs\"`"),
        specs::text("source", std::nullopt, "where it is written")};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& search_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec space{.name = "space",
                    .types = core::kTable,
                    .help =
                        "for each setting that is drawn its range: `{ uniform = [low, high] }`, "
                        "`log_uniform`, `integer`, `log_integer`, or `{ choice = [value, …] }`, "
                        "whose values may hold ranges"};
    return std::vector<ParamSpec>{
        specs::text(
            "method", std::nullopt,
            "`random`; `sobol`: quasi-random; `halving`: random draws, most of which end early (ASHA)",
            {"random", "sobol", "halving"}),
        specs::integer("seed", 1, 0, std::nullopt, "of the draws; no part of any trial"),
        specs::integer("trials", std::nullopt, 1, kMostVariants,
                       "the budget: trials at most. A draw takes one with each seed of `[trials]`"),
        specs::number("hours", Json(), 1e-6, 1e6,
                      "the budget in time: no draw begins once all trials together have run for so long"),
        specs::integer("min_epochs", Json(), 1, 1e6, "of a halving: epochs after which it decides first"),
        specs::integer("reduction", 3, 2, 1000,
                       "of a halving: one of so many draws goes on, for so many times the epochs"),
        std::move(space)};
  }();
  return kSettings;
}

const std::vector<ParamSpec>& ensemble_settings() {
  static const std::vector<ParamSpec> kSettings = [] {
    ParamSpec variants = specs::list("variants", core::kStringList,
                                     "the labels of its members, at least two; with `seeds` at least one");
    variants.default_value.reset();
    return std::vector<ParamSpec>{
        specs::text("label", std::nullopt, "what the ensemble is called; unique"), std::move(variants),
        specs::integer("seeds", Json(), 2, kMostSeeds,
                       "the members' trials of so many seeds in a row; else those of one seed, for every "
                       "seed")};
  }();
  return kSettings;
}

}  // namespace segbench::study
