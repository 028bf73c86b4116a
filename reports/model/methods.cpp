// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/model/model.h"

namespace segbench::reports {
namespace {

/// The one value of a fact that holds for all; "" where there is none or several.
std::string fact(const std::vector<Fact>& facts, const std::string& name) {
  for (const Fact& one : facts) {
    if (one.name == name) return one.trials.empty() ? one.value : "";
  }
  return "";
}

/// All values of a fact, "a and b" where trials differ.
std::string every(const std::vector<Fact>& facts, const std::string& name) {
  std::vector<std::string> values;
  for (const Fact& one : facts) {
    if (one.name == name) values.push_back(one.value);
  }
  return fmt::format("{}", fmt::join(values, " and "));
}

/// ", batch size 8": nothing where the value differs between variants.
std::string with(const char* words, const std::string& value) {
  return value.empty() ? "" : fmt::format(", {} {}", words, value);
}

/// "96, 128" as "96 x 128".
std::string by_side(const std::string& size) {
  std::string text;
  for (const std::string& number : core::split(size, ',')) text += (text.empty() ? "" : " x") + number;
  return text;
}

std::string data_sentence(const Measurement& m) {
  std::string text =
      "Data: " + (fact(m.data, "data.kind").empty() ? "several kinds" : fact(m.data, "data.kind"));
  if (const std::string size = fact(m.data, "data.resolution"); !size.empty())
    text +=
        size == "native" ? " at the files' own sizes" : " at " + by_side(size) + " pixels (height x width)";
  std::vector<std::string> splits;
  for (const SplitPixels& split : m.class_pixels) {
    if (split.images) splits.push_back(fmt::format("{} {}", text::grouped(*split.images), split.split));
  }
  if (!splits.empty()) text += fmt::format("; images: {}", fmt::join(splits, ", "));
  if (!m.class_names.empty())
    text += fmt::format("; {} {}", m.class_names.size(), m.class_names.size() == 1 ? "class" : "classes");
  return text + ".";
}

std::string variants_sentence(const ReportModel& model) {
  std::vector<std::string> labels;
  for (const Entry& entry : model.leaderboard) labels.push_back(text::clean(entry.label));
  std::sort(labels.begin(), labels.end());
  const std::vector<std::uint64_t>& seeds = model.measurement.seeds;
  return fmt::format(
      "Variants: {} ({}), each trained once a seed ({}); {} of {} planned trials are complete. All "
      "variants share the random streams of a seed (order, augmentation, dropout), so that they are compared "
      "seed by seed.",
      labels.size(), labels.empty() ? "none" : text::few_of(labels),
      seeds.empty() ? "none yet" : fmt::format("{}", fmt::join(seeds, ", ")), model.complete, model.planned);
}

std::string training_sentence(const Measurement& m) {
  const auto setting = [&](const char* name) { return fact(m.settings, name); };
  std::string text =
      with("architecture", setting("model.architecture")) + with("size", setting("model.size")) +
      with("loss", setting("training.loss")) + with("optimizer", setting("training.optimizer")) +
      with("learning rate", setting("training.optimizer.learning_rate")) +
      with("batch size", setting("training.batch_size")) + with("epochs", setting("training.epochs")) +
      with("augmentation", setting("training.augment")) +
      with("pretrained weights", setting("model.weights"));
  if (text.empty()) return "";
  return "Common to all variants: " + text.substr(2) +
         ". What differs names the variants; every setting is below.";
}

/// How settings were searched, as a paper has to say it (Dodge et al. 2019): space, budget, criterion.
std::string search_sentence(const ReportModel& model) {
  if (!model.search) return "";
  const conclusions::SearchResult& search = *model.search;
  std::vector<std::string> keys;
  for (const conclusions::SearchParameter& parameter : search.parameters) keys.push_back(parameter.key);
  std::sort(keys.begin(), keys.end());
  std::string text = fmt::format(
      "Searched settings: {}; {} draws ({}, seed {}), a budget of {}{}. The draw with the best {} on the "
      "selection split was "
      "chosen; the test split took no part in it.",
      fmt::join(keys, ", "), search.draws.size(),
      search.method == "random"  ? "at random"
      : search.method == "sobol" ? "a shifted Sobol sequence"
                                 : "at random",
      search.seed, text::plural(static_cast<std::size_t>(search.budget_trials), "trial"),
      search.budget_hours ? fmt::format(" and {:g} hours of training", *search.budget_hours) : "",
      text::metric_title(search.metric));
  if (search.rungs.size() > 1)
    text +=
        fmt::format(" Successive halving (Li et al. 2020) decided after {} of {} epochs which draws go on.",
                    fmt::join(search.rungs.begin(), search.rungs.end() - 1, ", "), search.rungs.back());
  return text;
}

std::string scoring_sentence(const ReportModel& model) {
  const core::Measure* metric = core::find_metric(model.metric);
  return fmt::format(
      "{} Scores are of the {} split: {}, {}. It was evaluated without gradients and dropout, every image "
      "once, "
      "unshuffled, void pixels excluded, from integer counts of pixels that are stored for every image.",
      model.measurement.selection_rule, model.split, text::metric_title(model.metric),
      metric == nullptr ? "" : metric->definition);
}

std::string statistics_sentence(const ReportModel& model) {
  std::string text =
      "Intervals of means are two-sided 95% intervals by Student’s t over trials: they tell how much a "
      "repeated "
      "training varies, not how much other images would.";
  if (model.verdict.to_runner_up && model.verdict.to_runner_up->evidence.images > 0)
    text +=
        " The verdict and the claims stand on the two-level bootstrap over seeds and images (Owen 2007), "
        "paired "
        "by both.";
  if (!model.to_best.empty())
    text +=
        " Tests beside it: paired t, exact sign-flip and Wilcoxon tests over seeds; p values corrected for "
        "all "
        "pairs by Holm.";
  if (model.ranking) text += " Ranks: Friedman’s test and Nemenyi’s critical difference.";
  if (!model.fronts.empty())
    text += " Fronts: 1,000 resamples of each variant’s trials tell how often it is on one.";
  return text;
}

std::string machine_sentence(const Measurement& m) {
  const auto known = [&](const char* name) {
    const std::string value = every(m.environment, name);
    return value == "none" ? "" : value;
  };
  std::string text = with("CPU", known("cpu")) + with("GPU", known("gpu")) + with("device", known("device")) +
                     with("threads", known("threads")) + with("precision", known("precision")) +
                     with("LibTorch", known("libtorch")) + with("Segbench", known("segbench_version"));
  if (text.empty()) return "";
  return "Run on: " + text.substr(2) +
         fmt::format(". A second run of the same trial: {}.", every(m.environment, "verified"));
}

std::string failures_sentence(const ReportModel& model) {
  if (model.excluded.empty() && model.failed_attempts.empty()) return "No trial failed.";
  std::set<std::string> repeated;
  for (const FailedAttempt& attempt : model.failed_attempts) repeated.insert(attempt.trial);
  return fmt::format("{} without a score; {} completed after failed attempts. Both are listed above.",
                     text::plural(model.excluded.size(), "trial"), repeated.size());
}

}  // namespace

std::vector<std::string> describe_methods(const ReportModel& model) {
  std::vector<std::string> sentences;
  for (std::string text :
       {data_sentence(model.measurement), variants_sentence(model), training_sentence(model.measurement),
        search_sentence(model), scoring_sentence(model), statistics_sentence(model),
        machine_sentence(model.measurement), failures_sentence(model)}) {
    if (!text.empty()) sentences.push_back(std::move(text));
  }
  return sentences;
}

}  // namespace segbench::reports
