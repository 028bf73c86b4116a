// SPDX-License-Identifier: MIT
#include "harness/core/predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/json_problem.h"

namespace segbench::core {
namespace {

constexpr int kFormat = 1;

}  // namespace

std::filesystem::path film_file(const std::filesystem::path& trial_folder, std::int64_t epoch) {
  return trial_folder / kFilmFolder / fmt::format("{:06}.u8", epoch);
}

std::vector<std::filesystem::path> film_of(const std::filesystem::path& trial_folder) {
  std::vector<std::filesystem::path> frames;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(trial_folder / kFilmFolder, error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".u8") frames.push_back(entry->path());
  }
  std::sort(frames.begin(), frames.end());
  return frames;
}

void write_predictions(const std::filesystem::path& file, const Predictions& predictions) {
  const auto pixels = static_cast<std::size_t>(predictions.height * predictions.width);
  SEGBENCH_CHECK(predictions.labels.size() == predictions.samples.size() * pixels, "{} bytes for {} samples",
                 predictions.labels.size(), predictions.samples.size());
  Json samples = Json::array();
  for (const auto& sample : predictions.samples)
    samples.push_back({{"index", sample.index}, {"id", sample.id}});
  const Json header = {{"format", kFormat},
                       {"trial_id", predictions.trial_id},
                       {"epoch", predictions.epoch},
                       {"split", predictions.split},
                       {"height", predictions.height},
                       {"width", predictions.width},
                       {"num_classes", predictions.num_classes},
                       {"samples", samples}};
  const std::string line = header.dump() + '\n';
  write_file_atomically(file, [&](const AppendBytes& append) {
    append(std::as_bytes(std::span(line.data(), line.size())));
    append(std::as_bytes(std::span(predictions.labels)));
  });
}

Predictions read_predictions(const std::filesystem::path& file) {
  const std::string content = read_file(file);
  const std::size_t line_end = content.find('\n');
  try {
    const Json header = Json::parse(content.substr(0, line_end));
    if (const int format = header.at("format"); format != kFormat) {
      throw UserError(
          fmt::format("{}: unknown format {}; this version reads format {}", file.string(), format, kFormat));
    }
    Predictions predictions{.trial_id = header.at("trial_id"),
                            .epoch = header.at("epoch"),
                            .split = header.at("split"),
                            .height = header.at("height"),
                            .width = header.at("width"),
                            .num_classes = header.at("num_classes"),
                            .samples = {},
                            .labels = {}};
    for (const Json& sample : header.at("samples")) {
      predictions.samples.push_back({.index = sample.at("index"), .id = sample.at("id")});
    }
    const std::string_view bytes = std::string_view(content).substr(line_end + 1);
    const auto samples = static_cast<std::int64_t>(predictions.samples.size());
    if (predictions.height <= 0 || predictions.width <= 0 || line_end == std::string::npos ||
        bytes.size() != static_cast<std::size_t>(samples * predictions.height * predictions.width)) {
      throw UserError(fmt::format("{}: {} bytes are not {} label maps of {} x {}: truncated?", file.string(),
                                  bytes.size(), samples, predictions.height, predictions.width));
    }
    predictions.labels.assign(bytes.begin(), bytes.end());
    return predictions;
  } catch (const Json::exception& error) {
    throw UserError(fmt::format("{}: its first line: {}", file.string(), json_problem(error)));
  }
}

}  // namespace segbench::core
