// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "harness/optimizers/optimizer.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

// Every trajectory of the golden numbers, in both conventions: 1e-10 in double precision.

namespace segbench::optimizers {
namespace {

using torch::Tensor;

Tensor matrix(const core::Json& rows) {
  std::vector<Tensor> stacked;
  for (const core::Json& row : rows)
    stacked.push_back(torch::tensor(row.get<std::vector<double>>(), torch::kDouble));
  return torch::stack(stacked);
}
Tensor vector(const core::Json& values) {
  return torch::tensor(values.get<std::vector<double>>(), torch::kDouble);
}

Tensor gradient(const core::Json& problem, const Tensor& x) {
  if (problem.at("type").get<std::string>() == "quadratic") {
    return matrix(problem.at("A")).mv(x) - vector(problem.at("b"));
  }
  const Tensor rows = matrix(problem.at("X"));
  return rows.t().mv(torch::sigmoid(rows.mv(x)) - vector(problem.at("y"))) / rows.size(0) +
         x * problem.at("l2").get<double>();
}

core::PartChoice choice_of(const core::Json& run, const std::string& convention) {
  core::PartChoice choice{
      run.at("optimizer"),
      {{"learning_rate", run.at("learning_rate")}, {"decay", run.at("decay")}, {"convention", convention}}};
  const std::vector<std::pair<std::string, std::string>> names = {{"momentum", "momentum"},
                                                                  {"nesterov", "nesterov"},
                                                                  {"beta_1", "beta1"},
                                                                  {"beta_2", "beta2"},
                                                                  {"epsilon_" + convention, "epsilon"}};
  for (const auto& [theirs, ours] : names) {
    if (run.contains(theirs)) choice.params[ours] = run.at(theirs);
  }
  return choice;
}

TEST(OptimizerOracles, Trajectories) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const tests::OracleCase& oracle : tests::oracle_cases("optimizer_trajectories")) {
    const core::Json& problem = oracle.json.at("problem");
    for (const std::string convention : {"keras", "torch"}) {
      const tests::Npy expected =
          tests::read_npy(oracle.beside(oracle.json.at("trajectories_" + convention)));
      const Tensor trajectories = torch::tensor(expected.values, torch::kDouble).reshape(expected.shape);
      for (const core::Json& run : oracle.json.at("runs")) {
        SCOPED_TRACE(oracle.file.filename().string() + " " + convention + " " + run.dump());
        const core::PartChoice choice = choice_of(run, convention);
        const Tensor trajectory = trajectories[run.at("index").get<std::int64_t>()];
        for (const bool by_lists : {false, true}) {
          Tensor x = vector(problem.at("x0")).requires_grad_(true);
          const auto optimizer = make_optimizer(choice, {{"x", x}});
          if (by_lists) optimizer->go_by_lists();
          for (std::int64_t step = 1; step < trajectory.size(0); ++step) {
            x.mutable_grad() = gradient(problem, x.detach());
            optimizer->step();
            ASSERT_LE((x.detach() - trajectory[step]).abs().max().item<double>(), 1e-10)
                << "after step " << step << (by_lists ? " by lists" : "");
          }
          ++checked;
        }
      }
    }
  }
  EXPECT_GT(checked, 0);
}

TEST(OptimizerOracles, TimeBasedDecay) {
  SEGBENCH_NEEDS_ORACLES();
  for (const tests::OracleCase& oracle : tests::oracle_cases("lr_schedule")) {
    for (const core::Json& row : oracle.json.at("rows")) {
      const auto optimizer = make_optimizer(
          {"sgd", {{"learning_rate", row.at("learning_rate")}, {"decay", row.at("decay")}}}, {});
      const auto updates = row.at("updates_already_made").get<std::vector<std::int64_t>>();
      for (std::size_t i = 0; i < updates.size(); ++i) {
        optimizer->set_updates(updates[i]);
        EXPECT_NEAR(optimizer->learning_rate(), row.at("lr_t").at(i).get<double>(), 1e-18);
      }
    }
  }
}

}  // namespace
}  // namespace segbench::optimizers
