// SPDX-License-Identifier: MIT
// A driver library that tells of GPUs that are not there: one a line of $SEGBENCH_FAKE_GPUS, as
//   UUID|model|total MiB|free MiB|utilisation %|compute mode|clock MHz|throttle mask|memory errors|part of
// where the last one is empty, or the number of the GPU (from 0) that this one is a part of. A GPU whose
// total is 0 has fallen off the bus.
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct FakeGpu {
  std::string uuid, name;
  unsigned long long total = 0, free = 0;
  unsigned utilisation = 0, clock = 0;
  int mode = 0, parent = -1;
  unsigned long long throttled = 0, errors = 0;
};

std::vector<FakeGpu> read_fakes() {
  std::vector<FakeGpu> gpus;
  const char* script = std::getenv("SEGBENCH_FAKE_GPUS");
  std::istringstream lines(script == nullptr ? "" : script);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, '|');) fields.push_back(field);
    fields.resize(10);
    const auto number = [&](std::size_t i) { return std::strtoull(fields[i].c_str(), nullptr, 10); };
    gpus.push_back({.uuid = fields[0],
                    .name = fields[1],
                    .total = number(2) << 20,
                    .free = number(3) << 20,
                    .utilisation = static_cast<unsigned>(number(4)),
                    .clock = static_cast<unsigned>(number(6)),
                    .mode = static_cast<int>(number(5)),
                    .parent = fields[9].empty() ? -1 : static_cast<int>(number(9)),
                    .throttled = number(7),
                    .errors = number(8)});
  }
  return gpus;
}

std::vector<FakeGpu>& fakes() {
  static std::vector<FakeGpu> all = read_fakes();
  return all;
}

std::vector<FakeGpu*> members(int parent) {
  std::vector<FakeGpu*> found;
  for (FakeGpu& gpu : fakes()) {
    if (gpu.parent == parent) found.push_back(&gpu);
  }
  return found;
}

int copy(const std::string& text, char* to, unsigned size) {
  std::strncpy(to, text.c_str(), size - 1);
  to[size - 1] = '\0';
  return 0;
}

FakeGpu& gpu_of(void* device) {
  return *static_cast<FakeGpu*>(device);
}

int at(int parent, unsigned index, void** device) {
  const std::vector<FakeGpu*> found = members(parent);
  if (index >= found.size()) return 6;      // NVML_ERROR_NOT_FOUND
  if (found[index]->total == 0) return 15;  // NVML_ERROR_GPU_IS_LOST
  *device = found[index];
  return 0;
}

int number_of(void* device) {
  const std::vector<FakeGpu*> whole = members(-1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == device) return static_cast<int>(i);
  }
  return -2;
}

}  // namespace

extern "C" {

int nvmlInit_v2() {
  fakes() = read_fakes();
  return fakes().empty() ? 9 : 0;  // NVML_ERROR_DRIVER_NOT_LOADED
}
int nvmlShutdown() {
  return 0;
}
int nvmlSystemGetDriverVersion(char* version, unsigned size) {
  return copy("999.1", version, size);
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = static_cast<unsigned>(members(-1).size());
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  return at(-1, index, device);
}
int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
  for (FakeGpu& gpu : fakes()) {
    if (gpu.uuid == uuid) {
      *device = &gpu;
      return 0;
    }
  }
  return 6;
}
int nvmlDeviceGetMigMode(void* device, unsigned* now, unsigned* later) {
  *now = *later = members(number_of(device)).empty() ? 0 : 1;
  return 0;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** part) {
  return at(number_of(device), index, part);
}
int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size) {
  return copy(gpu_of(device).uuid, uuid, size);
}
int nvmlDeviceGetName(void* device, char* name, unsigned size) {
  return copy(gpu_of(device).name, name, size);
}
int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* memory) {
  const FakeGpu& gpu = gpu_of(device);
  memory[0] = gpu.total, memory[1] = gpu.free, memory[2] = gpu.total - gpu.free;
  return 0;
}
int nvmlDeviceGetUtilizationRates(void* device, unsigned* rates) {
  if (gpu_of(device).parent >= 0) return 3;  // NVML_ERROR_NOT_SUPPORTED of a part
  rates[0] = gpu_of(device).utilisation, rates[1] = 0;
  return 0;
}
int nvmlDeviceGetComputeMode(void* device, int* mode) {
  *mode = gpu_of(device).mode;
  return 0;
}
int nvmlDeviceGetClockInfo(void* device, int, unsigned* clock) {
  *clock = gpu_of(device).clock;
  return 0;
}
int nvmlDeviceGetMaxClockInfo(void*, int, unsigned* clock) {
  *clock = 1980;
  return 0;
}
int nvmlDeviceGetCurrentClocksThrottleReasons(void* device, unsigned long long* mask) {
  *mask = gpu_of(device).throttled;
  return 0;
}
int nvmlDeviceGetTotalEccErrors(void* device, int, int, unsigned long long* errors) {
  *errors = gpu_of(device).errors;
  return 0;
}
}
