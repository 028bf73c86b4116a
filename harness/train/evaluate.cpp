// SPDX-License-Identifier: MIT
#include "harness/train/evaluate.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// What a batch leaves behind.
struct Pending {
  Tensor labels, prediction, sums;
  Tensor has_nan;  ///< of the logits, one value
  std::int64_t first = 0;
};

/// What is fetched from a device at a time, at most: a split of tens of thousands of images with few classes.
constexpr std::int64_t kMostHeldBytes = std::int64_t{64} << 20;

class Collector {
 public:
  Collector(const EvaluationRequest& request, const losses::Loss& loss) : request_(request), loss_(loss) {
    result_.confusion = core::Confusion(request.num_classes);
  }

  void add(const Pending& pending) {
    const std::int64_t count = pending.sums.size(0);
    std::vector<core::Confusion> confusions(static_cast<std::size_t>(count),
                                            core::Confusion(request_.num_classes));
    count_pixels(pending.labels.cpu(), pending.prediction.cpu(), confusions);
    add_confusions(confusions);
    add_sums(pending.sums.cpu().contiguous());
    result_.has_nan = result_.has_nan || std::isnan(pending.has_nan.item<double>());
    for (const Tensor& label_map : kept_of(pending)) add_kept(label_map.cpu().contiguous());
  }

  /// The same, counted where the batch is, which nobody waits for: a row of numbers an image, all of which
  /// float64 holds exactly: the sums of the loss, what has_nan is, and the confusion matrix.
  void hold(const Pending& pending) {
    const std::int64_t count = pending.sums.size(0);
    const Tensor counts = confusion_on_device(pending.labels, pending.prediction, request_.num_classes);
    held_.push_back(torch::cat({pending.sums, pending.has_nan.to(torch::kDouble).expand({count, 1}),
                                counts.flatten(1).to(torch::kDouble)},
                               1));
    held_bytes_ += static_cast<std::int64_t>(held_.back().nbytes());
    for (const Tensor& label_map : kept_of(pending)) {
      held_maps_.push_back(label_map);
      held_bytes_ += label_map.numel();
    }
    if (held_bytes_ >= kMostHeldBytes) fetch();
  }

  Evaluation take() {
    fetch();
    if (!loss_sums_.empty() && loss_sums_.back() > 0) {
      const Tensor sums = torch::tensor(loss_sums_, torch::kDouble);
      result_.loss = loss_.value(sums).item<double>();
      result_.loss_terms = loss_.term_values(sums);
    }
    return std::move(result_);
  }

 private:
  void count_pixels(const Tensor& labels, const Tensor& predicted,
                    std::vector<core::Confusion>& confusions) const {
    const auto pixels = static_cast<std::size_t>(labels[0].numel());
    const auto* truth = labels.data_ptr<std::uint8_t>();
    const auto* prediction = predicted.data_ptr<std::uint8_t>();
    at::parallel_for(
        0, static_cast<std::int64_t>(confusions.size()), 1, [&](std::int64_t begin, std::int64_t end) {
          for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            confusions[i] = core::count_pixels({truth + i * pixels, pixels},
                                               {prediction + i * pixels, pixels}, request_.num_classes);
          }
        });
  }

  /// Fetches what was held: the one wait for the device.
  void fetch() {
    if (held_.empty()) return;
    const Tensor rows = torch::cat(held_).cpu(),
                 maps = held_maps_.empty() ? Tensor() : torch::stack(held_maps_).cpu();
    held_.clear(), held_maps_.clear();
    held_bytes_ = 0;
    const std::int64_t classes = request_.num_classes, cells = classes * classes;
    const std::int64_t sums = rows.size(1) - (cells + classes) - 1;
    std::vector<core::Confusion> confusions(static_cast<std::size_t>(rows.size(0)),
                                            core::Confusion(request_.num_classes));
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
      const double* row = rows.data_ptr<double>() + i * rows.size(1);
      result_.has_nan = result_.has_nan || std::isnan(row[sums]);
      std::transform(row + sums + 1, row + sums + 1 + cells,
                     confusions[static_cast<std::size_t>(i)].cells().begin(),
                     [](double count) { return static_cast<std::int64_t>(count); });
    }
    add_confusions(confusions);
    add_sums(rows.narrow(1, 0, sums).contiguous());
    for (std::int64_t i = 0; maps.defined() && i < maps.size(0); ++i) add_kept(maps[i]);
  }

  void add_confusions(const std::vector<core::Confusion>& confusions) {
    for (const core::Confusion& confusion : confusions) {
      result_.confusion += confusion;
      result_.images.push_back(confusion.class_counts());
    }
  }

  void add_sums(const Tensor& sums) {
    const auto* data = sums.data_ptr<double>();
    const auto columns = static_cast<std::size_t>(sums.size(1));
    loss_sums_.resize(columns);
    for (std::int64_t i = 0; i < sums.size(0); ++i) {
      for (std::size_t k = 0; k < columns; ++k) loss_sums_[k] += *data++;
    }
  }

  /// The predictions of a batch that are wanted.
  std::vector<Tensor> kept_of(const Pending& pending) {
    const std::int64_t end = pending.first + pending.sums.size(0);
    std::vector<Tensor> maps;
    for (; kept_ < request_.keep.size() && request_.keep[kept_] < end; ++kept_)
      maps.push_back(pending.prediction[request_.keep[kept_] - pending.first]);
    return maps;
  }

  void add_kept(const Tensor& label_map) {
    const auto* data = label_map.data_ptr<std::uint8_t>();
    result_.kept_labels.insert(result_.kept_labels.end(), data, data + label_map.numel());
  }

  const EvaluationRequest& request_;
  const losses::Loss& loss_;
  Evaluation result_;
  std::vector<double> loss_sums_;  ///< of Loss::image_sums() over all images, in their order
  std::size_t kept_ = 0;
  std::vector<Tensor> held_, held_maps_;  ///< on the device
  std::int64_t held_bytes_ = 0;
};

