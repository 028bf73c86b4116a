// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/pixel_range.h"
#include "harness/core/predictions.h"
#include "reports/model/model.h"
#include "reports/panels/panels.h"
#include "results/store/store.h"

// What the shown trials of a study kept: predictions of images that the decode cache still has.

namespace segbench::reports {

/// What one shown trial kept.
struct Kept {
  const Entry* entry = nullptr;
  core::Predictions predictions;
  std::vector<store::ImageRecord> images;
};

/// nullptr when there is no such trial.
const TrialLine* line_of(const ReportModel& model, const std::string& trial);

/// The decode cache that the trials share: of the first shown trial whose cache is still there; `range` says
/// what its samples mean to that trial. nullptr when there is none.
std::unique_ptr<core::DecodeCache> open_cache(const ReportModel& model, const std::filesystem::path& runs,
                                              core::PixelRange& range, std::vector<std::string>& notes);

/// Whether predictions are of this cache's images, at its resolution.
bool fits(const core::Predictions& predictions, const core::DecodeCache& cache);

/// In the leaderboard's order. What cannot be read is left out and said in `notes`.
std::vector<Kept> read_kept(const ReportModel& model, const store::Store& store,
                            const std::filesystem::path& runs, const core::DecodeCache& cache,
                            std::vector<std::string>& notes);

/// Place of an image among the kept predictions.
std::optional<std::size_t> position_of(const core::Predictions& predictions, std::int64_t index);

/// The score of one image by the trial's stored counts.
std::optional<double> score_of_image(const Kept& kept, std::int64_t index, const std::string& metric);

/// Image and ground truth of a sample, without predictions.
PanelPixels pixels_of(const core::DecodeCache& cache, const core::PixelRange& range, std::int64_t index);

/// Share of the valid pixels on which not all predictions are equal; with one prediction, on which it is
/// wrong.
double disagreement_of(const PanelPixels& pixels);

/// What the shown trial of a variant, in `folder`, predicted for one image after its epochs; nothing where it
/// kept no film.
std::optional<std::pair<Panel, PanelPixels>> film_strip(const Entry& entry,
                                                        const std::filesystem::path& folder,
                                                        const core::DecodeCache& cache,
                                                        const core::PixelRange& range);

/// An image that is worth a look, and by whose predictions.
struct Choice {
  std::string group, note;  ///< as Panel's
  std::int64_t index = 0;
  std::vector<const Kept*> shown;
};
/// Of the images whose predictions were kept: those on which the leader and the runner-up, and the pairs of
/// the claims, differ most; those on which even the best variant scores lowest; and those on which the
/// predictions of all variants disagree most.
std::vector<Choice> choose_images(const ReportModel& model, const std::vector<Kept>& kept,
                                  const core::DecodeCache& cache);

}  // namespace segbench::reports
