// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace segbench::core {

/// Threads that do what can be done beside the thread that owns them, which takes the results when it needs
/// them. Tasks begin in the order in which they are given. When it is destroyed, running tasks are waited for
/// and the others dropped. (Of usual priority: a lower one leaves the CPUs to strangers, and what is waited
/// for then comes late.)
class SpareThreads {
 public:
  explicit SpareThreads(std::size_t threads);
  SpareThreads(const SpareThreads&) = delete;
  SpareThreads& operator=(const SpareThreads&) = delete;
  ~SpareThreads();

  std::size_t threads() const { return threads_.size(); }

  /// What `work` returns or throws comes with the future.
  template <typename Work>
  auto run(Work work) {
    using Result = std::invoke_result_t<Work>;
    const auto task = std::make_shared<std::packaged_task<Result()>>(std::move(work));
    add([task] { (*task)(); });
    return task->get_future();
  }

 private:
  void add(std::function<void()> task);
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace segbench::core
