// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/schedules/final_fraction.h"

// r = r1 + (r0 - r1) (1 - t / T)^power over all T steps, r1 = final r0.

namespace segbench::schedules::polynomial {
namespace {

class Polynomial final : public Schedule {
 public:
  Polynomial(const core::Json& params, const ScheduleOptions& options)
      : power_(params.at("power")), final_(params.at("final")), options_(options) {}

  double learning_rate(double initial, std::int64_t step) const override {
    return initial * (final_ + (1 - final_) * std::pow(1 - progress(options_, step), power_));
  }

 private:
  double power_, final_;
  ScheduleOptions options_;
};

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "polynomial",
     .summary = "\"poly\": falls as a power of the steps that are left, over the whole training",
     .source = "Chen et al., DeepLab, TPAMI 2018 (power 0.9); tf.keras.optimizers.schedules.PolynomialDecay",
     .params = {{.name = "power",
                 .types = core::kNumber,
                 .default_value = 0.9,
                 .help = "exponent of the fraction of steps that are left; 1: linear",
                 .minimum = 0.0,
                 .exclusive_minimum = true},
                final_param()}}};

const ScheduleFactory::Registration registered{"polynomial",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<Polynomial>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::polynomial
