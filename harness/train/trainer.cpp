// SPDX-License-Identifier: MIT
#include "harness/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "architectures/networks/determinism.h"
#include "harness/core/error.h"
#include "harness/core/warning_kinds.h"
#include "harness/train/class_weights.h"
#include "harness/train/device.h"
#include "harness/train/gradients.h"
#include "harness/train/moving_average.h"
#include "harness/train/parallel.h"
#include "harness/train/stop_signal.h"
#include "harness/train/training_plan.h"
#include "harness/trial/standing.h"

// Training: from the first step to the last. What follows an epoch stands in trainer_finish.cpp.

namespace segbench::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Steps after which losses are fetched from a GPU to see whether they are still finite.
constexpr std::int64_t kStepsPerFetch = 64;

/// Before anything of the trial is removed or moved: whoever took the trial over may need it.
void require_held(const core::FileLock* lock) {
  if (lock != nullptr) lock->require_held();
}

/// A trial that starts from its beginning replaces the log and weights of an earlier training: a damaged log,
/// or weights whose log is lost, are moved out of the way.
void keep_former_results(const std::filesystem::path& folder) {
  const trial::LogEvidence log = trial::read_evidence(folder);
  if (log.state != trial::LogState::kDamaged && !std::filesystem::exists(folder / core::kWeightsFile)) return;
  if (const std::filesystem::path aside = trial::set_aside(folder); !aside.empty())
    fmt::print(stderr, "the trial starts from its beginning; its former files are kept in {}\n",
               aside.string());
}

NamedTensors copies_of(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors) copies.emplace_back(name, tensor.detach().clone());
  return copies;
}

}  // namespace

Trainer::Trainer(const core::TrialSpec& spec, std::filesystem::path folder, TrialParts& parts,
                 const TrainOptions& options, Progress& progress)
    : spec_(spec),
      training_(spec.variant.training),
      folder_(std::move(folder)),
      parts_(parts),
      options_(options),
      progress_(progress),
      clock_(options.checkpoint_seconds),
      stopping_(training_) {
  tensors_.weights = architectures::named_tensors(*parts_.network);
  tensors_.optimizer = parts_.optimizer->state();
  if (training_.select == "best") tensors_.best = copies_of(tensors_.weights);
  if (training_.moving_average) tensors_.average = copies_of(tensors_.weights);
  has_labels_ = has_labels(parts_.cache.manifest(), spec_.splits.train);
  device_losses_ =
      torch::zeros({steps_per_epoch(spec_)}, torch::TensorOptions(torch::kDouble).device(options_.device));
  set_up_graph();
}

void Trainer::set_up_graph() {
  GraphMaker make = graphs_of(options_.device);
  graphs_prevented_by_ =
      train::graphs_prevented_by(spec_, *parts_.network, options_.levers, static_cast<bool>(make));
  if (!graphs_prevented_by_.empty()) return;
  const auto options = network_options_of(spec_.variant, parts_.cache.manifest());
  StepGraphSetup setup{
      .device = options_.device,
      .make = std::move(make),
      .batch_size = training_.batch_size,
      .parameters = {},
      .statistics = parts_.network->buffers(),
      .repeats = architectures::unordered_on_gpu(options).empty(),
      .step = [this](const Batch& batch) { return loss_and_gradients(batch, 1); },
      .failed =
          [this](const std::string& problem) {
            const core::Warning warning = core::make_warning("no_step_graph", {{"problem", problem}});
            fmt::print(stderr, "{}\n", core::to_text(warning));
            if (options_.warn) options_.warn(warning);
          }};
  for (const auto& [name, tensor] : tensors_.weights) {
    if (tensor.requires_grad()) setup.parameters.push_back(tensor);
  }
  graph_.emplace(std::move(setup));
}

std::optional<trial::ResumePosition> Trainer::prepare() {
  const bool resumes = load_newest_checkpoint();
  state_.kept = options_.kept;
  require_held(options_.lock);
  if (!resumes) keep_former_results(folder_);
  events_.emplace(folder_ / core::kEventsFile, state_.events_bytes, trial::LogKind::kChained, options_.lock);
  if (resumes) return trial::ResumePosition{state_.epoch, state_.step()};
  append_trial_event(*events_, spec_, parts_, sha256_of(tensors_.weights));
  state_.events_bytes = events_->size_bytes();
  return std::nullopt;
}

