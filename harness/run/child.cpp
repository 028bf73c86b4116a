// SPDX-License-Identifier: MIT
#include "harness/run/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "harness/core/error.h"

namespace segbench::run {
namespace {

/// "NAME=VALUE" of our environment, in which `variables` replace what has their names.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> words;
  for (char** word = environ; *word != nullptr; ++word) {
    const std::string text = *word;
    if (!variables.contains(text.substr(0, text.find('=')))) words.push_back(text);
  }
  for (const auto& [name, value] : variables) words.push_back(name + "=" + value);
  return words;
}

/// What posix_spawn needs, freed again.
struct SpawnSettings {
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    sigset_t none, standard;
    ::sigemptyset(&none);
    ::sigemptyset(&standard);
    ::sigaddset(&standard, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &standard);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }

  pid_t spawn(const std::vector<std::string>& command, short flags,
              const std::map<std::string, std::string>& variables = {}) {
    ::posix_spawnattr_setflags(&attributes,
                               static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    std::vector<std::string> words = environment_with(variables);
    std::vector<char*> environment;
    for (std::string& word : words) environment.push_back(word.data());
    environment.push_back(nullptr);
    pid_t process = 0;
    const int error = ::posix_spawnp(&process, command.at(0).c_str(), &actions, &attributes, arguments.data(),
                                     environment.data());
    if (error != 0) {
      throw core::UserError(fmt::format("{}: cannot be started: {}", command[0], std::strerror(error)),
                            core::kTrialFailed);
    }
    return process;
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

/// Two ends of a pipe that the child does not inherit unless told to. The ends lie above
/// `kProgressDescriptor`, so that none of them is overwritten while descriptors are put in place.
class Pipe {
 public:
  Pipe() {
    std::array<int, 2> low{};
    SEGBENCH_CHECK(::pipe2(low.data(), O_CLOEXEC) == 0, "no pipe: errno {}", errno);
    for (std::size_t i = 0; i < 2; ++i) {
      ends_[i] = ::fcntl(low[i], F_DUPFD_CLOEXEC, kProgressDescriptor + 1);
      ::close(low[i]);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int end(std::size_t i) const { return ends_[i]; }
  int release(std::size_t i) { return std::exchange(ends_[i], -1); }
  void close_end(std::size_t i) {
    if (ends_[i] >= 0) ::close(ends_[i]);
    ends_[i] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

}  // namespace

Child start_child(const std::vector<std::string>& command, const std::filesystem::path& log,
                  bool progress_pipe, const std::map<std::string, std::string>& variables) {
  Pipe pipe;
  SpawnSettings settings;
  int log_descriptor = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  // What a worker says is a convenience: without a place for it the trial is trained all the same.
  if (log_descriptor < 0) log_descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (log_descriptor < 0) {
    throw core::UserError(fmt::format("{}: cannot be written: {}", log.string(), std::strerror(errno)),
                          core::kTrialFailed);
  }
  ::posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&settings.actions, log_descriptor, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&settings.actions, log_descriptor, STDERR_FILENO);
  if (progress_pipe) ::posix_spawn_file_actions_adddup2(&settings.actions, pipe.end(1), kProgressDescriptor);
  ::posix_spawnattr_setpgroup(&settings.attributes, 0);
  Child child;
  try {
    child.process = settings.spawn(command, POSIX_SPAWN_SETPGROUP, variables);
  } catch (...) {
    ::close(log_descriptor);
    throw;
  }
  ::close(log_descriptor);
  if (progress_pipe) {
    child.progress = pipe.release(0);
    ::fcntl(child.progress, F_SETFL, O_NONBLOCK);
  }
  return child;
}

Talker start_talker(const std::vector<std::string>& command, const std::filesystem::path& log) {
  Pipe requests, answers;
  SpawnSettings settings;
  ::posix_spawn_file_actions_adddup2(&settings.actions, requests.end(0), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&settings.actions, answers.end(1), STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&settings.actions, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::posix_spawnattr_setpgroup(&settings.attributes, 0);
  const pid_t process = settings.spawn(command, POSIX_SPAWN_SETPGROUP);
  return {.process = process, .to = requests.release(1), .from = answers.release(0)};
}

std::optional<int> reap(pid_t process) {
  int status = 0;
  const pid_t found = ::waitpid(process, &status, WNOHANG);
  return found == process ? std::optional<int>(status) : std::nullopt;
}

CommandResult run_command(const std::vector<std::string>& command) {
  std::array<Pipe, 2> pipes;
  SpawnSettings settings;
  ::posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&settings.actions, pipes[0].end(1), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&settings.actions, pipes[1].end(1), STDERR_FILENO);
  const pid_t process = settings.spawn(command, 0);
  for (Pipe& pipe : pipes) pipe.close_end(1);

  CommandResult result;
  std::array<std::string*, 2> texts = {&result.out, &result.err};
  std::array<pollfd, 2> polled = {{{pipes[0].end(0), POLLIN, 0}, {pipes[1].end(0), POLLIN, 0}}};
  std::array<char, 1 << 16> block;
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const ssize_t n = ::read(polled[i].fd, block.data(), block.size());
      if (n > 0) texts[i]->append(block.data(), static_cast<std::size_t>(n));
      if (n == 0 || (n < 0 && errno != EINTR)) polled[i].fd = -1;
    }
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  result.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

}  // namespace segbench::run
