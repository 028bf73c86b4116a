// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "harness/core/measures.h"
#include "harness/core/optional_json.h"
#include "harness/core/stopwatch.h"
#include "harness/metrics/scores.h"
#include "harness/train/device.h"
#include "harness/train/final_evaluation.h"
#include "harness/train/kept_predictions.h"
#include "harness/train/moving_average.h"
#include "harness/train/precise_statistics.h"
#include "harness/train/select.h"
#include "harness/train/stop_signal.h"
#include "harness/train/trainer.h"
#include "harness/train/weights_file.h"

// What follows the steps of an epoch and the last epoch: evaluation, selection, the trial's end.

namespace segbench::train {
namespace {

using core::Json;

}  // namespace

void Trainer::finish_epoch() {
  append_epoch();
  const bool is_last = state_.epoch == training_.epochs;
  const bool evaluates =
      !spec_.splits.selection.empty() && (is_last || state_.epoch % training_.evaluate_every == 0);
  if (is_last || evaluates) check_weights();
  if (training_.moving_average && (evaluates || options_.keep_weights.every_epoch)) swap_in_average();
  std::optional<double> value;
  if (evaluates) {
    use_precise_statistics();
    Evaluation evaluation =
        evaluate_split(spec_.splits.selection,
                       options_.film_strip ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{},
                       {.epoch = state_.epoch, .split = "selection", .is_final = false, .seconds = 0});
    if (options_.film_strip)
      keep_frame(folder_, spec_, parts_.cache.manifest(), state_.epoch, std::move(evaluation.kept_labels));
    value = metrics::score(training_.select_by, evaluation.confusion.class_counts(), evaluation.loss,
                           spec_.variant.data.background);
    state_.selection_score = value;
    select_epoch(value);
  }
  keep_weights(value, evaluates);
  restore_statistics();
  if (average_is_swapped_in_) swap_in_average();
  ++state_.epoch;
  state_.step_losses.clear();
  steps_done_ = 0;
  state_.timing = {};
  state_.events_bytes = events_->size_bytes();
  if (clock_.is_due_after_epoch() || options_.checkpoint_steps > 0) checkpoint();
}

void Trainer::append_epoch() {
  const auto samples = static_cast<std::int64_t>(spec_.splits.train.size());
  double sum = 0;
  for (std::int64_t step = 0; step < state_.step(); ++step) {
    const std::int64_t in_batch = std::min(training_.batch_size, samples - step * training_.batch_size);
    sum += state_.step_losses[static_cast<std::size_t>(step)] * static_cast<double>(in_batch);
  }
  const TrialState::Timing& timing = state_.timing;
  Json seconds = {
      {"train_s", timing.train}, {"data_wait_s", timing.data_wait}, {"checkpoint_s", timing.checkpoint}};
  if (options_.group != nullptr) seconds["reduce_s"] = timing.reduce;
  events_->append("epoch", {{"epoch", state_.epoch},
                            {"loss", has_labels_ ? Json(sum / static_cast<double>(samples)) : Json()},
                            {"learning_rate", parts_.optimizer->learning_rate_at(state_.updates - 1)},
                            {"steps", state_.step()},
                            {"samples", samples},
                            {"timing", std::move(seconds)}});
}

/// The losses of all steps were finite, but the last update may have spoilt the weights, and moving
/// statistics are no part of any training loss.
void Trainer::check_weights() {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> finite;
  for (const auto& [name, tensor] : tensors_.weights) {
    if (tensor.is_floating_point()) finite.push_back(torch::isfinite(tensor).all());
  }
  if (finite.empty() || torch::stack(finite).all().item<bool>()) return;  // one wait for the device
  bool is_nan = false;
  for (const auto& [name, tensor] : tensors_.weights) {
    is_nan = is_nan || (tensor.is_floating_point() && torch::isnan(tensor).any().item<bool>());
  }
  diverge({state_.epoch, state_.step(), is_nan, "weights"});
}

/// On a GPU, unless that lever is left out.
std::optional<bool> Trainer::counts_on_device() const {
  return options_.levers.device_counts ? std::nullopt : std::optional(false);
}

Evaluation Trainer::evaluate_split(const std::vector<std::int64_t>& samples,
                                   const std::vector<std::int64_t>& keep, EvaluationEvent about) {
  const auto begin = std::chrono::steady_clock::now();
  const auto before_batch = [&](std::int64_t batch, std::int64_t batches) {
    check_stop_signal();
    report("evaluate", batch, batches, /*always=*/batch == 0);
  };
  Evaluation evaluation = about.is_final
                              ? final_->evaluate(samples, keep)
                              : evaluate(*parts_.network, *parts_.loss, *parts_.loader, training_.batch_size,
                                         {.samples = samples,
                                          .num_classes = parts_.cache.num_classes(),
                                          .keep = keep,
                                          .before_batch = before_batch,
                                          .counts_on_device = counts_on_device()});
  about.seconds = core::seconds_since(begin);
  if (evaluation.has_nan || (evaluation.loss && !std::isfinite(*evaluation.loss))) {
    const bool is_nan = evaluation.has_nan || std::isnan(*evaluation.loss);
    diverge({about.epoch, steps_per_epoch(spec_), is_nan, "evaluation"});
  }
  if (about.is_final) {
    final_->append(*events_, about, evaluation, samples);
  } else {
    append_evaluation(*events_, about, evaluation, parts_.cache.manifest(), samples);
  }
  return evaluation;
}

/// Training goes on with its own moving statistics; those of an evaluated epoch are stored with its weights.
void Trainer::use_precise_statistics() {
  if (training_.batch_norm_statistics != "precise") return;
  NamedTensors moving;
  for (const auto& item : parts_.network->named_buffers())
    moving.emplace_back(item.key(), item.value().detach().clone());
  compute_precise_statistics(*parts_.network, *parts_.loader, spec_.splits.train, training_.batch_size,
                             [&](std::int64_t batch, std::int64_t batches) {
                               check_stop_signal();
                               report("evaluate", batch, batches, /*always=*/batch == 0);
                             });
  moving_statistics_ = std::move(moving);
}

void Trainer::restore_statistics() {
  const torch::NoGradGuard no_grad;
  const auto buffers = parts_.network->named_buffers();
  for (const auto& [name, values] : moving_statistics_) buffers[name].copy_(values);
  moving_statistics_.clear();
}

/// With the value of the metric that epochs are selected by, of the epoch that was just evaluated.
void Trainer::select_epoch(const std::optional<double>& value) {
  if (parts_.schedule) {
    parts_.schedule->observe(value);
    state_.schedule = parts_.schedule->state();
  }
  stopping_.observe(value);
  state_.stopping = stopping_.state();
  if (training_.select != "best") {
    state_.selected = {state_.epoch, value};
  } else if (replaces_selected(value, state_.selected, training_.select_by)) {
    state_.selected = {state_.epoch, value};
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < tensors_.weights.size(); ++i) {
      tensors_.best[i].second.copy_(tensors_.weights[i].second);
    }
  }
}

