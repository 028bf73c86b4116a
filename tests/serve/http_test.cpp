// SPDX-License-Identifier: MIT
#include "harness/serve/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/random.h"

namespace segbench::serve {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n";

/// The status with which a head is refused; 0: it is taken.
int refusal_of(const std::string& head) {
  try {
    parse_head(head);
    return 0;
  } catch (const BadRequest& error) {
    return error.status;
  }
}

TEST(Heads, AreReadAsTheyAreMeant) {
  const Request request = parse_head(
      "POST /trials/a%20b?x=1%262&name=caf%C3%A9+au+lait&x=&y HTTP/1.1\r\nHost: localhost:8000\r\n"
      "Content-Length:  12 \r\nX-Empty:\r\nAccept: a\r\naccept: b\r\nCookie: one=1; two=2=2\r\n\r\n");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/trials/a b");
  EXPECT_EQ(request.value("x"), "1&2");
  EXPECT_EQ(request.values("x"), (std::vector<std::string>{"1&2", ""}));
  EXPECT_EQ(request.value("name"), "café au lait");
  EXPECT_EQ(request.value("y"), "");
  EXPECT_EQ(request.value("z"), "");
  EXPECT_EQ(request.header("accept"), "a, b");
  EXPECT_EQ(request.header("x-empty"), "");
  EXPECT_EQ(request.cookie("one"), "1");
  EXPECT_EQ(request.cookie("two"), "2=2");
  EXPECT_EQ(request.cookie("tw"), "");
  EXPECT_EQ(announced_bytes(request), 12u);
}

TEST(Heads, ThatCouldMeanTwoThingsAreRefused) {
  EXPECT_EQ(refusal_of(kGet + "\r\n"), 0);
  for (const std::string& more :
       {std::string("Host: other\r\n"), std::string("Content-Length: 1\r\nContent-Length: 2\r\n"),
        std::string("Content-Length: -1\r\n"), std::string("Content-Length: 1, 1\r\n"),
        std::string("Content-Length: 0x10\r\n"), std::string("Content-Length:\r\n"),
        std::string("Content-Length: 99999999999999999999999\r\n"), std::string("X : y\r\n"),
        std::string(": y\r\n"), std::string("no colon\r\n"), std::string("X: a\r\n folded\r\n"),
        std::string("X: a\nY: b\r\n"), std::string("X: a\0b\r\n", 8), std::string("X: a\x7f\r\n"),
        std::string("X: \x1b[31m\r\n")})
    EXPECT_EQ(refusal_of(kGet + more + "\r\n"), 400) << more;
  EXPECT_EQ(refusal_of(kGet + "Transfer-Encoding: chunked\r\n\r\n"), 411);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(refusal_of(kGet + "\r\nGET / HTTP/1.1\r\n\r\n"), 400) << "another request behind it";
  std::string many = kGet;
  for (int i = 0; i < 200; ++i) many += "X" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431);
}

TEST(RequestLines, MustBePlain) {
  for (const char* line :
       {"", "GET", "GET /", "GET  / HTTP/1.1", "GET / x HTTP/1.1", "G(T / HTTP/1.1", "GET * HTTP/1.1",
        "GET http://localhost/ HTTP/1.1", "GET /% HTTP/1.1", "GET /%4 HTTP/1.1", "GET /%zz HTTP/1.1",
        "GET /%00 HTTP/1.1", "GET /?a=%0d%0aSet-Cookie:x HTTP/1.1", "GET /#x HTTP/1.1", " / HTTP/1.1"})
    EXPECT_EQ(refusal_of(std::string(line) + "\r\nHost: localhost\r\n\r\n"), 400) << line;
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n"), 505);
}

TEST(Escapes, GoThereAndBack) {
  std::string all;
  for (int c = 0x20; c < 0x100; ++c) {
    if (c != 0x7f) all += static_cast<char>(c);
  }
  EXPECT_EQ(decoded(encoded(all), true), all);
  EXPECT_EQ(encoded("a/b ?&=#%\"<é"), "a%2Fb%20%3F%26%3D%23%25%22%3C%C3%A9");
}

// Whatever comes is taken or refused; what is taken is plain.
TEST(Heads, OfRandomBytesAreSurvived) {
  const std::string sound =
      "POST /a/b?c=%41&d HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nCookie: a=b\r\n\r\n";
  core::Stream random(1, core::Purpose::kShapes);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string head = sound;
    for (std::uint64_t changes = random.below(6); changes > 0; --changes) {
      const std::size_t at = random.below(head.size());
      switch (random.below(4)) {
        case 0:
          head[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          head.insert(at, 1, static_cast<char>(random.below(256)));
          break;
        case 2:
          head.erase(at, 1 + random.below(8));
          break;
        default:
          head.insert(at, head.substr(random.below(head.size()), random.below(20)));
      }
      if (head.empty()) head = "x";
    }
    if (refusal_of(head) != 0) continue;
    ++taken;
    const Request request = parse_head(head);
    EXPECT_EQ(request.path.find_first_of(std::string("\r\n\0", 3)), std::string::npos);
    EXPECT_TRUE(request.path.starts_with('/'));
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace segbench::serve
