// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/stub_device.h"

// Operations of the stub device that are recorded once and done again on one call, as on a GPU: nothing is
// computed while they are recorded, memory that they take stays theirs, and memory that was there before is
// known by its address alone.

#if __has_include(<ATen/core/GraphImplInterface.h>)
#define SEGBENCH_STUB_GRAPHS
#include <ATen/core/GraphImplInterface.h>

namespace segbench::tests::stub {

class Graph final : public at::GraphImplInterface {
 public:
  explicit Graph(const at::GraphImplArgs&) {}
  ~Graph() override { stop(); }

  void capture_begin(at::MempoolId_t, at::GraphCaptureMode mode) override {
    TORCH_CHECK(current_stream().id() != 0, "the default stream cannot be captured");
    TORCH_CHECK(mode == at::GraphCaptureMode::ThreadLocal, "the thread that loads images would be disturbed");
    recording() = &recorded_;
    ++record().recordings;
  }
  void capture_end() override { stop(); }
  void instantiate() override {}
  void replay() override {
    operate();
    ++record().replays;
    for (const auto& work : recorded_.work) work();
  }
  void reset() override {
    stop();
    recorded_ = {};
  }
  at::MempoolId_t pool() const override { return {1, 0}; }
  void enable_debug_mode() override {}
  void debug_dump(const std::string&) override {}

 private:
  void stop() {
    if (recording() == &recorded_) recording() = nullptr;
  }

  Recording recorded_;
};

}  // namespace segbench::tests::stub
#endif
