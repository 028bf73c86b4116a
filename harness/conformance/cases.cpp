// SPDX-License-Identifier: MIT
#include "harness/conformance/cases.h"

#include "architectures/networks/every_network.h"
#include "harness/conformance/losses.h"
#include "harness/conformance/networks.h"
#include "harness/conformance/optimizers.h"

namespace segbench::conformance {
namespace {

using torch::Tensor;

Computed compute_network(const architectures::NetworkOptions& options, torch::Device device,
                         torch::ScalarType type) {
  const auto network = architectures::make_network(options, 1);
  network->to(device, type);
  const Tensor x = images(2, options).to(type).to(device);
  Computed computed;
  network->eval();
  {
    const torch::NoGradGuard no_grad;
    computed.values.emplace_back("logits", network->forward(x));
  }
  // What dropout draws differs between devices, so such networks are differentiated in evaluation mode.
  network->train(!network->is_stochastic());
  const Tensor logits = network->forward(x);
  computed.values.emplace_back("logits in training", logits);
  scalar_of(logits).backward();
  for (const auto& item : network->named_parameters())
    computed.gradients.emplace_back(item.key(), item.value().grad());
  for (const auto& item : network->named_buffers()) computed.values.emplace_back(item.key(), item.value());
  return computed;
}

Computed compute_loss(const LossCase& loss_case, torch::Device device, torch::ScalarType type) {
  const Batch batch = loss_case.batch(type);
  const auto loss = loss_case.make(loss_case.some_weights());
  const Tensor logits = batch.logits.to(device).requires_grad_(true), labels = batch.labels.to(device);
  const Tensor value = loss->mean(logits, labels);
  value.backward();
  return {{{"loss", value}}, {{"logits", logits.grad()}}};
}

Computed compute_optimizer(const core::PartChoice& choice, torch::Device device, torch::ScalarType type) {
  const DescentProblem problem(type, device);
  const auto optimizer = optimizers::make_optimizer(choice, problem.parameters());
  for (int i = 0; i < 3; ++i) problem.step(*optimizer);
  Computed computed{problem.parameters(), {}};
  for (const auto& [name, tensor] : optimizer->state()) computed.values.emplace_back(name, tensor);
  return computed;
}

}  // namespace

std::vector<Case> every_case() {
  std::vector<Case> cases;
  for (const architectures::NetworkOptions& network : architectures::every_network()) {
    cases.push_back({"networks", network.architecture, name_of(network),
                     [network](torch::Device device, torch::ScalarType type) {
                       return compute_network(network, device, type);
                     }});
  }
  for (const LossCase& loss : every_loss()) {
    cases.push_back(
        {"losses", loss.choice.name, loss.name(),
         [loss](torch::Device device, torch::ScalarType type) { return compute_loss(loss, device, type); }});
  }
  for (const core::PartChoice& optimizer : every_optimizer()) {
    cases.push_back({"optimizers", optimizer.name, optimizer.name + optimizer.params.dump(),
                     [optimizer](torch::Device device, torch::ScalarType type) {
                       return compute_optimizer(optimizer, device, type);
                     }});
  }
  return cases;
}

}  // namespace segbench::conformance
