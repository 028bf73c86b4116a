// SPDX-License-Identifier: MIT
#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

#include "harness/core/files.h"

namespace segbench::tests {
namespace {

std::filesystem::path output_file(const char* name) {
  static std::atomic<int> counter = 0;
  return std::filesystem::temp_directory_path() /
         ("segbench-test-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + name);
}

void redirect(int descriptor, const std::filesystem::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(127);
}

}  // namespace

Process::Process(std::vector<std::string> arguments, const std::filesystem::path& folder,
                 const Environment& environment)
    : out_(output_file(".out")), err_(output_file(".err")) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    ::setpgid(0, 0);
    for (const int request : {SIGINT, SIGTERM, SIGHUP}) ::signal(request, SIG_DFL);  // ctest may ignore some
    redirect(0, "/dev/null", O_RDONLY);
    redirect(1, out_, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(2, err_, O_WRONLY | O_CREAT | O_TRUNC);
    if (::chdir(folder.c_str()) != 0) ::_exit(127);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
}

Process::~Process() {
  if (!ended_) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove(out_, ignored);
  std::filesystem::remove(err_, ignored);
}

bool Process::running() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
  return !ended_;
}

void Process::signal(int number) const {
  ::kill(pid_, number);
}

ProcessResult Process::wait() {
  if (!ended_) ::waitpid(pid_, &status_, 0);
  ended_ = true;
  const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  // A process that is killed at once may not have opened its files yet.
  const auto content = [](const std::filesystem::path& file) {
    return std::filesystem::exists(file) ? core::read_file(file) : std::string();
  };
  return {code, content(out_), content(err_)};
}

ProcessResult run_process(std::vector<std::string> arguments, const std::filesystem::path& folder,
                          const Environment& environment) {
  return Process(std::move(arguments), folder, environment).wait();
}

}  // namespace segbench::tests
