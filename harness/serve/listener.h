// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "harness/serve/http.h"

namespace segbench::serve {

/// What no client may exceed.
struct Limits {
  std::size_t connections = 64;  ///< at once; others are told to come back
  std::size_t head_bytes = std::size_t{16} << 10;
  std::size_t bodies_bytes = std::size_t{128} << 20;  ///< of all requests at once
  std::chrono::milliseconds head_time{10'000};        ///< from the first byte to the end of the head
  std::chrono::milliseconds body_time{60'000};
  std::chrono::milliseconds answer_time{60'000};
};

/// What answers requests; called from several threads at once.
struct Handler {
  /// Looks at a request whose body has not been read: the response that refuses it, or nothing.
  std::function<std::optional<Response>(const Request& head)> refuse;
  std::function<Response(const Request& request)> answer;
};

/// A server: it listens until it is destroyed, a thread a connection, a request a connection. Destroying it
/// closes all connections and waits for what is being answered.
class Listener {
 public:
  /// `host` is a name or an address of this machine; port 0 takes a free one. Throws core::UserError when it
  /// cannot listen there.
  Listener(const std::string& host, int port, Handler handler, const Limits& limits = {});
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  int port() const { return port_; }

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  int socket_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

/// Whether a host's address is one that other machines cannot reach. Throws core::UserError when it has none.
bool is_loopback(const std::string& host);

}  // namespace segbench::serve
