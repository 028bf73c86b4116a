// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace segbench::tests {

/// A web server on this machine that serves one content under every path, and misbehaves as told.
class HttpServer {
 public:
  explicit HttpServer(std::string content);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// "http://127.0.0.1:PORT".
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The path and the Range header ("" without) of every request so far, as "/path bytes=3-".
  std::vector<std::string> requests();

  std::atomic<bool> ranges = true;                ///< false: whole files only, as python3 -m http.server does
  std::atomic<std::size_t> cut_after = SIZE_MAX;  ///< bytes of an answer's body before the connection breaks
  std::atomic<int> status = 0;                    ///< of every answer; 0: as is right
  std::atomic<bool> wrong_range = false;          ///< answers ranges with the beginning of the file

 private:
  void serve();
  void answer(int connection);

  const std::string content_;
  int socket_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace segbench::tests
