// SPDX-License-Identifier: MIT
#include "harness/train/outline_observer.h"

#include <ATen/Parallel.h>

namespace segbench::train {

void OutlineObserver::add(const Prediction& prediction, const torch::Tensor& labels) {
  const torch::Tensor truth = labels.cpu().contiguous(), found = prediction.labels().cpu().contiguous();
  const std::int64_t height = truth.size(1), width = truth.size(2);
  const auto pixels = static_cast<std::size_t>(height * width);
  std::vector<std::map<std::string, metrics::ClassValues>> each(static_cast<std::size_t>(truth.size(0)));
  at::parallel_for(0, truth.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      const metrics::LabelPair image{{truth.data_ptr<std::uint8_t>() + i * pixels, pixels},
                                     {found.data_ptr<std::uint8_t>() + i * pixels, pixels},
                                     height,
                                     width};
      each[i] = metrics::outline_measures(keys_, image, num_classes_, rule_);
    }
  });
  for (auto& image : each) {
    for (auto& [key, classes] : image) values_[key].push_back(std::move(classes));
  }
}

}  // namespace segbench::train