/// Puts a network into eval mode for as long as it lives.
class EvalMode {
 public:
  explicit EvalMode(torch::nn::Module& module) : module_(module), was_training_(module.is_training()) {
    module_.eval();
  }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;
  ~EvalMode() { module_.train(was_training_); }

 private:
  torch::nn::Module& module_;
  bool was_training_;
};

}  // namespace

Tensor confusion_on_device(const Tensor& truth, const Tensor& prediction, int num_classes) {
  const std::int64_t rows = num_classes + 1, images = truth.size(0);
  const auto options = torch::TensorOptions(torch::kLong).device(truth.device());
  const Tensor image = torch::arange(images, options).view({-1, 1, 1});
  const Tensor row = truth.to(torch::kLong).clamp_max(num_classes);
  const Tensor key = (image * rows + row) * num_classes + prediction.to(torch::kLong);
  // Sums of integers: exact in any order, although LibTorch calls this operation not deterministic.
  const bool strict = at::globalContext().deterministicAlgorithms();
  const bool warns = at::globalContext().deterministicAlgorithmsWarnOnly();
  at::globalContext().setDeterministicAlgorithms(false, warns);
  const Tensor counts = torch::zeros({images * rows * num_classes}, options)
                            .scatter_add_(0, key.flatten(), torch::ones({key.numel()}, options));
  at::globalContext().setDeterministicAlgorithms(strict, warns);
  return counts.view({images, rows, num_classes});
}

Evaluation evaluate(architectures::Network& network, const losses::Loss& loss, BatchSource& loader,
                    std::int64_t batch_size, const EvaluationRequest& request) {
  const EvalMode eval_mode(network);
  const torch::NoGradGuard no_grad;
  const auto samples = static_cast<std::int64_t>(request.samples.size());
  const std::int64_t batches = (samples + batch_size - 1) / batch_size;
  Collector collector(request, loss);
  loader.start({.order = request.samples, .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  for (std::int64_t i = 0; i < batches; ++i) {
    request.before_batch(i, batches);
    const Batch* batch = loader.next();
    SEGBENCH_CHECK(batch != nullptr, "the loader ended after {} of {} batches", i, batches);
    const Prediction prediction =
        request.predict ? request.predict(*batch) : Prediction(network.forward(batch->images));
    const Tensor& logits = prediction.logits();
    for (BatchObserver* observer : request.observers) observer->add(prediction, batch->labels);
    const Pending pending{.labels = batch->labels,
                          .prediction = prediction.labels(),
                          .sums = loss.image_sums(logits, batch->labels),
                          .has_nan = logits.amax(),  // a maximum is not a number when one value is not
                          .first = batch->first};
    if (request.counts_on_device.value_or(!logits.device().is_cpu())) {
      collector.hold(pending);
    } else {
      collector.add(pending);
    }
  }
  return collector.take();
}

}  // namespace segbench::train
