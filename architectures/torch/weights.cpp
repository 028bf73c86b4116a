// SPDX-License-Identifier: MIT
#include "architectures/torch/weights.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "architectures/graph/initializers.h"

namespace segbench::architectures {
namespace {

struct Task {
  const TensorSpec* spec;
  std::string name;
  std::span<float> values;
};

/// Each worker takes the next task until none is left.
void fill_all(const std::vector<Task>& tasks, std::uint64_t seed) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      initialise(*tasks[i].spec, tasks[i].name, seed, tasks[i].values);
    }
  };
  std::vector<std::jthread> helpers;
  const auto threads = std::min(tasks.size(), static_cast<std::size_t>(at::get_num_threads()));
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
}

}  // namespace

std::vector<std::vector<torch::Tensor>> initial_tensors(const Graph& graph, std::uint64_t seed) {
  std::vector<std::vector<torch::Tensor>> tensors;
  std::vector<Task> tasks;
  for (const Node& node : graph.nodes()) {
    std::vector<torch::Tensor>& made = tensors.emplace_back();
    for (const TensorSpec& spec : node.tensors) {
      made.push_back(torch::empty(spec.shape, torch::kFloat32));
      tasks.push_back({&spec,
                       node.name + "." + spec.name,
                       {made.back().data_ptr<float>(), static_cast<std::size_t>(spec.numel())}});
    }
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.values.size() > b.values.size(); });
  fill_all(tasks, seed);
  return tensors;
}

}  // namespace segbench::architectures
