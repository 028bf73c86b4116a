// SPDX-License-Identifier: MIT
#pragma once

#include "harness/optimizers/optimizer.h"

namespace segbench::optimizers {

/// What Adam and Adamax share: two state tensors a parameter and the parameters of moment_params().
class MomentOptimizer : public Optimizer {
 public:
  MomentOptimizer(const core::Json& params, const NamedTensors& parameters);

  /// Of update k = updates() + 1.
  struct Corrections {
    double first;  ///< 1 - beta1^k
    double root2;  ///< sqrt(1 - beta2^k)
  };

 protected:
  Corrections corrections() const;
  double beta1() const { return beta1_; }
  double beta2() const { return beta2_; }
  double epsilon() const { return epsilon_; }

 private:
  double beta1_, beta2_, epsilon_;
};

}  // namespace segbench::optimizers
