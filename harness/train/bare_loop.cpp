// SPDX-License-Identifier: MIT
#include "harness/train/bare_loop.h"

#include "harness/core/stopwatch.h"
#include "harness/train/device.h"

namespace segbench::train {

BareLoop::BareLoop(const core::TrialSpec& spec, const std::filesystem::path& folder, torch::Device device,
                   torch::MemoryFormat format)
    : device_(device), head_(head_of(spec.variant)), parts_(build_trial(spec, folder, device, format)) {
  train_ = upload(spec.splits.train);
  selection_ = upload(spec.splits.selection);
  test_ = upload(spec.splits.test);
}

std::vector<BareLoop::InMemory> BareLoop::upload(const std::vector<std::int64_t>& samples) {
  std::vector<InMemory> batches;
  parts_->loader->start({.order = samples, .first_batch = 0, .augment = false, .seed = 1, .epoch = 1});
  while (const Batch* batch = parts_->loader->next())
    batches.push_back({batch->images.clone(), batch->labels.clone()});
  return batches;
}

double BareLoop::train() {
  synchronise(device_);
  const auto begin = std::chrono::steady_clock::now();
  for (const InMemory& batch : train_) {
    parts_->optimizer->zero_grad();
    parts_->loss->mean(parts_->network->forward(batch.images), batch.labels).backward();
    parts_->optimizer->step();
  }
  synchronise(device_);
  return core::seconds_since(begin);
}

double BareLoop::evaluate(const std::vector<InMemory>& batches) {
  const torch::NoGradGuard no_grad;
  parts_->network->eval();
  synchronise(device_);
  const auto begin = std::chrono::steady_clock::now();
  torch::Tensor loss, labels;  // what is computed is kept until the next one is
  for (const InMemory& batch : batches) {
    const torch::Tensor logits = parts_->network->forward(batch.images);
    loss = parts_->loss->mean(logits, batch.labels);
    labels = Prediction(logits, head_).labels();
  }
  synchronise(device_);
  const double seconds = core::seconds_since(begin);
  parts_->network->train();
  return seconds;
}

core::Json BareLoop::measure(int epochs) {
  core::Json trained = core::Json::array(), evaluated = core::Json::array();
  for (int epoch = 0; epoch < epochs; ++epoch) {
    trained.push_back(train());
    evaluated.push_back(evaluate_selection());
  }
  return {
      {"device", device_.str()}, {"steps", train_.size()}, {"train_s", trained}, {"evaluate_s", evaluated}};
}

}  // namespace segbench::train
