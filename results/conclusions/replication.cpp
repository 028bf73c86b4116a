// SPDX-License-Identifier: MIT
#include "results/conclusions/replication.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/measures.h"
#include "harness/metrics/conventions.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

bool depends_on_the_machine(const std::string& key) {
  const core::Measure* measure = core::find_measure(key);
  return measure != nullptr && measure->scope == core::Scope::kTrial;
}

std::string label_of(const std::string& variant, const Conclusions& model) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::short_id(variant) : text::clean(entry->label);
}

/// Whether its ends are told apart by so many digits.
bool is_range(const Interval& interval, int digits) {
  return text::fixed(interval.low, digits) != text::fixed(interval.high, digits);
}

/// "0.032 [0.030, 0.034] (n = 3)".
std::string amount_of(const Replication& replication) {
  const Quantity& ours = replication.ours;
  if (!ours.mean) return fmt::format("undefined ({})", ours.why_undefined);
  const int digits = std::max(3, digits_for({&ours}));
  std::string text = text::metric_value(replication.by, *ours.mean, digits);
  if (ours.interval && !depends_on_the_machine(replication.by) && is_range(*ours.interval, digits))
    text += " " + interval_text(*ours.interval, digits);
  return text + fmt::format(" (n = {})", ours.values.size());
}

/// ", by which 0.028 to 0.036 is to be expected".
std::string expectation_of(const Replication& replication) {
  const int digits = std::max(3, digits_for({&replication.ours}));
  if (!replication.expected || !is_range(*replication.expected, digits)) return "";
  return fmt::format(", by which {} to {} is to be expected", text::fixed(replication.expected->low, digits),
                     text::fixed(replication.expected->high, digits));
}

/// " with training.epochs = 75 instead of 25": in what one variant differs from another.
std::string differences_of(const std::string& variant, const std::string& from, const Conclusions& model) {
  const Entry *one = find_entry(model, variant), *other = find_entry(model, from);
  if (one == nullptr || other == nullptr) return "";
  std::vector<std::string> differences;
  for (const auto& [key, value] : one->axes.items()) {
    const Json theirs = other->axes.value(key, Json());
    if (theirs != value)
      differences.push_back(
          fmt::format("{} = {} instead of {}", key, value.dump(), theirs.is_null() ? "none" : theirs.dump()));
  }
  return differences.empty() ? "" : fmt::format(" ({})", fmt::join(differences, ", "));
}

/// "by published_voc_course_mean_iou (Keras MeanIoU fed with …)", "medium by mIoU".
std::string way_of(const Replication& replication, const PublishedNumber& number, const Conclusions& model) {
  std::string text;
  if (replication.variant != number.variant)
    text = label_of(replication.variant, model) + differences_of(replication.variant, number.variant, model) +
           " ";
  if (replication.by == number.metric) return text + "by " + text::metric_title(replication.by);
  const metrics::Convention* convention = metrics::find_convention(replication.by);
  return text + fmt::format("by {} ({})", replication.by,
                            convention != nullptr ? std::string(convention->meaning)
                                                  : text::metric_title(replication.by));
}

/// All that was named as a cause, with what it gives.
std::string causes_of(const PublishedNumber& number, const Conclusions& model) {
  std::vector<std::string> causes;
  for (const Replication& replication : number.replications) {
    if (&replication == &number.replications.front()) continue;
    causes.push_back(fmt::format("{}: {}", way_of(replication, number, model), amount_of(replication)));
  }
  return fmt::format("{}", fmt::join(causes, "; "));
}

}  // namespace

int decimals_of(double value) {
  const std::string text = fmt::format("{}", value);
  const std::size_t point = text.find('.');
  return text.find('e') != std::string::npos || point == std::string::npos
             ? 0
             : static_cast<int>(text.size() - point) - 1;
}

const Replication* explanation_of(const PublishedNumber& number) {
  if (number.replications.empty() || number.replications.front().outcome != "differs") return nullptr;
  const auto found = std::find_if(number.replications.begin(), number.replications.end(),
                                  [](const Replication& one) { return one.outcome == "agrees"; });
  return found == number.replications.end() ? nullptr : &*found;
}

std::string outcome_of(const PublishedNumber& number) {
  if (number.replications.empty()) return "not decided";
  if (depends_on_the_machine(number.metric)) return "not judged";
  const Replication& ours = number.replications.front();
  if (ours.outcome == "agrees") return "agrees";
  if (ours.outcome != "differs") return "not decided";
  const Replication* cause = explanation_of(number);
  if (cause == nullptr) return "disagrees";
  if (cause->variant == number.variant) return "explained by its convention";
  return cause->by == number.metric ? "explained by another variant"
                                    : "explained by its convention and another variant";
}

std::string sentence_of(const PublishedNumber& number, const Conclusions& model) {
  std::string text = fmt::format(
      "{}, {}: {} {}", number.source, number.what, text::metric_title(number.metric),
      number.value ? text::metric_value(number.metric, *number.value, std::max(2, decimals_of(*number.value)))
                   : std::string("not given"));
  if (!number.note.empty()) text += fmt::format(" ({})", number.note);
  if (number.replications.empty()) return text + ": not decided, as the study has no such variant";
  const Replication& ours = number.replications.front();
  text += fmt::format(": {}", number.outcome);
  if (number.outcome == "not judged")
    return text + fmt::format(", as it depends on the machine; ours: {}", amount_of(ours));
  if (const Replication* cause = explanation_of(number)) {
    return text + fmt::format("; ours is {}{}, but {} it is {}{}", amount_of(ours), expectation_of(ours),
                              way_of(*cause, number, model), amount_of(*cause), expectation_of(*cause));
  }
  if (number.outcome == "not decided" && ours.outcome == "not decided")
    text += fmt::format(", as {} trials or more are needed", kSeedsForVerdict);
  text += fmt::format("; ours is {}{}", amount_of(ours), expectation_of(ours));
  const std::string causes = causes_of(number, model);
  if (!causes.empty()) return text + "; " + causes;
  return number.outcome == "disagrees" ? text + "; no cause is named" : text;
}

}  // namespace segbench::conclusions
