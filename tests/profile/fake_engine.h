// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/profile/engine_link.h"

namespace segbench::profile::tests {

/// What a made-up engine does.
struct Script {
  /// Nanoseconds of the n-th iteration of all (0, 1, …).
  std::function<double(std::int64_t)> ns = [](std::int64_t) { return 1e8; };
  float logit = 0;            ///< of every output
  std::size_t outputs = 0;    ///< values that it writes
  std::int64_t dies_at = -1;  ///< the iteration at which it ends; -1: never
  /// What it says besides, or instead, by request.
  std::map<std::string, core::Json> says = {};
};

class FakeEngine : public EngineLink {
 public:
  explicit FakeEngine(Script script) : script_(std::move(script)) {}

  core::Json ask(const core::Json& request, std::chrono::seconds) override {
    const std::string what = request.at("do");
    if (what == "output") {
      const std::vector<float> values(script_.outputs, script_.logit);
      core::write_file_atomically(
          request.at("file").get<std::string>(),
          {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
    }
    core::Json answer = {{"ok", true}};
    if (what == "run") {
      answer["ns"] = core::Json::array();
      for (int i = 0; i < request.at("iterations"); ++i) {
        if (iteration_ == script_.dies_at) throw core::UserError("it was killed by signal 11");
        answer["ns"].push_back(script_.ns(iteration_++));
      }
    }
    if (const auto own = script_.says.find(what); own != script_.says.end()) answer.update(own->second);
    return answer;
  }
  std::optional<std::int64_t> peak_bytes() const override { return 1 << 20; }
  std::optional<double> cpu_seconds() const override { return 0; }

 private:
  Script script_;
  std::int64_t iteration_ = 0;
};

}  // namespace segbench::profile::tests
