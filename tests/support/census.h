// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/record_function.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace segbench::tests {

/// Counts the operations of LibTorch that are called while it lives, of all threads, those that an operation
/// calls itself too: by name, "aten::add_". A GPU launches a kernel for about each that is no view.
class Census {
 public:
  Census() {
    current() = this;
    handle_ =
        at::addGlobalCallback(at::RecordFunctionCallback(&Census::begin).scopes({at::RecordScope::FUNCTION}));
  }
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;
  ~Census() {
    at::removeCallback(handle_);
    current() = nullptr;
  }

  const std::map<std::string, int>& counts() const { return counts_; }
  int all() const {
    int sum = 0;
    for (const auto& [name, count] : counts_) sum += count;
    return sum;
  }
  /// Those for which a GPU waits with all that follows, or which add up in the order in which threads arrive:
  /// none belongs into a step. "name name …".
  std::string forbidden() const {
    std::string names;
    for (const char* name :
         {"aten::_local_scalar_dense", "aten::is_nonzero", "aten::nonzero", "aten::masked_select",
          "aten::_unique2", "aten::index_put_", "aten::_index_put_impl_", "aten::scatter_add",
          "aten::scatter_add_", "aten::index_add_", "aten::bincount", "aten::put_", "aten::equal"})
      names += counts_.contains(name) ? std::string(names.empty() ? "" : " ") + name : "";
    return names;
  }

 private:
  static Census*& current() {
    static Census* census = nullptr;
    return census;
  }
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
    Census* census = current();
    const std::lock_guard lock(census->mutex_);
    ++census->counts_[function.name()];
    return nullptr;
  }

  at::CallbackHandle handle_;
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

}  // namespace segbench::tests
