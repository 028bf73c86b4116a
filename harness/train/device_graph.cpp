// SPDX-License-Identifier: MIT
#include "harness/train/device_graph.h"

#include <dlfcn.h>

#include <array>
#include <cstddef>
#include <utility>

#if __has_include(<ATen/core/GraphImplInterface.h>)  // since LibTorch 2.13
#define SEGBENCH_GRAPH_INTERFACE
#include <ATen/core/GraphImplInterface.h>
#endif

namespace segbench::train {
namespace {

#ifdef SEGBENCH_GRAPH_INTERFACE
/// A graph of a device that has told LibTorch how it makes them.
class RegisteredGraph final : public DeviceGraph {
 public:
  explicit RegisteredGraph(c10::DeviceType type) : graph_(at::create_graph_impl(type)) {}
  void begin() override { graph_->capture_begin({0, 0}, at::GraphCaptureMode::ThreadLocal); }
  void end() override { graph_->capture_end(); }
  void replay() override { graph_->replay(); }

 private:
  std::unique_ptr<at::GraphImplInterface> graph_;
};
#endif

/// Which memory a graph takes; both 0: memory of its own.
using Pool = std::pair<unsigned long long, unsigned long long>;

/// The functions of at::cuda::CUDAGraph. A member function is called as one whose first argument is the
/// object (Itanium C++ ABI).
struct CudaFunctions {
  void (*construct)(void* graph, bool keep_graph) = nullptr;
  void (*destroy)(void* graph) = nullptr;
  void (*begin)(void* graph, Pool pool, int mode) = nullptr;
  void (*end)(void* graph) = nullptr;
  void (*replay)(void* graph) = nullptr;
};

constexpr int kThreadLocal = 1;  // cudaStreamCaptureModeThreadLocal

class CudaGraph final : public DeviceGraph {
 public:
  explicit CudaGraph(const CudaFunctions& functions) : functions_(functions) {
    functions_.construct(room_.data(), /*keep_graph=*/false);
  }
  CudaGraph(const CudaGraph&) = delete;
  CudaGraph& operator=(const CudaGraph&) = delete;
  ~CudaGraph() override { functions_.destroy(room_.data()); }

  void begin() override { functions_.begin(room_.data(), {0, 0}, kThreadLocal); }
  void end() override { functions_.end(room_.data()); }
  void replay() override { functions_.replay(room_.data()); }

 private:
  CudaFunctions functions_;
  /// For the object, whose size only its header tells: 448 bytes in LibTorch 2.14.
  alignas(std::max_align_t) std::array<std::byte, 4096> room_{};
};

template <typename Function>
bool find_into(Function*& function, const FunctionFinder& find, const char* name) {
  function = reinterpret_cast<Function*>(find(name));
  return function != nullptr;
}

}  // namespace

GraphMaker cuda_graphs(const FunctionFinder& find) {
  CudaFunctions functions;
  const bool has_all = find_into(functions.construct, find, "_ZN2at4cuda9CUDAGraphC1Eb") &&
                       find_into(functions.destroy, find, "_ZN2at4cuda9CUDAGraphD1Ev") &&
                       find_into(functions.begin, find,
                                 "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode") &&
                       find_into(functions.end, find, "_ZN2at4cuda9CUDAGraph11capture_endEv") &&
                       find_into(functions.replay, find, "_ZN2at4cuda9CUDAGraph6replayEv");
  if (!has_all) return {};
  return [functions] { return std::make_unique<CudaGraph>(functions); };
}

GraphMaker graphs_of(torch::Device device) {
#ifdef SEGBENCH_GRAPH_INTERFACE
  if (at::has_graph_impl(device.type()))
    return [type = device.type()] { return std::make_unique<RegisteredGraph>(type); };
#endif
  if (!device.is_cuda()) return {};
  return cuda_graphs([](const char* name) { return ::dlsym(RTLD_DEFAULT, name); });
}

}  // namespace segbench::train
