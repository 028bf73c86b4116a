// SPDX-License-Identifier: MIT
#include "harness/core/part.h"
#include "harness/schedules/schedule.h"

namespace segbench::schedules::constant {
namespace {

class Constant final : public Schedule {
 public:
  double learning_rate(double initial, std::int64_t) const override { return initial; }
};

const core::PartRegistration described{{.kind = core::PartKind::kSchedule,
                                        .name = "constant",
                                        .summary = "the learning rate stays as it is",
                                        .source = "torch.optim.lr_scheduler.ConstantLR with factor = 1"}};

const ScheduleFactory::Registration registered{
    "constant", [](const core::Json&, const ScheduleOptions&) { return std::make_unique<Constant>(); }};

}  // namespace
}  // namespace segbench::schedules::constant
