// SPDX-License-Identifier: MIT
#include "harness/serve/connection.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <new>

#include "harness/core/text.h"

namespace segbench::serve {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBlock = std::size_t{64} << 10;
/// What a refused client may still be sending while it reads why.
constexpr std::chrono::milliseconds kLinger{1'000};

/// The client is gone, or too slow to be told so.
struct Gone {};

/// Waits until the socket can be read or written; false when the time is over.
bool wait_for(int socket, short what, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd polled{socket, what, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw Gone();
  }
}

/// Appends what has come, at most `most` bytes; false at the end of the time.
bool receive(int socket, std::string& text, std::size_t most, Clock::time_point until) {
  std::array<char, kBlock> block;
  if (!wait_for(socket, POLLIN, until)) return false;
  const ssize_t count = ::recv(socket, block.data(), std::min(block.size(), most), 0);
  if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) throw Gone();
  if (count > 0) text.append(block.data(), static_cast<std::size_t>(count));
  return true;
}

void send_all(int socket, std::string_view text, Clock::time_point until) {
  while (!text.empty()) {
    if (!wait_for(socket, POLLOUT, until)) throw Gone();
    const ssize_t count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EINTR && errno != EAGAIN) throw Gone();
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// The head; what came behind it stays in `rest`.
Request read_head(int socket, const Limits& limits, std::string& rest) {
  const auto until = Clock::now() + limits.head_time;
  std::size_t end = std::string::npos;
  while ((end = rest.find("\r\n\r\n")) == std::string::npos) {
    if (rest.size() >= limits.head_bytes)
      throw BadRequest(431, fmt::format("the head is larger than {}", core::human_bytes(limits.head_bytes)));
    if (!receive(socket, rest, limits.head_bytes - rest.size(), until))
      throw BadRequest(408, "the head took too long");
  }
  const std::string head = rest.substr(0, end + 4);
  rest.erase(0, end + 4);
  return parse_head(head);
}

/// Room for a body among all that are being read.
class Reserved {
 public:
  Reserved(std::atomic<std::size_t>& all, std::size_t bytes, std::size_t limit) : all_(all), bytes_(bytes) {
    if (all_.fetch_add(bytes_) + bytes_ > limit) {
      all_.fetch_sub(bytes_);
      throw BadRequest(503, "too much is being uploaded; try again in a moment");
    }
  }
  Reserved(const Reserved&) = delete;
  Reserved& operator=(const Reserved&) = delete;
  ~Reserved() { all_.fetch_sub(bytes_); }

 private:
  std::atomic<std::size_t>& all_;
  std::size_t bytes_;
};

void read_body(int socket, const Limits& limits, Request& request, std::string rest) {
  const std::size_t bytes = announced_bytes(request);
  if (rest.size() > bytes) throw BadRequest(400, "the body is longer than its Content-Length");
  const auto until = Clock::now() + limits.body_time;
  if (request.header("expect") == "100-continue" && rest.size() < bytes)
    send_all(socket, "HTTP/1.1 100 Continue\r\n\r\n", until);
  request.body = std::move(rest);
  while (request.body.size() < bytes) {
    if (!receive(socket, request.body, bytes - request.body.size(), until))
      throw BadRequest(408, "the body took too long");
  }
}

Response respond(int socket, const Handler& handler, const Limits& limits,
                 std::atomic<std::size_t>& bodies_bytes, bool& with_body) try {
  std::string rest;
  Request request = read_head(socket, limits, rest);
  with_body = request.method != "HEAD";
  if (std::optional<Response> refusal = handler.refuse(request)) return *std::move(refusal);
  const Reserved reserved(bodies_bytes, announced_bytes(request), limits.bodies_bytes);
  read_body(socket, limits, request, std::move(rest));
  return handler.answer(request);
} catch (const BadRequest& refusal) {
  return plain_response(refusal.status, refusal.what());
} catch (const std::bad_alloc&) {
  return plain_response(503, "out of memory");
} catch (const std::exception& error) {
  return plain_response(500, error.what());
}

/// Lets a client that is still sending read its answer: closing at once would reset the connection.
void drain(int socket) {
  ::shutdown(socket, SHUT_WR);
  const auto until = Clock::now() + kLinger;
  std::string ignored;
  while (receive(socket, ignored, kBlock, until)) ignored.clear();
}

}  // namespace

void serve_connection(int socket, const Handler& handler, const Limits& limits,
                      std::atomic<std::size_t>& bodies_bytes) {
  try {
    bool with_body = true;
    const Response response = respond(socket, handler, limits, bodies_bytes, with_body);
    const auto until = Clock::now() + limits.answer_time;
    send_all(socket, head_of(response), until);
    if (with_body) send_all(socket, response.body, until);
    drain(socket);
  } catch (const Gone&) {
    // There is nobody to tell.
  } catch (const std::bad_alloc&) {
    // Nothing was left to tell it with.
  }
}

}  // namespace segbench::serve
