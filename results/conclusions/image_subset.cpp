// SPDX-License-Identifier: MIT
#include "results/conclusions/image_subset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

#include "harness/core/pattern.h"
#include "harness/metrics/scores.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/values.h"

namespace segbench::conclusions {
namespace {

using core::Json;
using store::ImageRecord;

constexpr std::size_t kNoClass = SIZE_MAX;

/// Pixels of the truth: of one class, or of all but the background.
std::int64_t shown_pixels(const ImageRecord& image, std::size_t class_index) {
  std::int64_t pixels = 0;
  for (std::size_t c = 0; c < image.counts.size(); ++c) {
    const bool is_background = image.background && static_cast<std::size_t>(*image.background) == c;
    if (class_index == kNoClass ? !is_background : c == class_index)
      pixels += image.counts[c].tp + image.counts[c].fn;
  }
  return pixels;
}

bool takes(const ImageSubset& subset, const ImageRecord& image, std::size_t class_index) {
  if (subset.ids && !subset.ids->contains(image.id)) return false;
  if (!subset.like.empty() && !core::matches_pattern(subset.like, image.id)) return false;
  const std::int64_t shown = shown_pixels(image, class_index);
  if (!subset.showing.empty() && shown == 0) return false;
  if (!subset.covered) return true;
  if (image.valid_pixels == 0) return false;
  const double share = static_cast<double>(shown) / static_cast<double>(image.valid_pixels);
  return share >= subset.covered->low && share <= subset.covered->high;
}

const store::TrialRecord* first_record(const StudyInputs& inputs, const Conclusions& model,
                                       const Entry& entry) {
  const std::vector<std::size_t>& used = used_trials(model, entry.id);
  return used.empty() ? nullptr : &inputs.trials[used.front()].record;
}

std::optional<double> pooled_score(const std::vector<ImageRecord>& images, const std::string& metric,
                                   std::size_t class_index) {
  std::vector<core::ClassCounts> pooled;
  core::Background background = core::kFirstClass;
  for (const ImageRecord& image : images) {
    pooled.resize(std::max(pooled.size(), image.counts.size()));
    for (std::size_t c = 0; c < image.counts.size(); ++c) pooled[c] += image.counts[c];
    background = image.background;
  }
  if (class_index == kNoClass) return metrics::score(metric, pooled, std::nullopt, background);
  return class_index < pooled.size() ? metrics::iou(pooled[class_index]) : std::nullopt;
}

std::size_t place_of(const std::string& class_name, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), class_name);
  return found == names.end() ? kNoClass : static_cast<std::size_t>(found - names.begin());
}

}  // namespace

ImageSubset image_subset_of(const Json& claim) {
  ImageSubset subset;
  if (const Json ids = claim.value("images", Json()); ids.is_array())
    subset.ids = ids.get<std::set<std::string>>();
  subset.like = text_of(claim, "images_like");
  subset.showing = text_of(claim, "images_showing");
  if (const Json shares = claim.value("images_covered", Json()); shares.is_array() && shares.size() == 2)
    subset.covered = Interval{shares[0].get<double>(), shares[1].get<double>()};
  return subset;
}

std::string describe(const ImageSubset& subset, const std::string& split) {
  if (subset.is_all()) return "";
  std::vector<std::string> parts;
  if (subset.ids) parts.push_back(fmt::format("of a list of {}", subset.ids->size()));
  if (!subset.like.empty()) parts.push_back(fmt::format("called {}", text::clean(subset.like)));
  if (!subset.showing.empty()) parts.push_back(fmt::format("that show {}", text::clean(subset.showing)));
  if (subset.covered)
    parts.push_back(fmt::format(
        "with {} to {}% of their pixels {}", text::fixed(100 * subset.covered->low, 1),
        text::fixed(100 * subset.covered->high, 1), subset.showing.empty() ? "not background" : "of it"));
  return fmt::format(", on {} images {}", split, fmt::join(parts, ", "));
}

std::vector<ImageRecord> images_in(const ImageSubset& subset, std::vector<ImageRecord> images,
                                   const std::vector<std::string>& class_names) {
  const std::size_t shown = place_of(subset.showing, class_names);
  if (!subset.showing.empty() && shown == kNoClass) return {};
  std::erase_if(images, [&](const ImageRecord& image) { return !takes(subset, image, shown); });
  return images;
}

StudyInputs only_images(const StudyInputs& inputs, const ImageSubset& subset) {
  StudyInputs only;
  if (!inputs.images) return only;
  only.images = [&inputs, subset](const std::string& trial, const std::string& split) {
    const auto of_trial =
        std::find_if(inputs.trials.begin(), inputs.trials.end(),
                     [&](const TrialInputs& known) { return known.record.trial_id == trial; });
    return of_trial == inputs.trials.end()
               ? std::vector<ImageRecord>()
               : images_in(subset, inputs.images(trial, split), of_trial->record.class_names);
  };
  return only;
}

std::vector<TrialValue> scores_on(const ImageSubset& subset, const StudyInputs& inputs,
                                  const Conclusions& model, const Entry& entry, const std::string& metric,
                                  const std::string& class_name) {
  std::vector<TrialValue> values;
  for (const std::size_t i : used_trials(model, entry.id)) {
    const store::TrialRecord& record = inputs.trials[i].record;
    TrialValue value{record.trial_id, record.seed, std::nullopt};
    const std::size_t place = place_of(class_name, record.class_names);
    if (inputs.images && (class_name.empty() || place != kNoClass))
      value.value = pooled_score(
          images_in(subset, inputs.images(record.trial_id, model.split), record.class_names), metric, place);
    values.push_back(std::move(value));
  }
  return values;
}

std::string subset_problem(const ImageSubset& subset, const StudyInputs& inputs, const Conclusions& model,
                           const Entry& entry) {
  const store::TrialRecord* record = first_record(inputs, model, entry);
  if (subset.is_all() || record == nullptr || !inputs.images) return "";
  const std::vector<ImageRecord> all = inputs.images(record->trial_id, model.split);
  if (subset.ids) {
    std::set<std::string> missing = *subset.ids;
    for (const ImageRecord& image : all) missing.erase(image.id);
    if (!missing.empty())
      return fmt::format("{} of the listed images {} no {} image: {}", missing.size(),
                         missing.size() == 1 ? "is" : "are", model.split,
                         text::few_of({missing.begin(), missing.end()}));
  }
  return images_in(subset, all, record->class_names).empty() ? "no image is like that" : "";
}

}  // namespace segbench::conclusions
