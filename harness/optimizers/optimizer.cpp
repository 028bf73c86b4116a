// SPDX-License-Identifier: MIT
#include "harness/optimizers/optimizer.h"

#include <algorithm>

#include "harness/core/part.h"
#include "harness/optimizers/fused.h"

namespace segbench::optimizers {

using torch::Tensor;

namespace {

std::unique_ptr<schedules::Schedule> schedule_of_decay(double decay) {
  if (decay == 0) return nullptr;
  return schedules::make_schedule({"inverse_time", {{"decay", decay}}}, {});
}

}  // namespace

Optimizer::Optimizer(NamedTensors parameters, const core::Json& params, std::vector<std::string> states)
    : parameters_(std::move(parameters)),
      states_(std::move(states)),
      learning_rate_(params.at("learning_rate")),
      decay_(schedule_of_decay(params.at("decay"))),
      schedule_(decay_.get()),
      is_keras_(params.at("convention").get<std::string>() == "keras"),
      factors_(parameters_.size(), 1.0) {
  for (const auto& [name, parameter] : parameters_) {
    SEGBENCH_CHECK(parameter.is_non_overlapping_and_dense(), "the parameter {} has gaps in memory", name);
    std::vector<Tensor> state;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      state.push_back(torch::zeros_like(parameter, torch::MemoryFormat::Preserve).detach());
    }
    state_.push_back(std::move(state));
  }
}

void Optimizer::scale_learning_rates(const std::function<double(const std::string&)>& factor) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) factors_[i] = factor(parameters_[i].first);
}

void Optimizer::step() {
  const torch::NoGradGuard no_grad;
  std::vector<Lists> groups;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& value = parameters_[i].second;
    Tensor gradient = value.grad();
    if (!gradient.defined()) continue;
    if (gradient.strides() != value.strides()) gradient = torch::empty_like(value).copy_(gradient);
    const double rate = learning_rate() * factors_[i];
    if (is_fusible(value) && !goes_by_lists_) {
      update({value, gradient, state_[i], rate});
      continue;
    }
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Lists& lists) {
      return !is_one_by_one_ && lists.learning_rate == rate;
    });
    if (group == groups.end())
      group = groups.insert(groups.end(), {.values = {},
                                           .gradients = {},
                                           .states = std::vector<std::vector<Tensor>>(states_.size()),
                                           .learning_rate = rate});
    group->values.push_back(value.detach());
    group->gradients.push_back(gradient);
    for (std::size_t s = 0; s < states_.size(); ++s) group->states[s].push_back(state_[i][s]);
  }
  for (const Lists& lists : groups) update_lists(lists);
  ++updates_;
}

void Optimizer::zero_grad() {
  for (auto& [name, parameter] : parameters_) parameter.mutable_grad().reset();
}

double Optimizer::learning_rate_at(std::int64_t update) const {
  return schedule_ == nullptr ? learning_rate_ : schedule_->learning_rate(learning_rate_, update);
}

NamedTensors Optimizer::state() const {
  NamedTensors tensors;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    for (std::size_t s = 0; s < states_.size(); ++s) {
      tensors.emplace_back(states_[s] + "/" + parameters_[i].first, state_[i][s]);
    }
  }
  return tensors;
}

std::unique_ptr<Optimizer> make_optimizer(const core::PartChoice& choice, const NamedTensors& parameters) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kOptimizer, choice.name);
  core::Json params = core::with_defaults(spec, choice.params);
  core::settle_params(spec, core::Json::object(), params);  // what follows from the convention
  return OptimizerFactory::instance().make(choice.name, params, parameters);
}

}  // namespace segbench::optimizers
