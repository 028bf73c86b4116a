// SPDX-License-Identifier: MIT
#include "tests/support/http/http_client.h"

#include <httplib.h>

#include <stdexcept>

namespace segbench::tests {
namespace {

httplib::Client client_of(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_read_timeout(60);
  return client;
}

httplib::Headers headers_of(const HttpHeaders& headers) {
  return {headers.begin(), headers.end()};
}

HttpAnswer answer_of(const httplib::Result& result) {
  if (!result) return {};
  return {.status = result->status,
          .body = result->body,
          .headers = {result->headers.begin(), result->headers.end()}};
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

HttpAnswer http_get(int port, const std::string& target, const HttpHeaders& headers) {
  return answer_of(client_of(port).Get(target, headers_of(headers)));
}

HttpAnswer http_head(int port, const std::string& target) {
  return answer_of(client_of(port).Head(target));
}

HttpAnswer http_post(int port, const std::string& target, const std::string& body, const std::string& type,
                     const HttpHeaders& headers) {
  return answer_of(client_of(port).Post(target, headers_of(headers), body, type));
}

int raw_connection(int port) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(connection, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0)
    throw std::runtime_error("no server at port " + std::to_string(port));
  return connection;
}

std::string raw_exchange(int port, const std::string& bytes) {
  const int connection = raw_connection(port);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;
    sent += static_cast<std::size_t>(count);
  }
  std::string answer;
  char block[4096];
  for (ssize_t count; (count = ::recv(connection, block, sizeof block, 0)) > 0;)
    answer.append(block, static_cast<std::size_t>(count));
  ::close(connection);
  return answer;
}

}  // namespace segbench::tests
