// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/core/warning_kinds.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/steps.h"

namespace segbench::conclusions {
namespace {

/// What becomes one warning: those of one kind about the trials of one variant, as that of the first with how
/// many more there are; and those that say the same of several variants.
using Kind = std::tuple<std::string, std::string, std::string>;  // source, code, variant or message

Kind kind_of(const store::WarningRecord& record) {
  return {record.source, record.warning.code.empty() ? record.warning.message : record.warning.code,
          record.trial_id.empty() ? record.warning.message + record.warning.remedy : record.variant_id};
}

}  // namespace

std::vector<ReportWarning> list_warnings(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<Kind> order;
  std::map<Kind, std::vector<const store::WarningRecord*>> kinds;
  std::set<std::string> unused;  // trials that no score stands on
  for (const TrialLine& line : model.trials) {
    if (!line.used) unused.insert(line.id);
  }
  for (const store::WarningRecord& record : inputs.warnings) {
    if (unused.contains(record.trial_id)) continue;
    const Kind kind = kind_of(record);
    if (!kinds.contains(kind)) order.push_back(kind);
    kinds[kind].push_back(&record);
  }
  std::vector<ReportWarning> warnings;
  for (const Kind& kind : order) {
    const std::vector<const store::WarningRecord*>& records = kinds[kind];
    ReportWarning warning{
        .warning = records.front()->warning,
        .source = records.front()->source,
        .variants = {},
        .trials = {},
        .touches_scores = core::touches_scores(records.front()->warning, records.front()->source)};
    for (const store::WarningRecord* record : records) {
      const std::string& variant = record->variant_id;
      if (!variant.empty() && !std::ranges::count(warning.variants, variant))
        warning.variants.push_back(variant);
      if (!record->trial_id.empty()) warning.trials.push_back(record->trial_id);
    }
    const auto different = static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(), [&](const store::WarningRecord* record) {
          return record->warning.message != warning.warning.message;
        }));
    if (different > 0) warning.warning.message += fmt::format(" (and {} more of this kind)", different);
    warnings.push_back(std::move(warning));
  }
  for (ReportWarning& warning : comparison_warnings(inputs, model)) warnings.push_back(std::move(warning));
  return warnings;
}

std::size_t warnings_about(const Conclusions& model, const std::vector<std::string>& variants,
                           bool about_scores) {
  return static_cast<std::size_t>(
      std::count_if(model.warnings.begin(), model.warnings.end(), [&](const ReportWarning& warning) {
        if (about_scores != warning.touches_scores) return false;
        if (warning.variants.empty() || variants.empty()) return true;
        return std::any_of(variants.begin(), variants.end(), [&](const std::string& variant) {
          return std::find(warning.variants.begin(), warning.variants.end(), variant) !=
                 warning.variants.end();
        });
      }));
}

namespace {

/// By the leaderboard, or by the trials where it shows a part of a search alone.
std::string label_of_variant(const std::string& id, const Conclusions& model) {
  if (const Entry* entry = find_entry(model, id)) return text::clean(entry->label);
  const auto line = std::find_if(model.trials.begin(), model.trials.end(),
                                 [&](const TrialLine& trial) { return trial.variant == id; });
  return line != model.trials.end() ? text::clean(line->variant_label) : text::short_id(id);
}

}  // namespace

std::string subject_of(const ReportWarning& warning, const Conclusions& model) {
  std::vector<std::string> labels;
  for (const std::string& id : warning.variants) labels.push_back(label_of_variant(id, model));
  const std::size_t variants =
      std::max(model.leaderboard.size(), model.search ? model.search->draws.size() : std::size_t{0});
  const bool all = labels.empty() || (labels.size() > 1 && labels.size() == variants);
  std::string text = all ? "all variants" : text::few_of(labels);
  if (!warning.trials.empty()) text += fmt::format(", {}", text::plural(warning.trials.size(), "trial"));
  return text;
}

}  // namespace segbench::conclusions
