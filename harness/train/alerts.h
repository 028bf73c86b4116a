// SPDX-License-Identifier: MIT
#pragma once

#include <c10/util/Exception.h>
#include <torch/version.h>

#include <string>
#include <vector>

// What LibTorch warns of while it works. Its handler of warnings is one for the thread; what a backward pass
// warns of in threads of its own is handed to the thread that began it.

namespace segbench::train {

/// Takes all warnings of this thread for as long as it lives.
class WarningTexts : private c10::WarningHandler {
 public:
  WarningTexts();
  WarningTexts(const WarningTexts&) = delete;
  WarningTexts& operator=(const WarningTexts&) = delete;
  ~WarningTexts() override;

  /// Each distinct text once, in order.
  const std::vector<std::string>& heard() const { return heard_; }

 protected:
  /// A text that was not heard before.
  virtual void hear(const std::string& /*text*/) {}

 private:
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning& warning) override {
    take(warning.msg());
  }
#else
  void process(const c10::SourceLocation&, const std::string& text, const bool) override {
    take(text);
  }
#endif
  void take(const std::string& text);

  c10::WarningHandler* before_;
  std::vector<std::string> heard_;
};

/// Prints every distinct warning once, and keeps those apart that tell of an operation without a
/// deterministic implementation.
class Alerts : public WarningTexts {
 public:
  /// As LibTorch calls them, "upsample_bilinear2d_backward_out_cuda".
  const std::vector<std::string>& unordered_operations() const { return operations_; }

 protected:
  void hear(const std::string& text) override;

 private:
  std::vector<std::string> operations_;
};

}  // namespace segbench::train
