// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "reports/model/model.h"
#include "results/store/store.h"

namespace segbench::reports {

/// A picture as the bytes of a PNG file.
struct PanelPictures {
  std::string input, truth;
  std::vector<std::string> predictions, errors;  ///< as the panel's tiles
  std::string sheet;                             ///< all of them side by side, for a paper
};

/// A panel's label maps and image, as bytes; [height, width] and, for the image, [height, width, channels].
struct PanelPixels {
  std::int64_t height = 0, width = 0, channels = 3;
  std::vector<std::uint8_t> image, truth;
  std::vector<std::vector<std::uint8_t>> predictions;  ///< as the panel's tiles
};

inline constexpr std::size_t kMaxFrames = 8;  ///< of a film strip

/// Fills in the model's panels: of the test images whose predictions the shown trials kept, those that are
/// worth a look (choose_images in kept.h), and film strips. What cannot be read is left out and said in
/// `panels_note`. Returns the pixels, one entry a panel. Also fills in the class colours.
std::vector<PanelPixels> add_panels(ReportModel& model, const store::Store& store,
                                    const std::filesystem::path& runs);

/// Draws one panel. Errors are vermilion on a pale grey image; void is hatched.
PanelPictures draw_panel(const Panel& panel, const PanelPixels& pixels, const ReportModel& model);

}  // namespace segbench::reports
