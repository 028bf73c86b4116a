// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/factory.h"
#include "harness/core/variant.h"
#include "harness/schedules/schedule.h"

namespace segbench::optimizers {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Changes parameters by their gradients. On the CPU each parameter, its gradient and its state are read and
/// written in a single pass; elsewhere the same rule runs as operations on lists of all parameters (lists.h).
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One update from the gradients as they are; a parameter without a gradient stays as it is.
  void step();
  /// Drops all gradients.
  void zero_grad();
  /// From here on a CPU goes by lists of tensors, too, as a GPU does: for tests and comparisons.
  void go_by_lists() { goes_by_lists_ = true; }
  /// From here on each parameter is a list of its own: what a GPU does without this lever.
  void go_one_by_one() { is_one_by_one_ = true; }

  /// From here on the learning rate follows `schedule`, which must outlive the optimizer; nullptr: it stays
  /// as it began. An optimizer begins with the schedule that its `decay` stands for.
  void follow(const schedules::Schedule* schedule) { schedule_ = schedule; }
  /// From here on each parameter learns at the learning rate times factor(its name); at first at that rate.
  void scale_learning_rates(const std::function<double(const std::string& parameter)>& factor);
  /// Of update number `update` = 0, 1, 2, …, as the schedule stands.
  double learning_rate_at(std::int64_t update) const;
  /// Of the update that step() makes next.
  double learning_rate() const { return learning_rate_at(updates_); }
  /// Updates made so far.
  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates) { updates_ = updates; }
  /// Everything but updates() that the next step depends on: "<state>/<parameter>", the tensors themselves,
  /// to be saved from and loaded into.
  NamedTensors state() const;

 protected:
  /// `params` holds "learning_rate", "decay" and "convention", and no null; `states` names the tensors that
  /// each parameter keeps.
  Optimizer(NamedTensors parameters, const core::Json& params, std::vector<std::string> states);

  /// One parameter with its gradient (same strides) and its state tensors, in the order of `states`.
  struct Slot {
    torch::Tensor value, gradient;
    std::vector<torch::Tensor> state;
    double learning_rate;  ///< of this parameter
  };
  /// Parameters that learn at one rate, with their gradients and, by kind, their state tensors.
  struct Lists {
    std::vector<torch::Tensor> values, gradients;
    std::vector<std::vector<torch::Tensor>> states;
    double learning_rate;
  };
  /// Applies update number updates() + 1 to one parameter of a CPU in a single pass (is_fusible()).
  virtual void update(const Slot& slot) = 0;
  /// Applies the same to many parameters of any device.
  virtual void update_lists(const Lists& lists) = 0;

  bool is_keras() const { return is_keras_; }

 private:
  NamedTensors parameters_;
  std::vector<std::string> states_;
  std::vector<std::vector<torch::Tensor>> state_;
  double learning_rate_;
  std::unique_ptr<schedules::Schedule> decay_;  ///< of its own; empty where there is none
  const schedules::Schedule* schedule_;         ///< nullptr: constant
  bool is_keras_, goes_by_lists_ = false, is_one_by_one_ = false;
  std::vector<double> factors_;  ///< of the learning rate, for each parameter
  std::int64_t updates_ = 0;
};

using OptimizerFactory = core::Factory<Optimizer, core::Json, NamedTensors>;

/// Builds the optimizer of a resolved variant for the parameters that require a gradient; absent settings
/// take their default. Throws core::UserError for an unknown name.
std::unique_ptr<Optimizer> make_optimizer(const core::PartChoice& choice, const NamedTensors& parameters);

}  // namespace segbench::optimizers
