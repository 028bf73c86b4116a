// SPDX-License-Identifier: MIT
#include "architectures/torch/network.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "architectures/networks/architecture.h"
#include "architectures/torch/autocast.h"
#include "architectures/torch/step.h"
#include "architectures/torch/submodules.h"
#include "architectures/torch/torchscript.h"
#include "architectures/torch/weights.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// Executes a graph step by step.
class GraphNetwork : public Network {
 public:
  GraphNetwork(const NetworkOptions& options, std::uint64_t seed) : GraphNetwork(build_graph(options), seed) {
    const Architecture& chosen = architecture(options.architecture);
    name_ = options.architecture + " " + options.size;
    stride_ = stride_of(size_of(chosen, options.size), resolved_params(chosen, options.params));
  }

  Tensor forward(const Tensor& x) override {
    return computed(x.device(), [&] { return execute(x, [](const Step&) {}); });
  }

  void forward_by_layer(const Tensor& x, const std::function<void(const std::string&)>& done) override {
    execute(x, [&](const Step& step) { done(names_[static_cast<std::size_t>(step.plan.output)]); });
  }

  template <typename Done>
  Tensor execute(const Tensor& x, const Done& done) const {
    check_input(x);
    std::vector<Tensor> values(value_count_);
    values[0] = x;
    for (const Step& step : steps_) {
      Tensor y = run_step(step, values);
      done(step);
      for (const int dead : step.plan.release) values[static_cast<std::size_t>(dead)] = Tensor();
      values[static_cast<std::size_t>(step.plan.output)] = std::move(y);
    }
    return values.back();
  }

  bool is_stochastic() const override {
    return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) {
      const auto* dropout = std::get_if<Dropout>(&step.op);
      const auto* drop_path = std::get_if<DropPath>(&step.op);
      return (dropout != nullptr && dropout->rate > 0) || (drop_path != nullptr && drop_path->rate > 0);
    });
  }

  const Graph* graph() const override { return &graph_; }

  void begin_statistics() override {
    for (Step& step : steps_) {
      if (std::holds_alternative<BatchNorm>(step.op) && !step.is_frozen)
        step.sums = std::make_shared<BatchNormSums>();
    }
  }

  void end_statistics(bool apply) override {
    const torch::NoGradGuard no_grad;
    for (Step& step : steps_) {
      const auto sums = std::exchange(step.sums, nullptr);
      if (sums == nullptr || !apply || sums->count < 2) continue;
      const std::size_t statistics = step.tensors.size() - 2;  // the last two: moving mean and variance
      const Tensor mean = sums->mean / sums->count;
      const Tensor variance = (sums->square / sums->count - mean * mean).clamp_min(0);
      step.tensors[statistics].copy_(mean);
      step.tensors[statistics + 1].copy_(variance * (sums->count / (sums->count - 1)));
    }
  }

  void reduce_statistics_by(Reducer* reducer) override {
    for (Step& step : steps_) {
      if (std::holds_alternative<BatchNorm>(step.op)) step.reducer = reducer;
    }
  }

  GraphNetwork(const Graph& graph, std::uint64_t seed)
      : graph_(graph), value_count_(graph.nodes().size()), channels_(graph.nodes()[0].shape.channels) {
    const std::vector<std::vector<Tensor>> tensors = initial_tensors(graph, seed);
    for (const Node& node : graph.nodes()) names_.push_back(node.name);
    for (PlannedStep& planned : plan(graph)) {
      const Node& node = graph.at({planned.node});
      const std::vector<Tensor>& of_node = tensors[static_cast<std::size_t>(planned.node)];
      Step& step = steps_.emplace_back(
          Step{.op = node.op, .plan = std::move(planned), .module = this, .is_frozen = node.is_frozen});
      if (!of_node.empty()) own(step, node, of_node);
    }
  }

 private:
  /// Registers the tensors of a node under its dotted name and hands them to its step.
  void own(Step& step, const Node& node, const std::vector<Tensor>& tensors) {
    torch::nn::Module& owner = submodules_.at(node.name);
    step.module = &owner;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const TensorSpec& spec = node.tensors[i];
      step.tensors.push_back(spec.trainable ? owner.register_parameter(spec.name, tensors[i], !spec.frozen)
                                            : owner.register_buffer(spec.name, tensors[i]));
    }
  }

  void check_input(const Tensor& x) const {
    SEGBENCH_CHECK(x.dim() == 4 && x.size(1) == channels_, "the network takes [N, {}, H, W]", channels_);
    if (x.size(2) >= stride_ && x.size(3) >= stride_) return;
    throw core::UserError("an image: " + too_small_for(name_, stride_, x.size(2), x.size(3)));
  }

  Graph graph_;
  std::vector<Step> steps_;
  std::vector<std::string> names_;  ///< of the graph's nodes
  std::size_t value_count_;
  std::int64_t channels_;
  std::string name_ = "the network";  ///< "unet full"
  int stride_ = 1;
  Submodules submodules_{*this};
};

}  // namespace

torch::Tensor Network::computed(torch::Device device, const std::function<torch::Tensor()>& forward) const {
  if (type_ == torch::kFloat) return forward();
  const Autocast autocast(device, type_);
  return forward().to(torch::kFloat);
}

void Network::begin_statistics() {
  throw core::UserError(
      "training.batch_norm_statistics: \"precise\" needs a network of Segbench; one that is read from a file "
      "keeps its own moving statistics");
}

void Network::end_statistics(bool /*apply*/) {}

void Network::reduce_statistics_by(Reducer* reducer) {
  if (reducer == nullptr) return;
  throw core::UserError(
      "training.synchronise_batch_norm: needs a network of Segbench; set it to false for one that is read "
      "from a "
      "file");
}

std::shared_ptr<Network> make_network(const NetworkOptions& options, std::uint64_t seed) {
  if (options.architecture == kTorchScript) return load_torchscript(options);
  return std::make_shared<GraphNetwork>(options, seed);
}

std::shared_ptr<Network> make_network(const Graph& graph, std::uint64_t seed) {
  return std::make_shared<GraphNetwork>(graph, seed);
}

NamedTensors named_tensors(const Network& network) {
  NamedTensors tensors;
  for (const auto& item : network.named_parameters()) tensors.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers()) tensors.emplace_back(item.key(), item.value());
  return tensors;
}

void use_memory_format(Network& network, torch::MemoryFormat format) {
  const torch::NoGradGuard no_grad;
  for (Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(format));
  }
}

}  // namespace segbench::architectures
