// SPDX-License-Identifier: MIT
#include "harness/optimizers/lists.h"

#include <gtest/gtest.h>

#include "harness/core/part.h"
#include "harness/optimizers/optimizer.h"
#include "tests/support/census.h"

// What a GPU does, on a CPU: operations on lists of all parameters.

namespace segbench::optimizers {
namespace {

using torch::Tensor;

/// Every optimizer in both conventions, and with momentum, centred and with Nesterov's look ahead where it
/// has them.
std::vector<core::PartChoice> choices() {
  std::vector<core::PartChoice> all;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kOptimizer)) {
    for (const char* convention : {"keras", "torch"}) {
      const core::Json common = {{"convention", convention}, {"learning_rate", 0.01}, {"decay", 0.1}};
      std::vector<core::Json> sets = {common};
      const auto vary = [&](const char* key, const core::Json& value) {
        for (const core::ParamSpec& param : spec->params) {
          if (param.name != key) continue;
          const std::vector<core::Json> before = sets;
          for (core::Json params : before) {
            params[key] = value;
            if (!spec->check || spec->check(core::with_defaults(*spec, params), core::Json::object()).empty())
              sets.push_back(std::move(params));
          }
        }
      };
      vary("momentum", 0.9);
      vary("nesterov", true);
      vary("centered", true);
      vary("weight_decay", 0.01);
      for (const core::Json& params : sets) all.push_back({spec->name, params});
    }
  }
  return all;
}

/// Many parameters of which every second one learns at a rate of its own.
struct Parameters {
  NamedTensors tensors;
  std::unique_ptr<Optimizer> optimizer;

  explicit Parameters(const core::PartChoice& choice, int count = 9) {
    torch::manual_seed(5);
    for (int i = 0; i < count; ++i)
      tensors.emplace_back(std::to_string(i), torch::randn({3 + i, 4}, torch::kDouble).requires_grad_(true));
    optimizer = make_optimizer(choice, tensors);
    optimizer->scale_learning_rates(
        [](const std::string& name) { return std::stoi(name) % 2 == 0 ? 1.0 : 0.5; });
  }
  void step(int number) {
    optimizer->zero_grad();
    for (std::size_t i = 0; i + 1 < tensors.size(); ++i) {  // the last one has no gradient
      torch::manual_seed(static_cast<std::uint64_t>(100 * number) + i);
      tensors[i].second.mutable_grad() = torch::randn_like(tensors[i].second);
    }
    optimizer->step();
  }
};

TEST(OptimizersByLists, FollowTheFusedPass) {
  for (const core::PartChoice& choice : choices()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    Parameters fused(choice), lists(choice), single(choice);
    lists.optimizer->go_by_lists();
    single.optimizer->go_by_lists();
    single.optimizer->go_one_by_one();
    for (int i = 0; i < 4; ++i) {
      for (Parameters* parameters : {&fused, &lists, &single}) parameters->step(i);
    }
    for (std::size_t i = 0; i < fused.tensors.size(); ++i) {
      EXPECT_TRUE(lists.tensors[i].second.allclose(fused.tensors[i].second, 1e-12, 1e-14)) << i;
      EXPECT_TRUE(lists.tensors[i].second.equal(single.tensors[i].second)) << i << ": lists change no bit";
    }
    const NamedTensors ours = lists.optimizer->state(), theirs = fused.optimizer->state();
    for (std::size_t i = 0; i < ours.size(); ++i)
      EXPECT_TRUE(ours[i].second.allclose(theirs[i].second, 1e-12, 1e-14)) << ours[i].first;
  }
}

TEST(OptimizersByLists, CallAsManyOperationsForManyParametersAsForFew) {
  for (const core::PartChoice& choice : choices()) {
    if (choice.name == "lion") continue;  // takes signs one by one
    SCOPED_TRACE(choice.name + choice.params.dump());
    const auto calls = [&](int count) {
      Parameters parameters(choice, count);
      parameters.optimizer->go_by_lists();
      parameters.step(0);
      const tests::Census census;
      parameters.step(1);
      int found = 0;
      for (const auto& [name, times] : census.counts())
        found += name.starts_with("aten::_foreach") ? times : 0;
      return found;
    };
    EXPECT_EQ(calls(4), calls(40));
    EXPECT_GT(calls(4), 0);
    EXPECT_LE(calls(40), 2 * 12) << "of two groups";
  }
}

TEST(OptimizersByLists, SpoilWeightsBySpoiltGradients) {
  for (const core::PartChoice& choice : choices()) {
    Parameters parameters(choice);
    parameters.optimizer->go_by_lists();
    for (auto& [name, tensor] : parameters.tensors)
      tensor.mutable_grad() = torch::full_like(tensor, std::numeric_limits<double>::quiet_NaN());
    parameters.optimizer->step();
    EXPECT_TRUE(parameters.tensors[0].second.isnan().all().item<bool>()) << choice.name << choice.params;
  }
}

}  // namespace
}  // namespace segbench::optimizers