/// False when there is none. One that cannot be used is removed.
bool Trainer::load_newest_checkpoint() {
  const std::vector<std::filesystem::path> files = checkpoints_in(folder_);
  const std::uint64_t events_bytes = trial::sound_bytes(folder_);
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      state_ = load_checkpoint(files[i], spec_.trial_id, events_bytes, tensors_);
    } catch (const core::UserError& error) {
      require_held(options_.lock);
      const bool is_last = i + 1 == files.size();
      warnings_.push_back(core::make_warning("unusable_checkpoint",
                                             {{"file", files[i].string()},
                                              {"problem", error.what()},
                                              {"then", is_last ? "The trial starts from its beginning."
                                                               : "The checkpoint before it is used."}}));
      fmt::print(stderr, "{}\n", core::to_text(warnings_.back()));
      std::filesystem::remove(files[i]);  // it must not become the previous one
      continue;
    }
    parts_.optimizer->set_updates(state_.updates);
    if (parts_.schedule) parts_.schedule->restore(state_.schedule);
    stopping_.restore(state_.stopping);
    steps_done_ = state_.step();
    return true;
  }
  return false;
}

void Trainer::run() {
  try {
    check_stop_signal();
    while (state_.epoch <= training_.epochs && stopping_.reason().empty()) {
      pause_where_asked();
      train_epoch();
      finish_epoch();
    }
    if (options_.group != nullptr) share_epoch(0);
    options_.group = nullptr;  // the other processes have ended: nobody is to miss them
    finish();
  } catch (const Interrupted&) {
    if (selected_is_swapped_in_) swap_in_selected();
    restore_statistics();
    if (average_is_swapped_in_) swap_in_average();
    checkpoint();
    throw;
  }
}

void Trainer::pause_where_asked() {
  if (options_.pause_after == 0 || state_.epoch <= options_.pause_after) return;
  checkpoint();
  throw Paused{state_.epoch - 1, training_.epochs};
}

void Trainer::train_epoch() {
  const std::int64_t steps = steps_per_epoch(spec_);
  report("train", steps_done_, steps, /*always=*/true);
  if (steps_done_ == steps) return;
  if (options_.group != nullptr) share_epoch(state_.epoch);
  const ShareOfThreads threads(options_.kept.threads, options_.group);
  parts_.loader->start(training_plan(spec_, parts_.cache, state_.epoch, steps_done_, options_.group));
  const TrialState::Timing before = state_.timing;
  const double reduced_before = options_.group == nullptr ? 0 : options_.group->seconds();
  const auto begin = Clock::now();
  const auto take_times = [&] {
    const double checkpoints = state_.timing.checkpoint - before.checkpoint;
    state_.timing.train = before.train + seconds_between(begin, Clock::now()) - checkpoints;
    state_.timing.data_wait = before.data_wait + parts_.loader->waited_seconds();
    if (options_.group != nullptr)
      state_.timing.reduce = before.reduce + options_.group->seconds() - reduced_before;
  };
  while (steps_done_ < steps) {
    const Batch* batch = parts_.loader->next();
    SEGBENCH_CHECK(batch != nullptr, "the loader ended after {} of {} steps", steps_done_, steps);
    train_step(*batch, steps_done_);
    ++steps_done_;
    if (options_.device.is_cpu() || steps_done_ % kStepsPerFetch == 0) fetch_losses();
    report("train", steps_done_, steps, /*always=*/false);
    take_times();
    check_stop_signal();
    const bool is_due =
        options_.checkpoint_steps > 0 ? steps_done_ % options_.checkpoint_steps == 0 : clock_.is_due();
    if (steps_done_ < steps && is_due) checkpoint();
  }
  fetch_losses();
  synchronise(options_.device);
  take_times();
}

/// Whether the gradients of all batches of an update are there after so many steps of the epoch.
bool Trainer::is_update_due(std::int64_t steps_done) const {
  return steps_done % training_.accumulate_batches == 0 || steps_done == steps_per_epoch(spec_);
}

