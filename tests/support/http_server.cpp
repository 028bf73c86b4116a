// SPDX-License-Identifier: MIT
#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace segbench::tests {
namespace {

std::string read_request(int connection) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) break;
    request.append(buffer, static_cast<std::size_t>(count));
  }
  return request;
}

/// The value of a header, "" without.
std::string header(const std::string& request, const std::string& name) {
  const std::size_t begin = request.find("\r\n" + name + ": ");
  if (begin == std::string::npos) return "";
  const std::size_t value = begin + name.size() + 4;
  return request.substr(value, request.find("\r\n", value) - value);
}

void send_all(int connection, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace

HttpServer::HttpServer(std::string content) : content_(std::move(content)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  if (socket_ < 0 || ::bind(socket_, address, size) != 0 || ::listen(socket_, 8) != 0 ||
      ::getsockname(socket_, address, &size) != 0) {
    throw std::runtime_error("no local server");
  }
  port_ = ntohs(place.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  ::shutdown(socket_, SHUT_RDWR);
  thread_.join();
  ::close(socket_);
}

std::vector<std::string> HttpServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::serve() {
  while (true) {
    const int connection = ::accept(socket_, nullptr, nullptr);
    if (connection < 0) return;
    answer(connection);
    ::close(connection);
  }
}

void HttpServer::answer(int connection) {
  const std::string request = read_request(connection);
  const std::string range = header(request, "Range");
  const std::size_t path = request.find(' ') + 1;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request.substr(path, request.find(' ', path) - path) +
                        (range.empty() ? "" : " " + range));
  }
  std::string head = "HTTP/1.1 200 OK\r\n", body = content_;
  if (status != 0) {
    head = "HTTP/1.1 " + std::to_string(status) + " As Told\r\n";
    body = "an error page";
  } else if (ranges && range.starts_with("bytes=")) {
    const std::size_t begin = std::stoul(range.substr(6));
    if (begin >= content_.size()) {
      head = "HTTP/1.1 416 Range Not Satisfiable\r\n";
      body.clear();
    } else {
      const std::size_t from = wrong_range ? 0 : begin;
      head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
             std::to_string(content_.size() - 1) + "/" + std::to_string(content_.size()) + "\r\n";
      body = content_.substr(from);
    }
  }
  send_all(connection, head + "Content-Length: " + std::to_string(body.size()) +
                           "\r\nConnection: close\r\n\r\n" + body.substr(0, cut_after));
}

}  // namespace segbench::tests
