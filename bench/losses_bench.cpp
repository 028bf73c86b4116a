// SPDX-License-Identifier: MIT
// What each loss costs of a training step of the small U-Net: 128 x 128, batches of 8, 21 classes (2 of a
// sigmoid head), Adam.
//
//   loss_of_step/NAME   value and gradient by the logits, against a whole step with the cross-entropy
//
// Each iteration times both, one after the other; `percent` is the median of their ratios, `lowest` and
// `highest` say how far these spread. The time shown is the loss'.
#include <string>

#include "bench/unet_step.h"
#include "harness/core/part.h"

namespace {

namespace bench = segbench::bench;
namespace core = segbench::core;
namespace losses = segbench::losses;
namespace train = segbench::train;
using torch::Tensor;

const core::Json kAllocator = train::keep_freed_memory();  // before anything else is allocated

void loss_of_step(benchmark::State& state, const core::PartChoice& choice) {
  const bool is_sigmoid = core::traits_of(core::PartKind::kLoss, choice).at("head") == "sigmoid";
  const int classes = is_sigmoid ? 2 : bench::kClasses;
  const auto loss = losses::make_loss(choice, {classes});
  const Tensor labels = bench::some_labels(classes);
  const Tensor logits = torch::randn({bench::kBatch, is_sigmoid ? 1 : classes, bench::kSide, bench::kSide})
                            .contiguous(train::memory_format_on(torch::kCPU))
                            .requires_grad_(true);
  bench::compare_with_step(state, [&] {
    logits.mutable_grad().reset();
    loss->mean(logits, labels).backward();
  });
}

void add(const std::string& name, const core::PartChoice& choice) {
  benchmark::RegisterBenchmark(("loss_of_step/" + name).c_str(), loss_of_step, choice)
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    if (spec->list_param.empty()) add(spec->name, {spec->name, core::Json::object()});
  }
  const core::Json dice = {{"name", "dice"}}, focal = {{"name", "focal"}};
  add("sum of dice and focal", {"sum", {{"terms", {dice, focal}}}});
  add("binary_cross_entropy of a softmax", {"binary_cross_entropy", {{"head", "softmax"}}});
  add("binary_cross_entropy of a sigmoid a class", {"binary_cross_entropy", {{"head", "sigmoid_per_class"}}});
  add("dice of a sigmoid a class", {"dice", {{"head", "sigmoid_per_class"}}});
  add("cross_entropy, label_smoothing", {"cross_entropy", {{"label_smoothing", 0.1}}});
  add("cross_entropy, boundary_weight", {"cross_entropy", {{"boundary_weight", 5.0}}});
  add("cross_entropy, hardest", {"cross_entropy", {{"hardest", 0.25}}});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
