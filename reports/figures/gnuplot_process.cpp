// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"
#include "reports/figures/gnuplot.h"

extern char** environ;  // NOLINT: POSIX names it so

namespace segbench::reports {
namespace {

constexpr std::size_t kProcesses = 2;

struct Running {
  pid_t pid = -1;
  std::filesystem::path log;
};

/// Starts `program` over some scripts; what it says goes to `log`. Throws std::system_error when it cannot
/// start.
Running start(const std::filesystem::path& folder, const std::vector<std::string>& scripts,
              const std::string& program, const std::filesystem::path& log) {
  std::vector<std::string> arguments = {program, "-d"};  // -d: ignore the user's own gnuplot settings
  arguments.insert(arguments.end(), scripts.begin(), scripts.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  Running running{.pid = -1, .log = log};
  const int error =
      ::posix_spawnp(&running.pid, program.c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category());
  return running;
}

/// "" when all went well.
std::string finish(const Running& running) {
  int status = 0;
  while (::waitpid(running.pid, &status, 0) < 0 && errno == EINTR) {
  }
  const std::string log = core::read_file(running.log);
  std::filesystem::remove(running.log);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return "it could not be started";
  const std::string said = text::clean(core::trim(log));
  return said.empty() ? fmt::format("it ended with status {}", status) : said.substr(0, 400);
}

}  // namespace

std::string run_gnuplot(const std::filesystem::path& folder, const std::vector<std::string>& scripts,
                        const std::string& program) {
  std::vector<std::vector<std::string>> shares(std::min(kProcesses, scripts.size()));
  for (std::size_t i = 0; i < scripts.size(); ++i) shares[i % shares.size()].push_back(scripts[i]);
  std::vector<Running> running;
  std::string problem;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    try {
      const std::filesystem::path log = std::filesystem::absolute(folder) / fmt::format(".gnuplot-{}.log", i);
      running.push_back(start(folder, shares[i], program, log));
    } catch (const std::system_error& error) {
      problem = fmt::format("{}: {}", program, core::system_message(error.code().value()));
    }
  }
  for (const Running& process : running) {
    const std::string found = finish(process);
    if (problem.empty() && !found.empty()) problem = fmt::format("{}: {}", program, found);
  }
  return problem;
}

}  // namespace segbench::reports
