// SPDX-License-Identifier: MIT
#include "harness/train/ceilings.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>

#include "harness/core/stopwatch.h"
#include "harness/train/device.h"

namespace segbench::train {
namespace {

constexpr int kRuns = 7;

/// The shortest time of several runs, in seconds.
template <typename Work>
double shortest(torch::Device device, const Work& work) {
  work();
  double best = 1e300;
  for (int i = 0; i < kRuns; ++i) {
    synchronise(device);
    const auto start = std::chrono::steady_clock::now();
    work();
    synchronise(device);
    best = std::min(best, core::seconds_since(start));
  }
  return best;
}

}  // namespace

core::Json measure_ceilings(torch::Device device) {
  const torch::NoGradGuard no_grad;
  const std::int64_t side = device.is_cuda() ? 8192 : 2048, numbers = std::int64_t{1} << 26;
  const auto options = torch::TensorOptions().device(device);
  const torch::Tensor a = torch::rand({side, side}, options), b = torch::rand({side, side}, options);
  torch::Tensor product = torch::empty({side, side}, options);
  const double multiply = shortest(device, [&] { at::mm_out(product, a, b); });
  const torch::Tensor from = torch::rand({numbers}, options);
  torch::Tensor to = torch::empty({numbers}, options);
  const double copy = shortest(device, [&] { to.copy_(from); });
  const auto n = static_cast<double>(side);
  return {{"flops_per_s", 2 * n * n * n / multiply},
          {"bytes_per_s", 2 * 4 * static_cast<double>(numbers) / copy},
          {"device", device.str()},
          {"threads", at::get_num_threads()}};
}

}  // namespace segbench::train