/// What the batch of a step counts among those of its update: its share of their images.
double Trainer::share_of_update(std::int64_t step) const {
  const auto samples = static_cast<std::int64_t>(spec_.splits.train.size());
  const std::int64_t first = step - step % training_.accumulate_batches;
  const auto images = [&](std::int64_t from, std::int64_t batches) {
    return std::min(batches * training_.batch_size, samples - from * training_.batch_size);
  };
  return static_cast<double>(images(step, 1)) /
         static_cast<double>(images(first, training_.accumulate_batches));
}

/// Tells the other processes where they go on; with 0 that there is no further epoch.
void Trainer::share_epoch(std::int64_t epoch) {
  train::share_epoch({.epoch = epoch,
                      .step = steps_done_,
                      .updates = parts_.optimizer->updates(),
                      .schedule = parts_.schedule ? parts_.schedule->state() : nullptr},
                     tensors_.weights, tensors_.optimizer, *options_.group);
}

/// Adds the gradients of a batch to those that are there, and returns its loss.
torch::Tensor Trainer::forward_and_backward(const Batch& batch, std::int64_t step) {
  if (options_.group != nullptr)
    return train_together(spec_, parts_, tensors_.weights, batch, step, *options_.group);
  if (graph_) return graph_->run(batch);
  return loss_and_gradients(batch, training_.accumulate_batches == 1 ? 1 : share_of_update(step));
}

torch::Tensor Trainer::loss_and_gradients(const Batch& batch, double share) {
  const torch::Tensor loss = parts_.loss->mean(parts_.network->forward(batch.images), batch.labels);
  if (loss.requires_grad())  // a module from a file may have nothing to train
    share == 1 ? loss.backward() : (loss * share).backward();
  return loss.detach();
}

void Trainer::train_step(const Batch& batch, std::int64_t step) {
  if (parts_.network->is_stochastic())
    seed_dropout(spec_, options_.device, state_.epoch, step, options_.group);
  if (step % training_.accumulate_batches == 0) parts_.optimizer->zero_grad();
  device_losses_[step].copy_(forward_and_backward(batch, step));
  if (!is_update_due(step + 1)) return;
  update_weights(training_, tensors_.weights, *parts_.optimizer);
  state_.updates = parts_.optimizer->updates();
  if (training_.moving_average)
    move_average(tensors_.average, tensors_.weights, *training_.moving_average, state_.updates);
}

/// Fetches the losses of the steps since the last fetch; the first that is not finite ends the trial.
void Trainer::fetch_losses() {
  if (options_.group != nullptr) options_.group->settle();
  const torch::Tensor losses = device_losses_.narrow(0, state_.step(), steps_done_ - state_.step()).cpu();
  for (std::int64_t i = 0; i < losses.numel(); ++i) {
    const double loss = losses.data_ptr<double>()[i];
    if (!std::isfinite(loss)) diverge({state_.epoch, state_.step() + 1, std::isnan(loss), "loss"});
    state_.step_losses.push_back(loss);
  }
}

void Trainer::diverge(const Diverged& how) {
  events_->append(
      "diverged",
      {{"epoch", how.epoch}, {"step", how.step}, {"loss", how.is_nan ? "nan" : "inf"}, {"what", how.what}});
  events_->sync();
  throw how;
}

void Trainer::checkpoint() {
  fetch_losses();  // waits for the steps that a GPU has still to do: their time is that of training
  const auto begin = Clock::now();
  events_->sync();
  tensors_.gradients = is_update_due(steps_done_) ? NamedTensors() : gradients_of(tensors_.weights);
  save_checkpoint(folder_, spec_.trial_id, state_, tensors_);
  const auto end = Clock::now();
  clock_.written(begin, end);
  state_.timing.checkpoint += seconds_between(begin, end);
}

void Trainer::report(const char* phase, std::int64_t step, std::int64_t steps, bool always) {
  const std::optional<double> loss =
      state_.step_losses.empty() || !has_labels_ ? std::nullopt : std::optional(state_.step_losses.back());
  const std::int64_t last_epoch = stopping_.reason().empty() ? training_.epochs : state_.epoch - 1;
  progress_.report({.phase = phase,
                    .epoch = std::min(state_.epoch, last_epoch),
                    .epochs = training_.epochs,
                    .step = step,
                    .steps = steps,
                    .loss = loss,
                    .metric = training_.select_by,
                    .score = state_.selection_score},
                   always);
}

}  // namespace segbench::train
