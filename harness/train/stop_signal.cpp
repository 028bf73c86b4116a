// SPDX-License-Identifier: MIT
#include "harness/train/stop_signal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include "harness/core/signals.h"

namespace segbench::train {
namespace {

volatile std::sig_atomic_t noted_signal = 0;  // the only thing that a signal handler can speak to

/// The same request may come twice: to a whole job at once and handed on by the scheduler, or from the kernel
/// for each thread of a parent that died.
void note(int signal) {
  if (noted_signal == 0) noted_signal = signal;
}

constexpr int kParentDied = SIGUSR1;

void note_parent_died(int) {
  if (noted_signal == 0) noted_signal = SIGTERM;
}

}  // namespace

void watch_stop_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) core::handle_unless_ignored(signal, note);
  ::signal(SIGPIPE, SIG_IGN);
}

int stop_signal() {
  return noted_signal;
}

void stop_with_parent() {
  struct sigaction action {};
  action.sa_handler = note_parent_died;
  action.sa_flags = SA_RESTART;
  ::sigaction(kParentDied, &action, nullptr);
  ::prctl(PR_SET_PDEATHSIG, kParentDied);
  if (::getppid() == 1) ::raise(kParentDied);  // it died before we asked
}

void follow_parent() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == 1) ::raise(SIGKILL);
}

void check_stop_signal() {
  if (const int signal = stop_signal(); signal != 0) throw Interrupted{signal};
}

}  // namespace segbench::train
