// SPDX-License-Identifier: MIT
#include "harness/core/streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace segbench::core {
namespace {

/// One of the two standard streams that are written.
struct Stream {
  int descriptor = -1;
  bool make_visible = false;
  int error = 0;  ///< the first one
};

Stream output_stream, error_stream;

/// Writes everything; false with errno when that fails.
bool write_out(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

/// Always claims success: whoever prints need not care, and {fmt} would throw.
ssize_t write_stream(void* cookie, const char* data, size_t size) {
  Stream& stream = *static_cast<Stream*>(cookie);
  if (stream.error == 0) {
    const std::string_view text(data, size);
    const bool written = stream.make_visible ? write_out(stream.descriptor, visible(text))
                                             : write_out(stream.descriptor, text);
    if (!written) stream.error = errno;
  }
  return static_cast<ssize_t>(size);
}

FILE* open_stream(Stream& stream, int descriptor, bool make_visible, int buffering) {
  stream = {.descriptor = descriptor, .make_visible = make_visible, .error = 0};
  const cookie_io_functions_t functions{
      .read = nullptr, .write = write_stream, .seek = nullptr, .close = nullptr};
  FILE* file = ::fopencookie(&stream, "w", functions);
  if (file != nullptr) ::setvbuf(file, nullptr, buffering, BUFSIZ);
  return file;
}

/// Reading from it ends at once and writing to it fails, as on the closed descriptor itself.
void occupy_if_closed(int descriptor) {
  if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) (void)::open("/dev/null", O_RDONLY);
}

}  // namespace

void guard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) occupy_if_closed(descriptor);
  std::signal(SIGXFSZ, SIG_IGN);
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  if (FILE* file = open_stream(output_stream, STDOUT_FILENO, terminal, terminal ? _IOLBF : _IOFBF))
    stdout = file;
  if (FILE* file = open_stream(error_stream, STDERR_FILENO, true, _IOLBF)) stderr = file;
}

std::string output_problem() {
  const bool flushed = ::fflush(stdout) == 0;
  if (output_stream.error != 0) return system_message(output_stream.error);
  return flushed ? "" : system_message(errno);
}

std::string visible(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\x1b[K") || rest.starts_with("\x1b[H") || rest.starts_with("\x1b[J")) {
      shown += rest.substr(0, 3);
      i += 2;
    } else if (byte == 0xC2 && i + 1 < text.size() &&
               (static_cast<unsigned char>(text[i + 1]) & 0xE0) == 0x80) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));  // U+0080 to U+009F
    } else if ((byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string system_message(int error) {
  const std::string text = std::strerror(error);
  switch (error) {
    case EMFILE:
      return text + " (a limit of this session; `ulimit -n` shows and raises it)";
    case ENFILE:
      return text + " (a limit of the whole machine)";
    case EFBIG:
      return text + " (a limit of this session: `ulimit -f`, or of the file system)";
    case ENOMEM:
      return text + " (a limit of this session, `ulimit -v`, or of the machine)";
    case EAGAIN:
      return text + " (perhaps a limit of this session: `ulimit -u`)";
    case ENOSPC:
      return text + " (the disk is full)";
    default:
      return text;
  }
}

}  // namespace segbench::core
