// SPDX-License-Identifier: MIT
#include "harness/serve/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <set>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/streams.h"
#include "harness/serve/connection.h"

namespace segbench::serve {
namespace {

constexpr int kBacklog = 64;
constexpr std::chrono::milliseconds kLookForStop{
    200};  ///< how often the accepting thread looks whether it shall end

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses addresses_of(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0)
    throw core::UserError(
        fmt::format("--host {}: no address of this machine: {}", host, ::gai_strerror(error)));
  return {found, &::freeaddrinfo};
}

int listen_at(const addrinfo& address) {
  const int socket =
      ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
  if (socket < 0) return -1;
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, kBacklog) == 0)
    return socket;
  const int error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  SEGBENCH_CHECK(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0,
                 "a socket without address");
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace

/// What the threads of the connections use: it outlives the listener until the last of them has ended.
struct Listener::Shared {
  Handler handler;
  Limits limits;
  std::atomic<std::size_t> bodies_bytes{0};
  std::mutex mutex;
  std::condition_variable ended;
  std::set<int> sockets;

  void serve(int socket) {
    serve_connection(socket, handler, limits, bodies_bytes);
    const std::lock_guard lock(mutex);
    sockets.erase(socket);
    ::close(socket);
    ended.notify_all();
  }

  /// Takes a connection, or tells it to come back.
  void take(const std::shared_ptr<Shared>& self, int socket) {
    const std::lock_guard lock(mutex);
    if (sockets.size() < limits.connections) {
      try {
        sockets.insert(socket);
        std::thread([self, socket] { self->serve(socket); }).detach();
        return;
      } catch (const std::system_error&) {
        sockets.erase(socket);  // no further thread
      }
    }
    const std::string busy = head_of(plain_response(503, ""));
    (void)!::send(socket, busy.data(), busy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(socket);
  }

  void accept_until(const std::stop_token& stop, const std::shared_ptr<Shared>& self, int listening) {
    while (!stop.stop_requested()) {
      pollfd polled{listening, POLLIN, 0};
      if (::poll(&polled, 1, static_cast<int>(kLookForStop.count())) <= 0) continue;
      const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket >= 0)
        take(self, socket);
      else
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // out of descriptors, for a while
    }
  }
};

Listener::Listener(const std::string& host, int port, Handler handler, const Limits& limits)
    : shared_(std::make_shared<Shared>()) {
  shared_->handler = std::move(handler);
  shared_->limits = limits;
  const Addresses addresses = addresses_of(host, port);
  for (const addrinfo* at = addresses.get(); at != nullptr && socket_ < 0; at = at->ai_next)
    socket_ = listen_at(*at);
  if (socket_ < 0) {
    throw core::UserError(
        fmt::format("{}, port {}: cannot listen there: {}", host, port, core::system_message(errno)),
        core::kTrialFailed);
  }
  port_ = port_of(socket_);
  thread_ = std::jthread([shared = shared_, socket = socket_](const std::stop_token& stop) {
    shared->accept_until(stop, shared, socket);
  });
}

Listener::~Listener() {
  thread_.request_stop();
  thread_.join();
  ::close(socket_);
  std::unique_lock lock(shared_->mutex);
  for (const int socket : shared_->sockets) ::shutdown(socket, SHUT_RDWR);
  shared_->ended.wait(lock, [&] { return shared_->sockets.empty(); });
}

bool is_loopback(const std::string& host) {
  const Addresses addresses = addresses_of(host, 0);
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    if (at->ai_family == AF_INET) {
      const auto* address = reinterpret_cast<const sockaddr_in*>(at->ai_addr);
      if ((ntohl(address->sin_addr.s_addr) >> 24) != 127) return false;
    } else if (at->ai_family == AF_INET6) {
      if (!IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(at->ai_addr)->sin6_addr)) return false;
    }
  }
  return true;
}

}  // namespace segbench::serve
