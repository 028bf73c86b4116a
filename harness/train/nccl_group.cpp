// SPDX-License-Identifier: MIT
#include "harness/train/nccl_group.h"

#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/core/stopwatch.h"
#include "harness/train/device.h"
#include "harness/train/nccl.h"

namespace segbench::train {
namespace {

using torch::Tensor;

constexpr std::chrono::milliseconds kLookEvery{50};
/// For which a process that has made an error of NCCL's is looked for, before the error counts for itself.
constexpr int kLooksForCause = 40;

/// NCCL's calls wait on the host or on the GPU for processes that may be gone, so another thread looks for
/// those, and ends what is under way when one is lost.
class NcclGroup : public ProcessGroup {
 public:
  NcclGroup(std::unique_ptr<ProcessGroup> host, const GroupEntry& entry, std::string way,
            std::shared_ptr<NcclCommunicator> communicator)
      : host_(std::move(host)),
        device_(entry.device),
        look_(entry.look),
        way_(std::move(way)),
        communicator_(std::move(communicator)) {
    if (look_) watch_ = std::thread([this] { watch(); });
  }
  NcclGroup(const NcclGroup&) = delete;
  NcclGroup& operator=(const NcclGroup&) = delete;
  ~NcclGroup() override {
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    ending_.notify_all();
    if (watch_.joinable()) watch_.join();
  }

  int rank() const override { return host_->rank(); }
  int size() const override { return host_->size(); }
  double seconds() const override { return seconds_ + host_->seconds(); }
  std::string way() const override { return way_; }

  using ProcessGroup::sum;
  void sum(const std::vector<Tensor>& tensors) override {
    std::vector<Tensor> here, there, originals;
    for (const Tensor& tensor : tensors) {
      if (tensor.device().type() != device_.type()) {
        here.push_back(tensor);
        continue;
      }
      originals.push_back(tensor.detach());
      there.push_back(tensor.is_non_overlapping_and_dense() ? originals.back()
                                                            : originals.back().contiguous());
    }
    if (!there.empty()) {
      const auto begin = std::chrono::steady_clock::now();
      guarded([&] { communicator_->sum(there); });
      const torch::NoGradGuard no_grad;
      for (std::size_t i = 0; i < there.size(); ++i) {
        if (!there[i].is_alias_of(originals[i])) originals[i].copy_(there[i]);
      }
      seconds_ += core::seconds_since(begin);
    }
    if (!here.empty()) host_->sum(here);
  }

  void broadcast(Tensor& tensor) override {
    if (tensor.device().type() != device_.type()) return host_->broadcast(tensor);
    const torch::NoGradGuard no_grad;
    const Tensor values = tensor.is_non_overlapping_and_dense() ? tensor.detach() : tensor.contiguous();
    guarded([&] { communicator_->broadcast(values); });
    if (!values.is_alias_of(tensor)) tensor.copy_(values);
  }

  std::string broadcast(const std::string& text) override { return host_->broadcast(text); }

  void settle() override {
    synchronise(device_);
    throw_if_lost();
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
      try {
        look_();
      } catch (...) {
        lost_ = std::current_exception();
        lock.unlock();
        communicator_->abort();
        return;
      }
      ending_.wait_for(lock, kLookEvery, [&] { return is_ending_; });
    }
  }

  void throw_if_lost() {
    const std::lock_guard lock(mutex_);
    if (lost_) std::rethrow_exception(lost_);
  }

  template <typename Call>
  void guarded(const Call& call) {
    throw_if_lost();
    try {
      call();
    } catch (const std::runtime_error&) {
      for (int looks = 0; watch_.joinable() && looks < kLooksForCause; ++looks) {
        throw_if_lost();
        std::this_thread::sleep_for(kLookEvery);
      }
      throw;
    }
  }

  std::unique_ptr<ProcessGroup> host_;
  torch::Device device_;
  std::function<void()> look_;
  std::string way_;
  std::shared_ptr<NcclCommunicator> communicator_;
  double seconds_ = 0;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::exception_ptr lost_;
  std::thread watch_;
};

/// NCCL waits for all processes without an end; so does a thread of its own, which is left behind when one of
/// them is lost.
std::shared_ptr<NcclCommunicator> connect(const std::shared_ptr<const Nccl>& nccl, const NcclId& id, int rank,
                                          int size, const GroupEntry& entry) {
  auto made = std::make_shared<std::promise<std::shared_ptr<NcclCommunicator>>>();
  auto communicator = made->get_future();
  std::thread([made, nccl, id, rank, size, device = entry.device] {
    try {
      const c10::DeviceGuard on_device(device);
      made->set_value(std::make_shared<NcclCommunicator>(nccl, id, rank, size));
    } catch (...) {
      made->set_exception(std::current_exception());
    }
  }).detach();
  while (communicator.wait_for(kLookEvery) != std::future_status::ready) {
    if (entry.look) entry.look();
  }
  return communicator.get();
}

bool has_gpu_of_its_own(const GroupEntry& entry, int size) {
  return !entry.device.is_cuda() || static_cast<int>(torch::cuda::device_count()) >= size;
}

}  // namespace

std::unique_ptr<ProcessGroup> join_by_nccl(std::unique_ptr<ProcessGroup> host, const GroupEntry& entry,
                                           const std::vector<std::string>& files) {
  const int rank = host->rank(), size = host->size();
  const std::shared_ptr<const Nccl> nccl = has_gpu_of_its_own(entry, size) ? Nccl::load(files) : nullptr;
  Tensor able = torch::full({1}, nccl == nullptr ? 0.0 : 1.0, torch::kDouble);
  host->sum(able);
  if (able.item<double>() < size) return host;
  const NcclId own = rank == 0 ? nccl->new_id() : NcclId{};
  const std::string told = host->broadcast(std::string(own.begin(), own.end()));
  NcclId id{};
  std::copy_n(told.begin(), std::min(told.size(), id.size()), id.begin());
  auto communicator = connect(nccl, id, rank, size, entry);
  return std::make_unique<NcclGroup>(std::move(host), entry, nccl->description(), std::move(communicator));
}

}  // namespace segbench::train
