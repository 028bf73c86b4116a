// SPDX-License-Identifier: MIT
#include "harness/train/predict.h"

#include <algorithm>

#include "harness/core/files.h"
#include "harness/train/prediction_bytes.h"

namespace segbench::train {

void run_predict(const PredictCommand& command) {
  Predictor predictor(command.by);
  const core::MappedFile images(command.images);
  const std::int64_t count = predictor.count_images(images.bytes().size(), command.images.string());
  const auto bytes_each = static_cast<std::size_t>(predictor.bytes_each());
  const auto predict_all = [&](const core::AppendBytes& append_labels,
                               const core::AppendBytes& append_probabilities) {
    for (std::int64_t first = 0; first < count; first += command.batch_size) {
      const auto in_batch = static_cast<std::size_t>(std::min(command.batch_size, count - first));
      const Prediction prediction = predictor.predict(
          images.bytes().subspan(static_cast<std::size_t>(first) * bytes_each, in_batch * bytes_each));
      append_labels(bytes_of(labels_on_host(prediction)));
      if (append_probabilities) append_probabilities(bytes_of(probabilities_on_host(prediction)));
    }
  };
  core::write_file_atomically(command.out, [&](const core::AppendBytes& append_labels) {
    if (command.probabilities.empty()) return predict_all(append_labels, nullptr);
    core::write_file_atomically(command.probabilities, [&](const core::AppendBytes& append_probabilities) {
      predict_all(append_labels, append_probabilities);
    });
  });
}

}  // namespace segbench::train