/// Those that were evaluated, or would be; the metric's value where they were.
void Trainer::keep_weights(const std::optional<double>& value, bool is_evaluated) {
  const KeepWeights& keep = options_.keep_weights;
  if (!keep.every_epoch && !(keep.best > 0 && is_evaluated)) return;
  const std::filesystem::path folder = kept_weights_folder(keep, folder_, spec_.study, spec_.trial_id);
  std::int64_t dropped = 0;
  if (keep.best > 0) {
    const bool higher_is_better = core::find_metric(training_.select_by)->higher_is_better;
    dropped = keep_best(state_.kept_epochs, {state_.epoch, value}, keep.best, higher_is_better);
  }
  if (dropped != state_.epoch) {
    events_->sync();  // throws once the trial's lock is lost
    std::filesystem::create_directories(folder);
    write_weights(kept_weights_file(folder, state_.epoch), spec_, parts_.cache.manifest(), parts_.range,
                  state_.epoch, {}, tensors_.weights);
  }
  if (dropped > 0) std::filesystem::remove(kept_weights_file(folder, dropped));
}

void Trainer::warn_of_single_class(const Evaluation& evaluation, std::int64_t epoch, const char* split) {
  const std::vector<core::ClassCounts> counts = evaluation.confusion.class_counts();
  const auto only = only_predicted_class(counts);
  if (!only) return;
  std::int64_t pixels = 0;
  for (const core::ClassCounts& count : counts) pixels += count.tp + count.fn;
  const double share = static_cast<double>(counts[*only].tp + counts[*only].fp) / static_cast<double>(pixels);
  events_->append("warning", single_class(parts_.cache.manifest().classes[*only].name, share, split, epoch));
}

