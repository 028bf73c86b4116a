// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <dnnl.hpp>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace segbench::engines::onednn {

/// A map of images. Copies share its memory, which is another map's once the last of them is gone.
struct Map {
  dnnl::memory memory;
  std::shared_ptr<float> owner;  ///< nothing: the caller's

  dnnl::memory::desc desc() const { return memory.get_desc(); }
  float* values() const { return static_cast<float*>(memory.get_data_handle()); }
};

/// One call of an operation, for the node of the graph whose value it makes or helps to make.
struct Command {
  int node = 0;
  std::function<void()> run;
};

using Arguments = std::unordered_map<int, dnnl::memory>;

/// What is run to execute a network, while it is being written: commands in order, on maps whose memory is
/// shared out beforehand.
class Program {
 public:
  Program();

  const dnnl::engine& engine() const { return engine_; }
  /// Commands that follow belong to this node.
  void begin(int node) { node_ = node; }

  /// Memory for a map of this layout.
  Map make(const dnnl::memory::desc& layout);
  /// The same values in another layout: itself where it has it already.
  Map reordered(const Map& map, const dnnl::memory::desc& layout);
  /// The values of a map in another one, which it returns; nothing where they are the same.
  Map copied(const Map& from, const Map& to);
  void then(std::function<void()> run) { commands_.push_back({node_, std::move(run)}); }
  /// With scratch memory of its own for as long as it runs.
  void then(const dnnl::primitive& primitive, const dnnl::memory::desc& scratch, Arguments arguments);
  /// Values that stay as they are, such as weights: in the layout wanted, in memory of their own.
  dnnl::memory constant(const std::vector<float>& values, const dnnl::memory::desc& given,
                        const dnnl::memory::desc& wanted);

  /// Of several ways to write the same commands the one whose commands run fastest, tried here and now; its
  /// index.
  std::size_t then_fastest(const std::vector<std::function<void()>>& ways);

  void run() const;
  const std::vector<Command>& commands() const { return commands_; }

 private:
  struct Pool;

  std::vector<Command> written_by(const std::function<void()>& way);

  dnnl::engine engine_;
  dnnl::stream stream_;
  std::shared_ptr<Pool> pool_;
  std::vector<Command> commands_;
  int node_ = 0;
};

/// Attributes of operations whose scratch memory is the program's.
dnnl::primitive_attr attributes(const dnnl::post_ops& behind = {});

}  // namespace segbench::engines::onednn
