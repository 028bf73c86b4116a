// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace segbench::tests {

/// Lets the driver library tests/preload/nvml.cpp tell of these GPUs for as long as it lives, to this process
/// (which names `library`) and to those that it starts (which find it where the system looks for libraries).
class FakeGpus {
 public:
  FakeGpus(const std::string& script, const std::filesystem::path& library) {
    ::setenv("SEGBENCH_FAKE_GPUS", script.c_str(), 1);
    if (const char* before = std::getenv("LD_LIBRARY_PATH")) path_ = before;
    ::setenv("LD_LIBRARY_PATH", (library.parent_path().string() + (path_.empty() ? "" : ":" + path_)).c_str(),
             1);
  }
  FakeGpus(const FakeGpus&) = delete;
  FakeGpus& operator=(const FakeGpus&) = delete;
  ~FakeGpus() {
    ::unsetenv("SEGBENCH_FAKE_GPUS");
    path_.empty() ? ::unsetenv("LD_LIBRARY_PATH") : ::setenv("LD_LIBRARY_PATH", path_.c_str(), 1);
  }

 private:
  std::string path_;
};

/// Two whole GPUs, the second one busy and hot, and one that has fallen off the bus.
inline constexpr const char* kTwoGpus =
    "GPU-aaaa1111|NVIDIA Fake 90|81559|80000|3|0|1755|0|0|\n"
    "GPU-bbbb2222|NVIDIA Fake 90|81559|1200|98|0|900|68|2|\n"
    "GPU-cccc3333|NVIDIA Fake 90|0|0|0|0|0|0|0|\n";

}  // namespace segbench::tests
