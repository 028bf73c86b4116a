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

/// What a batch leaves behind; on a GPU it is still being computed while the next batch is queued.
struct Pending {
  Tensor labels, prediction, sums;
  Tensor has_nan;     ///< of the logits, one value
  Tensor confusions;  ///< GPU only
  std::int64_t first = 0;
};

class Collector {
 public:
  Collector(const EvaluationRequest& request, const losses::Loss& loss) : request_(request), loss_(loss) {
    result_.confusion = core::Confusion(request.num_classes);
  }

  void add(const Pending& pending) {
    const std::int64_t count = pending.sums.size(0);
    std::vector<core::Confusion> confusions(static_cast<std::size_t>(count),
                                            core::Confusion(request_.num_classes));
    if (pending.confusions.defined()) {
      read_confusions(pending.confusions.cpu(), confusions);
    } else {
      count_pixels(pending, confusions);
    }
    for (const core::Confusion& confusion : confusions) {
      result_.confusion += confusion;
      result_.images.push_back(confusion.class_counts());
    }
    add_sums(pending.sums.cpu().contiguous());
    result_.has_nan = result_.has_nan || std::isnan(pending.has_nan.item<double>());
    keep(pending);
  }

  Evaluation take() {
    if (!loss_sums_.empty() && loss_sums_.back() > 0) {
      const Tensor sums = torch::tensor(loss_sums_, torch::kDouble);
      result_.loss = loss_.value(sums).item<double>();
      result_.loss_terms = loss_.term_values(sums);
    }
    return std::move(result_);
  }

 private:
  void count_pixels(const Pending& pending, std::vector<core::Confusion>& confusions) const {
    const auto pixels = static_cast<std::size_t>(pending.labels[0].numel());
    const auto* truth = pending.labels.data_ptr<std::uint8_t>();
    const auto* prediction = pending.prediction.data_ptr<std::uint8_t>();
    at::parallel_for(
        0, static_cast<std::int64_t>(confusions.size()), 1, [&](std::int64_t begin, std::int64_t end) {
          for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            confusions[i] = core::count_pixels({truth + i * pixels, pixels},
                                               {prediction + i * pixels, pixels}, request_.num_classes);
          }
        });
  }

  void read_confusions(const Tensor& counts, std::vector<core::Confusion>& confusions) const {
    const std::int64_t cells = counts.size(2) * counts.size(2), stride = counts.size(1) * counts.size(2);
    const auto* data = counts.data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < confusions.size(); ++i) {
      const std::int64_t* matrix = data + static_cast<std::int64_t>(i) * stride;
      std::copy(matrix, matrix + cells, confusions[i].cells().begin());
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

  void keep(const Pending& pending) {
    const std::int64_t end = pending.first + pending.sums.size(0);
    for (; kept_ < request_.keep.size() && request_.keep[kept_] < end; ++kept_) {
      const Tensor label_map = pending.prediction[request_.keep[kept_] - pending.first].cpu().contiguous();
      const auto* data = label_map.data_ptr<std::uint8_t>();
      result_.kept_labels.insert(result_.kept_labels.end(), data, data + label_map.numel());
    }
  }

  const EvaluationRequest& request_;
  const losses::Loss& loss_;
  Evaluation result_;
  std::vector<double> loss_sums_;  ///< of Loss::image_sums() over all images, in their order
  std::size_t kept_ = 0;
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

Evaluation evaluate(architectures::Network& network, const losses::Loss& loss, BatchLoader& loader,
                    std::int64_t batch_size, const EvaluationRequest& request) {
  const EvalMode eval_mode(network);
  const torch::NoGradGuard no_grad;
  const auto samples = static_cast<std::int64_t>(request.samples.size());
  const std::int64_t batches = (samples + batch_size - 1) / batch_size;
  Collector collector(request, loss);
  std::optional<Pending> pending;
  loader.start({.order = request.samples, .first_batch = 0, .augment = false, .seed = 0, .epoch = 0});
  for (std::int64_t i = 0; i < batches; ++i) {
    request.before_batch(i, batches);
    const Batch* batch = loader.next();
    SEGBENCH_CHECK(batch != nullptr, "the loader ended after {} of {} batches", i, batches);
    const Prediction prediction =
        request.predict ? request.predict(*batch) : Prediction(network.forward(batch->images));
    const Tensor& logits = prediction.logits();
    for (BatchObserver* observer : request.observers) observer->add(prediction, batch->labels);
    Pending next{.labels = batch->labels,
                 .prediction = prediction.labels(),
                 .sums = loss.image_sums(logits, batch->labels),
                 .has_nan = logits.amax(),  // a maximum is not a number when one value is not
                 .confusions = Tensor(),
                 .first = batch->first};
    if (logits.device().is_cpu()) {
      collector.add(next);  // now, because the loader will write over the labels
      continue;
    }
    next.confusions = confusion_on_device(next.labels, next.prediction, request.num_classes);
    if (pending) collector.add(*pending);
    pending = std::move(next);
  }
  if (pending) collector.add(*pending);
  return collector.take();
}

}  // namespace segbench::train
