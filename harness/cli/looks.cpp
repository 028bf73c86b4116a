// SPDX-License-Identifier: MIT
#include "harness/cli/looks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/core/looks.h"
#include "harness/run/wanted.h"
#include "harness/study/resolved.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "harness/trial/looks_log.h"
#include "results/conclusions/sequential.h"

namespace segbench::cli {
namespace {

using core::Json;

std::string label_of(const Json& study, const std::string& id) {
  for (const Json& variant : study.value("variants", Json::array())) {
    if (variant.value("id", "") == id) return text::clean(variant.value("label", id));
  }
  return id;
}

std::string labels_of(const Json& study, const std::vector<std::string>& ids) {
  std::vector<std::string> labels;
  for (const std::string& id : ids) labels.push_back(label_of(study, id));
  return text::few_of(labels);
}

std::string look_line(const Json& study, const Json& look) {
  std::vector<std::string> dropped;
  for (const Json& out : look.value("dropped", Json::array())) dropped.push_back(out.value("variant", ""));
  const auto remaining = look.value("remaining", std::vector<std::string>());
  return fmt::format("after {}: {} dropped; {} {}", text::plural(look.value("seeds", std::size_t{0}), "seed"),
                     dropped.empty() ? "none" : labels_of(study, dropped),
                     remaining.empty() ? "none" : labels_of(study, remaining),
                     remaining.size() == 1 ? "remains" : "remain");
}

}  // namespace

bool take_looks(const study::Study& study, const Context& context) {
  const ResultsStore results = open_results(context);
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(results.store, context.runs, study.name, conclusions::Reading::kScores);
  const bool is_same =
      core::rule_sha256(inputs.study.study) == core::rule_sha256(study::resolved_json(study));
  if (!is_same) return false;  // the experiment file was edited since
  const conclusions::Conclusions model = conclusions::conclude(inputs, {});
  if (!model.sequential) return false;
  if (!model.not_comparable.empty())
    note("no look is taken: the variants are scored on different images, so their scores cannot be compared");
  bool any = false;
  for (const conclusions::LookTaken& look : model.sequential->looks) {
    if (!look.recorded.empty()) continue;
    trial::append_look(run::study_folder(context.runs, study.name), look_json(inputs, look));
    any = true;
  }
  if (!any) return false;
  for (const std::string& sentence : say_new_looks(model))
    fmt::print(stderr, "{}: {}\n", study.name, sentence);
  return true;
}

WantedSeeds wanted_so_far(const study::Study& study, const Context& context) {
  return core::wanted_seeds(run::with_looks(study, run::study_folder(context.runs, study.name)));
}

bool is_wanted(const WantedSeeds& wanted, const study::Study& study, const std::string& variant,
               std::uint64_t seed) {
  const auto place = std::find(study.seeds.begin(), study.seeds.end(), seed) - study.seeds.begin();
  return static_cast<std::size_t>(place) < wanted.at(variant);
}

std::vector<std::string> looks_lines(const Json& study) {
  if (!core::is_sequential(study)) return {};
  const std::vector<std::size_t> planned = core::planned_looks(study);
  std::vector<std::string> lines = {
      fmt::format("seeds are added until it is decided which variant is best: looks after {} seeds",
                  fmt::join(planned, ", "))};
  const Json looks = study.value("looks", Json::array());
  for (const Json& look : looks) lines.push_back(look_line(study, look));
  if (!looks.empty() && looks.back().value("decided", false))
    lines.push_back(fmt::format("decided after {} of at most {} seeds",
                                looks.back().value("seeds", std::size_t{0}), planned.back()));
  else if (looks.size() == planned.size())
    lines.push_back(fmt::format("not decided by all {} seeds", planned.back()));
  else
    lines.push_back(fmt::format("the next look is after {} seeds", planned[looks.size()]));
  return lines;
}

}  // namespace segbench::cli
