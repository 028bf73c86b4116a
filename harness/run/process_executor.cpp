// SPDX-License-Identifier: MIT
#include "harness/run/process_executor.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"

namespace segbench::run {

ProcessExecutor::ProcessExecutor(WorkerSettings settings, SignalWatch& signals)
    : settings_(std::move(settings)), signals_(signals) {
  let_waiting_threads_sleep();
}

ProcessExecutor::~ProcessExecutor() {
  for (auto& [job, worker] : workers_) {
    ::kill(-worker.child.process, SIGKILL);
    ::waitpid(worker.child.process, nullptr, 0);
    ::close(worker.child.progress);
  }
}

void ProcessExecutor::start(std::size_t number, const Job& job) {
  Worker worker;
  worker.log = job.folder / core::kWorkerLogFile;
  std::error_code absent;
  worker.log_size = std::filesystem::file_size(worker.log, absent);
  if (absent) worker.log_size = 0;
  worker.memory_kills = core::out_of_memory_kills();
  WorkerSettings settings = settings_;
  if (job.resources.threads > 0) settings.threads = job.resources.threads;
  if (!job.resources.device.empty()) settings.device = job.resources.device;
  std::map<std::string, std::string> variables;
  if (!job.resources.visible_gpus.empty())
    variables = {{"CUDA_VISIBLE_DEVICES", job.resources.visible_gpus}, {"CUDA_DEVICE_ORDER", "PCI_BUS_ID"}};
  worker.child = start_child(job.kind->command(job, settings), worker.log, /*progress_pipe=*/true, variables);
  workers_[number] = std::move(worker);
}

void ProcessExecutor::send_signal(std::size_t job, int signal) {
  if (const auto found = workers_.find(job); found != workers_.end())
    ::kill(-found->second.child.process, signal);
}

void ProcessExecutor::poll_until(TimePoint until) {
  std::vector<pollfd> polled = {{signals_.descriptor(), POLLIN, 0}};
  for (const auto& [job, worker] : workers_) polled.push_back({worker.child.progress, POLLIN, 0});
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now()).count();
  ::poll(polled.data(), polled.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000)));
}

void ProcessExecutor::read_progress(std::size_t job, Worker& worker, std::vector<Event>& events) {
  std::array<char, 4096> block;
  ssize_t n = 0;
  while (worker.child.progress >= 0 && (n = ::read(worker.child.progress, block.data(), block.size())) > 0) {
    worker.unread.append(block.data(), static_cast<std::size_t>(n));
  }
  if (n == 0 && worker.child.progress >= 0) {  // closed: a negative descriptor is left out by poll()
    ::close(worker.child.progress);
    worker.child.progress = -1;
  }
  for (std::size_t end; (end = worker.unread.find('\n')) != std::string::npos;
       worker.unread.erase(0, end + 1)) {
    events.emplace_back(ProgressEvent{job, parse_progress(worker.unread.substr(0, end))});
  }
}

WorkerExit ProcessExecutor::describe_exit(const Worker& worker, int wait_status) const {
  WorkerExit exit;
  if (WIFSIGNALED(wait_status))
    exit.signal = WTERMSIG(wait_status);
  else
    exit.code = WEXITSTATUS(wait_status);
  exit.out_of_memory =
      exit.signal == SIGKILL && worker.memory_kills && core::out_of_memory_kills() > worker.memory_kills;
  exit.log_tail = log_tail(worker.log, worker.log_size);
  return exit;
}

std::vector<Event> ProcessExecutor::wait(TimePoint until) {
  poll_until(until);
  std::vector<Event> events;
  for (const int signal : signals_.take()) events.emplace_back(InterruptEvent{signal});
  for (auto it = workers_.begin(); it != workers_.end();) {
    auto& [job, worker] = *it;
    const std::optional<int> status =
        reap(worker.child.process);  // before the pipe: its last lines are in it then
    read_progress(job, worker, events);
    if (!status) {
      ++it;
      continue;
    }
    events.emplace_back(ExitEvent{job, describe_exit(worker, *status)});
    if (worker.child.progress >= 0) ::close(worker.child.progress);
    it = workers_.erase(it);
  }
  return events;
}

std::optional<WorkerProgress> parse_progress(std::string_view line) {
  const core::Json json = core::Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("phase")) return std::nullopt;
  const auto optional_number = [&](const char* key) -> std::optional<double> {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
  };
  try {
    return WorkerProgress{.phase = json["phase"].get<std::string>(),
                          .epoch = json.value("epoch", std::int64_t{0}),
                          .epochs = json.value("epochs", std::int64_t{0}),
                          .step = json.value("step", std::int64_t{0}),
                          .steps = json.value("steps", std::int64_t{0}),
                          .loss = optional_number("loss"),
                          .metric = json.value("metric", ""),
                          .score = optional_number("score")};
  } catch (const core::Json::exception&) {
    return std::nullopt;
  }
}

std::string log_tail(const std::filesystem::path& file, std::uintmax_t from, int lines) {
  constexpr std::uintmax_t kMost = 2048;
  std::error_code absent;
  const std::uintmax_t size = std::filesystem::file_size(file, absent);
  if (absent || size <= from) return "";
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(std::max(from, size > kMost ? size - kMost : 0)));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string trimmed(core::trim(text));
  std::size_t begin = trimmed.size();
  for (int i = 0; i < lines && begin != std::string::npos && begin > 0; ++i)
    begin = trimmed.rfind('\n', begin - 1);
  return begin == std::string::npos || begin == 0 ? trimmed : trimmed.substr(begin + 1);
}

}  // namespace segbench::run
