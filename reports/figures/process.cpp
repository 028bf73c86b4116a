// SPDX-License-Identifier: MIT
#include "reports/figures/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <system_error>

#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"

extern char** environ;  // NOLINT: POSIX names it so

namespace segbench::reports {

Running start_program(const std::filesystem::path& folder, std::vector<std::string> arguments,
                      const std::filesystem::path& log) {
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
  const int error = ::posix_spawnp(&running.pid, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category());
  return running;
}

std::string finish_program(const Running& running) {
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

}  // namespace segbench::reports
