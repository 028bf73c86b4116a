// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/onednn_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/core/error.h"
#include "harness/core/stopwatch.h"
#include "harness/engines/onednn/writer.h"

namespace segbench::engines {
namespace {

using architectures::LayerTime;
using architectures::Maps;
using architectures::StageTimes;

class OneDnnEngine : public architectures::Engine {
 public:
  OneDnnEngine(const architectures::Graph& graph, const architectures::Weights& weights, std::int64_t images,
               const OneDnnOptions& options)
      : options_(options),
        images_{.count = images, .shape = graph.at(graph.input()).shape, .values = {}},
        logits_{.count = images, .shape = graph.at(graph.output()).shape, .values = {}},
        winograd_{.allowed = options.winograd},
        written_(onednn::write_program(program_, graph, weights, images, winograd_)) {
    for (const architectures::Node& node : graph.nodes()) names_.push_back(node.name);
  }

  architectures::EngineReport report() const override {
    return {.name = name_of(options_), .version = onednn_version(), .device = "cpu", .note = note()};
  }

  Maps run(const Maps& images) override {
    take(images);
    program_.run();
    Maps logits = logits_;
    logits.values.assign(written_.logits.values(),
                         written_.logits.values() + logits.count * logits.shape.values());
    return logits;
  }

  std::vector<StageTimes> measure(const Maps& images, std::int64_t iterations) override {
    take(images);
    std::vector<StageTimes> times(static_cast<std::size_t>(iterations));
    for (StageTimes& time : times) {
      const auto start = std::chrono::steady_clock::now();
      program_.run();
      time.forward = core::nanoseconds_since(start);
    }
    return times;
  }

  std::vector<LayerTime> time_layers(const Maps& images) override {
    take(images);
    std::vector<LayerTime> times;
    int node = -1;
    for (const onednn::Command& command : program_.commands()) {
      const auto start = std::chrono::steady_clock::now();
      command.run();
      const std::int64_t ns = core::nanoseconds_since(start);
      if (command.node != node) times.push_back({names_[static_cast<std::size_t>(command.node)], 0});
      node = command.node;
      times.back().ns += ns;
    }
    return times;
  }

 private:
  std::string note() const {
    if (!winograd_.allowed || winograd_.possible == 0) return "";
    return fmt::format("Winograd in {} of {} convolutions of 3 x 3 pixels", winograd_.used,
                       winograd_.possible);
  }

  void take(const Maps& images) {
    if (images.count != images_.count || images.shape != images_.shape) {
      throw core::UserError(
          fmt::format("{} images of {} x {} x {} values; it was made for {} of {} x {} x {}", images.count,
                      images.shape.channels, images.shape.height, images.shape.width, images_.count,
                      images_.shape.channels, images_.shape.height, images_.shape.width));
    }
    std::copy(images.values.begin(), images.values.end(), written_.images.values());
  }

  OneDnnOptions options_;
  Maps images_, logits_;  // their sizes
  std::vector<std::string> names_;
  onednn::Program program_;
  onednn::WinogradUse winograd_;
  onednn::Written written_;
};

}  // namespace

std::string name_of(const OneDnnOptions& options) {
  return options.winograd ? "onednn_winograd" : "onednn";
}

std::string onednn_version() {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

std::unique_ptr<architectures::Engine> make_onednn_engine(const architectures::Graph& graph,
                                                          const architectures::Weights& weights,
                                                          std::int64_t images, const OneDnnOptions& options) {
  return std::make_unique<OneDnnEngine>(graph, weights, images, options);
}

}  // namespace segbench::engines
