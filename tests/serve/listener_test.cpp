// SPDX-License-Identifier: MIT
#include "harness/serve/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "harness/core/error.h"
#include "tests/support/http/http_client.h"

namespace segbench::tests {
namespace {

using serve::Limits, serve::Listener, serve::Request, serve::Response;
using testing::HasSubstr, testing::StartsWith;

/// Says what it was asked; refuses bodies above ten bytes.
serve::Handler echo() {
  return {.refuse = [](const Request& head) -> std::optional<Response> {
            if (serve::announced_bytes(head) > 10) return serve::plain_response(413, "too large");
            return std::nullopt;
          },
          .answer = [](const Request& request) -> Response {
            if (request.path == "/throw") throw std::runtime_error("a broken page");
            if (request.path == "/large") return {.type = "text/plain", .body = std::string(5'000'000, 'x')};
            return serve::plain_response(200, request.method + " " + request.path + " " + request.body);
          }};
}

TEST(Listener, AnswersAClientThatIsNotOurs) {
  const Listener listener("127.0.0.1", 0, echo());
  EXPECT_EQ(http_get(listener.port(), "/a%20b").body, "GET /a b \n");
  EXPECT_EQ(http_post(listener.port(), "/p", "hello", "image/png").body, "POST /p hello\n");
  EXPECT_EQ(http_post(listener.port(), "/p", std::string(11, 'x'), "image/png").status, 413);
  EXPECT_EQ(http_get(listener.port(), "/throw").status, 500);
  EXPECT_EQ(http_get(listener.port(), "/large").body.size(), 5'000'000u);
  const HttpAnswer head = http_head(listener.port(), "/large");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "5000000");
  EXPECT_EQ(head.body, "");
}

TEST(Listener, ServesManyAtOnce) {
  const Listener listener("127.0.0.1", 0, echo());
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 12; ++i) {
      clients.emplace_back([&] {
        for (int k = 0; k < 10; ++k) right += http_get(listener.port(), "/x").body == "GET /x \n" ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, 120);
}

TEST(Listener, RefusesWhatIsNoRequest) {
  const Listener listener("127.0.0.1", 0, echo());
  EXPECT_THAT(raw_exchange(listener.port(), "\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(raw_exchange(listener.port(), "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(raw_exchange(listener.port(), "GET /x HTTP/1.1\r\nHost: a\r\n" + std::string(100'000, 'x')),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(raw_exchange(
                  listener.port(),
                  "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 411 "));
  EXPECT_THAT(raw_exchange(listener.port(), "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhello"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(http_get(listener.port(), "/x").status, 200) << "it still serves";
}

TEST(Listener, ReadsNoMoreThanItIsWillingTo) {
  Limits limits;
  limits.bodies_bytes = 8;
  const Listener listener("127.0.0.1", 0, echo(), limits);
  EXPECT_EQ(http_post(listener.port(), "/p", "123456789", "image/png").status, 503);
  EXPECT_EQ(http_post(listener.port(), "/p", "12345678", "image/png").status, 200);
  // A refused upload of any size is answered, and hardly read.
  const std::string upload =
      "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n" + std::string(1'000'000, 'x');
  EXPECT_THAT(raw_exchange(listener.port(), upload), StartsWith("HTTP/1.1 413 "));
}

TEST(Listener, WaitsForNobodyLong) {
  Limits limits;
  limits.head_time = std::chrono::milliseconds(200);
  limits.body_time = std::chrono::milliseconds(200);
  const Listener listener("127.0.0.1", 0, echo(), limits);
  EXPECT_THAT(raw_exchange(listener.port(), "GET /x HTT"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(raw_exchange(listener.port(), "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe"),
              StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(raw_exchange(listener.port(),
                           "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: "
                           "100-continue\r\n\r\n"),
              StartsWith("HTTP/1.1 100 Continue\r\n\r\n"));
}

TEST(Listener, HasRoomForSoManyAndSaysSo) {
  Limits limits;
  limits.connections = 3;
  const Listener listener("127.0.0.1", 0, echo(), limits);
  std::vector<int> silent;
  for (int i = 0; i < 3; ++i) silent.push_back(raw_connection(listener.port()));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until they are accepted
  EXPECT_THAT(raw_exchange(listener.port(), ""), StartsWith("HTTP/1.1 503 "));
  for (const int connection : silent) ::close(connection);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(http_get(listener.port(), "/x").status, 200);
}

TEST(Listener, EndsAlthoughClientsHoldOn) {
  auto listener = std::make_unique<Listener>("127.0.0.1", 0, echo());
  const int port = listener->port(), silent = raw_connection(port);
  ::send(silent, "GET / HT", 8, MSG_NOSIGNAL);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto begin = std::chrono::steady_clock::now();
  listener.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(http_get(port, "/").status, 0);
  ::close(silent);
}

TEST(Listener, SaysWhereItCannotListen) {
  const Listener first("127.0.0.1", 0, echo());
  try {
    const Listener second("127.0.0.1", first.port(), echo());
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen there"));
  }
  EXPECT_THROW(Listener("no.such.host.invalid", 0, echo()), core::UserError);
}

TEST(Addresses, OfLoopbackAreKnown) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost"})
    EXPECT_TRUE(serve::is_loopback(host)) << host;
  for (const char* host : {"0.0.0.0", "192.168.1.1", "::"}) EXPECT_FALSE(serve::is_loopback(host)) << host;
}

}  // namespace
}  // namespace segbench::tests
