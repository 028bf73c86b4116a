// SPDX-License-Identifier: MIT
#include "harness/train/alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "harness/core/text.h"

namespace segbench::train {
namespace {

#if TORCH_VERSION_MAJOR >= 2
namespace handlers = c10::WarningUtils;
#else
namespace handlers = c10::Warning;
#endif

constexpr std::string_view kAlert = " does not have a deterministic implementation";

}  // namespace

WarningTexts::WarningTexts() : before_(handlers::get_warning_handler()) {
  handlers::set_warning_handler(this);
}

WarningTexts::~WarningTexts() {
  handlers::set_warning_handler(before_);
}

void WarningTexts::take(const std::string& text) {
  if (std::find(heard_.begin(), heard_.end(), text) != heard_.end()) return;
  heard_.push_back(text);
  hear(text);
}

void Alerts::hear(const std::string& text) {
  const std::size_t end = text.find(kAlert);
  if (end == std::string::npos) {
    fmt::print(stderr, "LibTorch warns: {}\n", core::trim(text));
    return;
  }
  operations_.push_back(text.substr(0, end));
  fmt::print(stderr, "LibTorch has no deterministic {} on this device\n", operations_.back());
}

}  // namespace segbench::train
