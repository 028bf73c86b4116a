// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace segbench::core {

/// Makes the standard streams safe for a whole program; called once, first thing in main().
///
/// - A standard descriptor that is closed is opened on /dev/null, so that no file of ours takes its place.
/// - stderr never fails: a log that cannot be written does not stop anything.
/// - stdout remembers that it failed; output_problem() tells at the end.
/// - Control characters that came in with names or messages are made visible before they reach a terminal: on
/// stderr
///   always, on stdout where it is one.
/// - SIGXFSZ is ignored, so that a file size limit is an error with a name. SIGPIPE ends the program, as
/// usual.
void guard_streams();

/// Flushes stdout; "" when all that was printed could be written, else why not.
std::string output_problem();

/// Control characters as "\x1b"; line ends and tabs are kept. Two of our own sequences pass: to the start of
/// the line and "erase the rest of it".
std::string visible(std::string_view text);

/// What an errno value means; where it is a limit of the session, which one.
std::string system_message(int error);

}  // namespace segbench::core
