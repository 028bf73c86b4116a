// SPDX-License-Identifier: MIT
#include "reports/panels/kept.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/trial.h"
#include "harness/metrics/scores.h"
#include "harness/text/utf8.h"
#include "harness/trial/files.h"

namespace segbench::reports {
namespace {

template <typename Span>
std::vector<std::uint8_t> copy(const Span& span) {
  return {span.begin(), span.end()};
}

}  // namespace

const TrialLine* line_of(const ReportModel& model, const std::string& trial) {
  const auto found = std::find_if(model.trials.begin(), model.trials.end(),
                                  [&](const TrialLine& line) { return line.id == trial; });
  return found == model.trials.end() ? nullptr : &*found;
}

/// The decode cache that the trials share: of the first shown trial whose cache is still there; `range` says
/// what its samples mean to that trial.
std::unique_ptr<core::DecodeCache> open_cache(const ReportModel& model, const std::filesystem::path& runs,
                                              core::PixelRange& range, std::vector<std::string>& notes) {
  for (const Entry& entry : model.leaderboard) {
    const TrialLine* line = line_of(model, entry.shown_trial);
    if (line == nullptr) continue;
    try {
      const std::filesystem::path folder = runs / line->folder;
      const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
      auto cache = std::make_unique<core::DecodeCache>((folder / spec.cache).lexically_normal());
      range = core::pixel_range(spec.variant.data, *cache, spec.splits.train);
      return cache;
    } catch (const core::UserError&) {
      notes.push_back(fmt::format("The decoded data of {} cannot be read.", text::clean(entry.label)));
    }
  }
  return nullptr;
}

bool fits(const core::Predictions& predictions, const core::DecodeCache& cache) {
  const core::CacheManifest& manifest = cache.manifest();
  return predictions.height == manifest.height && predictions.width == manifest.width &&
         predictions.num_classes == cache.num_classes() &&
         std::all_of(predictions.samples.begin(), predictions.samples.end(), [&](const auto& sample) {
           return sample.index >= 0 && sample.index < cache.size() &&
                  manifest.samples[static_cast<std::size_t>(sample.index)].id == sample.id;
         });
}

std::vector<Kept> read_kept(const ReportModel& model, const store::Store& store,
                            const std::filesystem::path& runs, const core::DecodeCache& cache,
                            std::vector<std::string>& notes) {
  std::vector<Kept> all;
  for (const Entry& entry : model.leaderboard) {
    const TrialLine* line = line_of(model, entry.shown_trial);
    if (line == nullptr) continue;
    try {
      if (const std::string defect = trial::file_defect(runs / line->folder, core::kPredictionsFile);
          !defect.empty()) {
        notes.push_back(fmt::format("{}: {}.", text::clean(entry.label), text::clean(defect)));
        continue;
      }
      Kept kept{.entry = &entry,
                .predictions = core::read_predictions(runs / line->folder / core::kPredictionsFile),
                .images = {}};
      if (!fits(kept.predictions, cache)) {
        notes.push_back(
            fmt::format("{} predicts other images or at another resolution.", text::clean(entry.label)));
        continue;
      }
      kept.images = store.images(line->id, kept.predictions.split);
      all.push_back(std::move(kept));
    } catch (const core::UserError&) {
      notes.push_back(fmt::format("{} kept no readable predictions.", text::clean(entry.label)));
    }
  }
  return all;
}

std::optional<std::size_t> position_of(const core::Predictions& predictions, std::int64_t index) {
  for (std::size_t i = 0; i < predictions.samples.size(); ++i) {
    if (predictions.samples[i].index == index) return i;
  }
  return std::nullopt;
}

std::optional<double> score_of_image(const Kept& kept, std::int64_t index, const std::string& metric) {
  for (const store::ImageRecord& image : kept.images) {
    if (image.index == index) return metrics::score(metric, image.counts, std::nullopt, image.background);
  }
  return std::nullopt;
}

PanelPixels pixels_of(const core::DecodeCache& cache, const core::PixelRange& range, std::int64_t index) {
  const core::CacheManifest& manifest = cache.manifest();
  return {.height = manifest.height,
          .width = manifest.width,
          .channels = manifest.channels >= 3 ? 3 : 1,
          .image = core::view_pixels(std::as_bytes(cache.image(index)), manifest.channels, range),
          .truth = copy(cache.labels(index)),
          .predictions = {}};
}

/// Share of the valid pixels on which not all predictions are equal; with one prediction, on which it is
/// wrong.
double disagreement_of(const PanelPixels& pixels) {
  std::int64_t valid = 0, different = 0;
  for (std::size_t p = 0; p < pixels.truth.size(); ++p) {
    if (pixels.truth[p] == core::kVoidLabel) continue;
    ++valid;
    const std::uint8_t first = pixels.predictions.size() == 1 ? pixels.truth[p] : pixels.predictions[0][p];
    different += std::any_of(pixels.predictions.begin(), pixels.predictions.end(),
                             [&](const auto& labels) { return labels[p] != first; });
  }
  return valid == 0 ? 0 : static_cast<double>(different) / static_cast<double>(valid);
}

}  // namespace segbench::reports
