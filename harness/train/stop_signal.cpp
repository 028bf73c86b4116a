// SPDX-License-Identifier: MIT
#include "harness/train/stop_signal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace segbench::train {
namespace {

volatile std::sig_atomic_t noted_signal = 0;  // the only thing that a signal handler can speak to

void note(int signal) {
  if (noted_signal != 0) ::_exit(128 + signal);
  noted_signal = signal;
}

}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int stop_signal() {
  return noted_signal;
}

void stop_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() == 1) ::raise(SIGTERM);  // it died before we asked
}

void check_stop_signal() {
  if (const int signal = stop_signal(); signal != 0) throw Interrupted{signal};
}

}  // namespace segbench::train