void Trainer::swap_in_selected() {
  exchange_values(tensors_.weights, tensors_.best);
  selected_is_swapped_in_ = !selected_is_swapped_in_;
}

void Trainer::swap_in_average() {
  exchange_values(tensors_.weights, tensors_.average);
  average_is_swapped_in_ = !average_is_swapped_in_;
}

void Trainer::finish() {
  graph_.reset();  // gives its memory back
  const std::string last_sha256 = sha256_of(tensors_.weights);
  const std::int64_t last_epoch = state_.epoch - 1;
  const std::int64_t epoch = state_.selected.epoch > 0 ? state_.selected.epoch : last_epoch;
  // What is evaluated is not what was trained, though it be of the last epoch.
  const bool differs = training_.batch_norm_statistics == "precise" || training_.moving_average;
  if (epoch != last_epoch || (differs && training_.select == "best" && state_.selected.epoch > 0)) {
    swap_in_selected();
  } else {
    if (training_.moving_average) swap_in_average();
    use_precise_statistics();
  }
  if (training_.select == "best" && state_.selected.epoch > 0 && !state_.selected.value) {
    events_->append("warning", selection_undefined(training_.select_by, epoch));
  }
  events_->append(
      "selected",
      {{"epoch", epoch}, {"metric", training_.select_by}, {"value", core::or_null(state_.selected.value)}});
  final_.emplace(FinalSetup{.spec = spec_,
                            .cache = parts_.cache,
                            .range = parts_.range,
                            .loss = *parts_.loss,
                            .loader = *parts_.loader,
                            .folder = folder_,
                            .networks = {parts_.network},
                            .epoch = epoch,
                            .before_batch = [this](std::int64_t batch, std::int64_t batches) {
                              check_stop_signal();
                              report("finish", batch, batches, /*always=*/batch == 0);
                            }});
  final_->choose_engines(*events_);
  final_->search_threshold(*events_);
  const auto& [train, selection, test] = spec_.splits;
  if (!selection.empty()) {
    const auto evaluation = evaluate_split(selection, {}, {epoch, "selection", /*is_final=*/true, 0});
    if (test.empty()) warn_of_single_class(evaluation, epoch, "selection");
  }
  if (!test.empty()) {
    const auto keep = evenly_spaced(static_cast<std::int64_t>(test.size()), options_.keep_predictions);
    Evaluation evaluation = evaluate_split(test, keep, {epoch, "test", /*is_final=*/true, 0});
    warn_of_single_class(evaluation, epoch, "test");
    events_->sync();
    keep_predictions(folder_, spec_, parts_.cache.manifest(), epoch, keep, std::move(evaluation.kept_labels));
  }
  events_->sync();
  write_weights(folder_ / core::kWeightsFile, spec_, parts_.cache.manifest(), parts_.range, epoch,
                {.threshold = final_->threshold(), .engine = final_->engine()}, tensors_.weights);
  Json finished = {{"epochs", last_epoch},
                   {"weights_sha256", last_sha256},
                   {"selected_epoch", epoch},
                   {"selected_weights_sha256",
                    epoch == last_epoch && !differs ? last_sha256 : sha256_of(tensors_.weights)},
                   {"files", hashes_of_files(folder_)}};
  if (!stopping_.reason().empty()) finished["stopped"] = stopping_.reason();
  events_->append("finished", std::move(finished));
  events_->sync();
  remove_checkpoints(folder_);
}

}  // namespace segbench::train
