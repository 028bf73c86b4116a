// SPDX-License-Identifier: MIT
#include "harness/data/codecs/probability_file.h"

#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/safetensors.h"
#include "harness/data/codecs/resize.h"

namespace segbench::data {
namespace {

constexpr const char* kWriter = "segbench predict";

}  // namespace

Probabilities resize_nearest(const Probabilities& probabilities, std::int64_t height, std::int64_t width) {
  const std::vector<std::int64_t> rows = nearest_indices(probabilities.height, height),
                                  columns = nearest_indices(probabilities.width, width);
  Probabilities resized{.height = height, .width = width, .classes = probabilities.classes, .values = {}};
  resized.values.reserve(probabilities.classes.size() * static_cast<std::size_t>(height * width));
  for (std::size_t c = 0; c < probabilities.classes.size(); ++c) {
    const float* plane = probabilities.values.data() +
                         c * static_cast<std::size_t>(probabilities.height * probabilities.width);
    for (const std::int64_t row : rows) {
      for (const std::int64_t column : columns)
        resized.values.push_back(plane[row * probabilities.width + column]);
    }
  }
  return resized;
}

void write_probabilities(const std::filesystem::path& file, const Probabilities& probabilities) {
  const auto classes = static_cast<std::int64_t>(probabilities.classes.size());
  SEGBENCH_CHECK(static_cast<std::int64_t>(probabilities.values.size()) ==
                     classes * probabilities.height * probabilities.width,
                 "{} values", probabilities.values.size());
  core::write_safetensors(file,
                          {{.name = "probabilities",
                            .dtype = "F32",
                            .shape = {classes, probabilities.height, probabilities.width},
                            .data = std::as_bytes(std::span(probabilities.values))}},
                          {{"classes", core::Json(probabilities.classes).dump()}, {"written_by", kWriter}});
}

bool has_probabilities_mark(std::string_view head) {
  return head.size() > 8 && head[8] == '{' && head.find(kWriter) != std::string_view::npos;
}

}  // namespace segbench::data
