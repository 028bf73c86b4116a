// SPDX-License-Identifier: MIT
#include "harness/train/precise_statistics.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

/// A network in evaluation mode that collects statistics, until it is destroyed.
class Collecting {
 public:
  explicit Collecting(architectures::Network& network)
      : network_(network), was_training_(network.is_training()) {
    network_.begin_statistics();
    network_.eval();
  }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;
  ~Collecting() {
    network_.end_statistics(/*apply=*/false);
    network_.train(was_training_);
  }

 private:
  architectures::Network& network_;
  bool was_training_;
};

}  // namespace

void compute_precise_statistics(
    architectures::Network& network, BatchSource& loader, const std::vector<std::int64_t>& samples,
    std::int64_t batch_size,
    const std::function<void(std::int64_t batch, std::int64_t batches)>& before_batch) {
  const torch::NoGradGuard no_grad;
  const Collecting collecting(network);
  // An order of its own, whatever the seed: neighbours in a data set are often alike, which the statistics of
  // a batch should not be.
  std::vector<std::int64_t> order = epoch_order(samples, /*seed=*/0, /*epoch=*/0);
  order.resize(std::min<std::size_t>(order.size(), kPreciseImages));
  const auto images = static_cast<std::int64_t>(order.size());
  const std::int64_t batches = (images + batch_size - 1) / batch_size;
  loader.start({.order = std::move(order), .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  for (std::int64_t i = 0; i < batches; ++i) {
    before_batch(i, batches);
    const Batch* batch = loader.next();
    SEGBENCH_CHECK(batch != nullptr, "the loader ended after {} of {} batches", i, batches);
    network.forward(batch->images);
  }
  network.end_statistics(/*apply=*/true);
}

}  // namespace segbench::train
