// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include "harness/schedules/final_fraction.h"

// r = r1 + (r0 - r1) (1 + cos(pi t / T)) / 2 over all T steps, r1 = final r0.

namespace segbench::schedules::cosine {
namespace {

class Cosine final : public Schedule {
 public:
  Cosine(const core::Json& params, const ScheduleOptions& options)
      : final_(params.at("final")), options_(options) {}

  double learning_rate(double initial, std::int64_t step) const override {
    const double wave = (1 + std::cos(std::numbers::pi * progress(options_, step))) / 2;
    return initial * (final_ + (1 - final_) * wave);
  }

 private:
  double final_;
  ScheduleOptions options_;
};

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "cosine",
     .summary = "falls along half a cosine, over the whole training; in warm_up, after warming up",
     .source =
         "Loshchilov and Hutter, ICLR 2017 (without restarts); torch.optim.lr_scheduler.CosineAnnealingLR "
         "with a step each update; tf.keras.optimizers.schedules.CosineDecay (final: alpha)",
     .params = {final_param()}}};

const ScheduleFactory::Registration registered{"cosine",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<Cosine>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::cosine
