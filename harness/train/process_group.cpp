// SPDX-License-Identifier: MIT
#if __has_include(<gloo/algorithm.h>)
#define SEGBENCH_HAS_GLOO 1
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO  // or LibTorch's header is empty
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif

#include "harness/train/process_group.h"

#include <chrono>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/stopwatch.h"

namespace segbench::train {

bool ProcessGroup::is_built() {
#ifdef SEGBENCH_HAS_GLOO
  return true;
#else
  return false;
#endif
}

#ifdef SEGBENCH_HAS_GLOO
namespace {

using torch::Tensor;

/// Rank 0 evaluates while the others wait, however long that takes; one that has died is noticed at once, by
/// its connection.
constexpr std::chrono::hours kPatience{24};

class GlooGroup : public ProcessGroup {
 public:
  GlooGroup(const std::filesystem::path& meeting, int rank, int size, Reduction reduction)
      : rank_(rank), size_(size), reduction_(reduction) {
    guarded([&] {
      auto options = c10d::ProcessGroupGloo::Options::create(kPatience);
      options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
      group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(
          c10::make_intrusive<c10d::FileStore>(meeting.string(), size), rank, size, options);
    });
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  double seconds() const override { return seconds_; }

  void sum(Tensor& tensor) override {
    const auto begin = std::chrono::steady_clock::now();
    Tensor values = on_host(tensor);
    guarded([&] { reduction_ == Reduction::kFlat ? sum_flat(values) : sum_in_order(values); });
    give_back(values, tensor);
    seconds_ += core::seconds_since(begin);
  }

  void broadcast(Tensor& tensor) override {
    std::vector<Tensor> values = {on_host(tensor)};
    guarded([&] { group_->broadcast(values)->wait(); });
    give_back(values[0], tensor);
  }

  std::string broadcast(const std::string& text) override {
    Tensor size = torch::full({1}, static_cast<std::int64_t>(text.size()), torch::kLong);
    broadcast(size);
    std::string received(static_cast<std::size_t>(size.item<std::int64_t>()), ' ');
    if (rank_ == 0) received = text;
    if (received.empty()) return received;
    Tensor bytes =
        torch::from_blob(received.data(), {static_cast<std::int64_t>(received.size())}, torch::kByte);
    broadcast(bytes);
    return received;
  }

 private:
  /// Gloo sends what lies in the machine's memory, without gaps.
  static Tensor on_host(const Tensor& tensor) { return tensor.detach().cpu().contiguous(); }
  /// Where that was a copy.
  static void give_back(const Tensor& values, Tensor& tensor) {
    if (!values.is_alias_of(tensor)) tensor.copy_(values);
  }

  void sum_flat(Tensor& values) {
    std::vector<Tensor> one = {values};
    group_->allreduce(one)->wait();
  }

  void sum_in_order(Tensor& values) {
    std::vector<std::vector<Tensor>> all(1);
    for (int i = 0; i < size_; ++i) all[0].push_back(torch::empty_like(values));
    std::vector<Tensor> mine = {values};
    group_->allgather(all, mine)->wait();
    values.copy_(all[0][0]);
    for (int i = 1; i < size_; ++i) values.add_(all[0][static_cast<std::size_t>(i)]);
  }

  /// What LibTorch throws on a closed connection is a std::runtime_error of no class of its own.
  template <typename Call>
  static void guarded(const Call& call) {
    try {
      call();
    } catch (const std::exception& error) {
      const std::string what = error.what();
      throw LostProcess{what.substr(0, what.find('\n'))};
    }
  }

  int rank_, size_;
  Reduction reduction_;
  double seconds_ = 0;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::unique_ptr<ProcessGroup> ProcessGroup::join(const std::filesystem::path& meeting, int rank, int size,
                                                 Reduction reduction) {
  return std::make_unique<GlooGroup>(meeting, rank, size, reduction);
}

#else

std::unique_ptr<ProcessGroup> ProcessGroup::join(const std::filesystem::path&, int, int, Reduction) {
  throw core::UserError(
      "training.processes: this worker was built without Gloo; install its headers (Debian: libgloo-dev), "
      "configure and build again, or leave training.processes at 1");
}

#endif

}  // namespace segbench::train
