// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/program.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <new>

#include "harness/core/stopwatch.h"

namespace segbench::engines::onednn {
namespace {

constexpr std::size_t kAlignment = 4096;
constexpr int kTries = 4;  // the first one fills caches

std::int64_t nanoseconds(const std::vector<Command>& commands) {
  const auto start = std::chrono::steady_clock::now();
  for (const Command& command : commands) command.run();
  return core::nanoseconds_since(start);
}

std::int64_t least_nanoseconds(const std::vector<Command>& commands) {
  nanoseconds(commands);
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (int i = 1; i < kTries; ++i) least = std::min(least, nanoseconds(commands));
  return least;
}

}  // namespace

/// All memory of maps. What a map no longer needs the next one of at most that size takes, so that as little
/// as possible is touched.
struct Program::Pool {
  struct Block {
    float* values;
    std::size_t bytes;
  };
  std::vector<Block> all, idle;

  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (const Block& block : all) std::free(block.values);
  }

  Block take(std::size_t bytes) {
    auto best = idle.end();
    for (auto block = idle.begin(); block != idle.end(); ++block) {
      if (block->bytes >= bytes && (best == idle.end() || block->bytes <= best->bytes)) best = block;
    }
    if (best != idle.end()) {
      const Block block = *best;
      idle.erase(best);
      return block;
    }
    const std::size_t whole = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    auto* values = static_cast<float*>(std::aligned_alloc(kAlignment, std::max(whole, kAlignment)));
    if (values == nullptr) throw std::bad_alloc();
    std::fill_n(values, whole / sizeof(float), 0.0F);
    all.push_back({values, whole});
    return all.back();
  }
};

Program::Program() : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_), pool_(std::make_shared<Pool>()) {}

Map Program::make(const dnnl::memory::desc& layout) {
  const Pool::Block block = pool_->take(layout.get_size());
  const std::shared_ptr<Pool> pool = pool_;
  return {
      .memory = dnnl::memory(layout, engine_, block.values),
      .owner = std::shared_ptr<float>(block.values, [pool, block](float*) { pool->idle.push_back(block); })};
}

Map Program::reordered(const Map& map, const dnnl::memory::desc& layout) {
  return map.desc() == layout ? map : copied(map, make(layout));
}

Map Program::copied(const Map& from, const Map& to) {
  if (from.values() == to.values()) return to;
  const dnnl::reorder::primitive_desc reorder(engine_, from.desc(), engine_, to.desc(), attributes());
  then(dnnl::reorder(reorder), reorder.scratchpad_desc(),
       {{DNNL_ARG_FROM, from.memory}, {DNNL_ARG_TO, to.memory}});
  return to;
}

void Program::then(const dnnl::primitive& primitive, const dnnl::memory::desc& scratch, Arguments arguments) {
  const Map work = make(scratch);
  arguments.emplace(DNNL_ARG_SCRATCHPAD, work.memory);
  then([this, primitive, arguments = std::move(arguments)] { primitive.execute(stream_, arguments); });
}

dnnl::memory Program::constant(const std::vector<float>& values, const dnnl::memory::desc& given,
                               const dnnl::memory::desc& wanted) {
  dnnl::memory from(given, engine_, const_cast<float*>(values.data()));  // only read
  dnnl::memory to(wanted, engine_);
  dnnl::reorder(from, to).execute(stream_, from, to);
  stream_.wait();
  return to;
}

std::vector<Command> Program::written_by(const std::function<void()>& way) {
  std::vector<Command> others;
  others.swap(commands_);
  way();
  commands_.swap(others);
  return others;
}

std::size_t Program::then_fastest(const std::vector<std::function<void()>>& ways) {
  std::vector<Command> best;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    std::vector<Command> commands = written_by(ways[i]);
    const std::int64_t took = ways.size() == 1 ? 0 : least_nanoseconds(commands);
    if (took >= least) continue;
    least = took, chosen = i, best = std::move(commands);
  }
  commands_.insert(commands_.end(), best.begin(), best.end());
  return chosen;
}

void Program::run() const {
  for (const Command& command : commands_) command.run();
}

dnnl::primitive_attr attributes(const dnnl::post_ops& behind) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  attributes.set_post_ops(behind);
  return attributes;
}

}  // namespace segbench::engines::onednn
