// SPDX-License-Identifier: MIT
#include "reports/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/pixel_range.h"
#include "harness/core/predictions.h"
#include "harness/core/trial.h"
#include "harness/metrics/scores.h"
#include "harness/text/utf8.h"
#include "harness/trial/files.h"

namespace segbench::reports {
namespace {

/// What one shown trial kept.
struct Kept {
  const Entry* entry = nullptr;
  core::Predictions predictions;
  std::vector<store::ImageRecord> images;
};

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
    const std::string_view key = metric == "loss" ? core::default_metric(image.background) : metric;
    if (image.index == index) return metrics::score(key, image.counts, std::nullopt, image.background);
  }
  return std::nullopt;
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

template <typename Span>
std::vector<std::uint8_t> copy(const Span& span) {
  return {span.begin(), span.end()};
}

/// At most kMaxFrames, evenly spaced, the last one among them.
std::vector<std::filesystem::path> shown_frames(const std::vector<std::filesystem::path>& film) {
  std::vector<std::filesystem::path> shown;
  const std::size_t count = std::min(film.size(), kMaxFrames);
  for (std::size_t i = 1; i <= count; ++i) shown.push_back(film[i * film.size() / count - 1]);
  return shown;
}

/// What the shown trial of a variant predicted for one image after its epochs; nothing where it kept no film.
std::optional<std::pair<Panel, PanelPixels>> film_strip(const Entry& entry,
                                                        const std::filesystem::path& folder,
                                                        const core::DecodeCache& cache,
                                                        const core::PixelRange& range) {
  std::optional<std::pair<Panel, PanelPixels>> strip;
  const core::CacheManifest& manifest = cache.manifest();
  for (const std::filesystem::path& file : shown_frames(core::film_of(folder))) {
    const core::Predictions frame = core::read_predictions(file);
    if (!fits(frame, cache) || frame.samples.size() != 1) continue;
    const std::int64_t index = frame.samples[0].index;
    if (!strip) {
      strip.emplace(
          Panel{.index = index,
                .id = fmt::format("{} after each epoch: {}", text::clean(entry.label), frame.samples[0].id),
                .tiles = {}},
          PanelPixels{.height = manifest.height,
                      .width = manifest.width,
                      .channels = manifest.channels >= 3 ? 3 : 1,
                      .image = core::view_pixels(std::as_bytes(cache.image(index)), manifest.channels, range),
                      .truth = copy(cache.labels(index)),
                      .predictions = {}});
    }
    strip->second.predictions.push_back(copy(frame.label_map(0)));
    strip->first.tiles.push_back(
        {.variant = entry.id, .trial = entry.shown_trial, .score = std::nullopt, .epoch = frame.epoch});
  }
  if (strip) {
    PanelPixels last = strip->second;
    last.predictions = {last.predictions.back()};
    strip->first.disagreement = disagreement_of(last);
  }
  return strip;
}

}  // namespace

std::vector<PanelPixels> add_panels(ReportModel& model, const store::Store& store,
                                    const std::filesystem::path& runs) {
  std::vector<std::string> notes;
  core::PixelRange range;
  const std::unique_ptr<core::DecodeCache> cache = open_cache(model, runs, range, notes);
  if (cache == nullptr) {
    model.panels_note =
        model.complete == 0 ? "No trial is complete yet." : "The decoded images are no longer there.";
    return {};
  }
  const core::CacheManifest& manifest = cache->manifest();
  for (const core::ClassInfo& info : manifest.classes) {
    model.measurement.class_colours.push_back(
        fmt::format("#{:02x}{:02x}{:02x}", info.colour[0], info.colour[1], info.colour[2]));
  }
  const std::set<std::string> colours(model.measurement.class_colours.begin(),
                                      model.measurement.class_colours.end());
  if (colours.size() < model.measurement.class_colours.size()) model.measurement.class_colours.clear();

  const std::vector<Kept> kept = read_kept(model, store, runs, *cache, notes);
  std::set<std::int64_t> indices;
  for (const Kept& trial : kept) {
    for (const auto& sample : trial.predictions.samples) indices.insert(sample.index);
  }
  std::vector<std::pair<Panel, PanelPixels>> panels;
  for (const std::int64_t index : indices) {
    PanelPixels pixels{
        .height = manifest.height,
        .width = manifest.width,
        .channels = manifest.channels >= 3 ? 3 : 1,
        .image = core::view_pixels(std::as_bytes(cache->image(index)), manifest.channels, range),
        .truth = copy(cache->labels(index)),
        .predictions = {}};
    Panel panel{.index = index, .id = manifest.samples[static_cast<std::size_t>(index)].id, .tiles = {}};
    for (const Kept& trial : kept) {
      const std::optional<std::size_t> position = position_of(trial.predictions, index);
      if (!position) continue;
      pixels.predictions.push_back(copy(trial.predictions.label_map(*position)));
      panel.tiles.push_back({.variant = trial.entry->id,
                             .trial = trial.entry->shown_trial,
                             .score = score_of_image(trial, index, model.metric)});
    }
    panel.disagreement = disagreement_of(pixels);
    panels.emplace_back(std::move(panel), std::move(pixels));
  }
  std::stable_sort(panels.begin(), panels.end(),
                   [](const auto& a, const auto& b) { return a.first.disagreement > b.first.disagreement; });
  if (panels.size() > kMaxPanels) panels.resize(kMaxPanels);
  for (const Entry& entry : model.leaderboard) {
    const TrialLine* line = line_of(model, entry.shown_trial);
    if (line == nullptr) continue;
    try {
      if (auto strip = film_strip(entry, runs / line->folder, *cache, range))
        panels.push_back(std::move(*strip));
    } catch (const core::UserError&) {
      notes.push_back(fmt::format("The film of {} cannot be read.", text::clean(entry.label)));
    }
  }
  std::vector<PanelPixels> all;
  for (auto& [panel, pixels] : panels) {
    model.panels.push_back(std::move(panel));
    all.push_back(std::move(pixels));
  }
  if (all.empty() && notes.empty()) notes.push_back("The trials kept no predictions.");
  for (const std::string& note : notes) model.panels_note += (model.panels_note.empty() ? "" : " ") + note;
  return all;
}

}  // namespace segbench::reports
