// SPDX-License-Identifier: MIT
#include "harness/serve/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::serve {
namespace {

Request asked(const std::string& host, const std::string& method = "GET", const std::string& more = "",
              const std::string& target = "/") {
  return parse_head(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
}

int status_of(const std::optional<Response>& refusal) {
  return refusal ? refusal->status : 200;
}

TEST(Hosts, ThatSomebodyLetPointHereAreRefused) {
  const Access access{.hosts = {"lab-pc"}};
  for (const char* host : {"localhost", "localhost:9000", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000",
                           "[::1]", "192.168.1.7", "lab-pc:80", "Lab-PC"})
    EXPECT_EQ(status_of(refused(asked(host), access)), 200) << host;
  for (const char* host :
       {"evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example",
        "lab-pc.evil.example", "[::1", "127.0.0", "[evil]", "localhost:80:80"})
    EXPECT_EQ(status_of(refused(asked(host), access)), 421) << host;
}

TEST(Hosts, WithADomainDoWhereATokenIsNeeded) {
  const Access access{.token = random_token(), .hosts = {"lab-pc"}};
  const std::string token = "Authorization: Bearer " + access.token + "\r\n";
  EXPECT_EQ(status_of(refused(asked("lab-pc.lab.example:8000", "GET", token), access)), 200);
  EXPECT_EQ(status_of(refused(asked("lab-pc.lab.example:8000"), access)), 401);
  EXPECT_EQ(status_of(refused(asked("lab-pc2.lab.example", "GET", token), access)), 421);
}

TEST(OtherPages, MayNeitherReadNorPost) {
  const Access access;
  const std::string host = "127.0.0.1:8000";
  EXPECT_EQ(status_of(refused(asked(host, "POST"), access)), 200) << "no browser";
  EXPECT_EQ(status_of(refused(asked(host, "POST", "Origin: http://127.0.0.1:8000\r\n"), access)), 200);
  for (const char* origin :
       {"http://evil.example", "null", "http://127.0.0.1:9000", "http://127.0.0.1:8000.evil", ""})
    EXPECT_EQ(status_of(refused(asked(host, "POST", std::string("Origin: ") + origin + "\r\n"), access)), 403)
        << origin;
  EXPECT_EQ(status_of(refused(asked(host, "GET", "Sec-Fetch-Site: same-origin\r\n"), access)), 200);
  EXPECT_EQ(status_of(refused(asked(host, "GET", "Sec-Fetch-Site: none\r\n"), access)), 200);
  EXPECT_EQ(status_of(refused(asked(host, "GET", "Sec-Fetch-Site: cross-site\r\n"), access)), 403);
  EXPECT_EQ(status_of(refused(asked(host, "GET", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n"),
                              access)),
            403);
  const std::string link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: ";
  EXPECT_EQ(status_of(refused(asked(host, "GET", link + "document\r\n"), access)), 200)
      << "a link was followed";
  EXPECT_EQ(status_of(refused(asked(host, "GET", link + "iframe\r\n"), access)), 403);
  EXPECT_EQ(status_of(refused(asked(host, "POST", link + "document\r\n"), access)), 403);
}

TEST(Methods, AreThree) {
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"})
    EXPECT_EQ(status_of(refused(asked("localhost", method), {})), 405) << method;
  EXPECT_EQ(status_of(refused(asked("localhost", "HEAD"), {})), 200);
}

TEST(Tokens, AreAskedForAndHandedOverOnce) {
  const Access access{.token = random_token()};
  EXPECT_EQ(access.token.size(), 32u);
  EXPECT_NE(access.token, random_token());
  EXPECT_EQ(status_of(refused(asked("localhost"), access)), 401);
  EXPECT_EQ(
      status_of(refused(asked("localhost", "GET", "Authorization: Bearer " + access.token + "\r\n"), access)),
      200);
  std::string wrong = access.token;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const std::string& token : {wrong, access.token + "0", access.token.substr(1), std::string()}) {
    EXPECT_EQ(
        status_of(refused(asked("localhost", "GET", "Authorization: Bearer " + token + "\r\n"), access)),
        401);
    EXPECT_EQ(status_of(refused(asked("localhost", "GET", "", "/?token=" + token), access)), 401);
  }
  const auto login = refused(asked("localhost", "GET", "", "//evil.example/a?token=" + access.token), access);
  ASSERT_EQ(status_of(login), 303);
  std::string place, cookie;
  for (const auto& [name, value] : login->headers) {
    if (name == "Location") place = value;
    if (name == "Set-Cookie") cookie = value;
  }
  EXPECT_FALSE(place.starts_with("//")) << place;
  EXPECT_EQ(place.find(access.token), std::string::npos);
  EXPECT_THAT(cookie, testing::HasSubstr("; HttpOnly; SameSite=Strict"));
  const std::string pair = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(status_of(refused(asked("localhost", "GET", "Cookie: a=b; " + pair + "\r\n"), access)), 200);
  EXPECT_EQ(status_of(refused(asked("localhost", "POST", "Cookie: " + pair + "x\r\n"), access)), 401);
  EXPECT_EQ(status_of(refused(asked("localhost", "POST", "", "/?token=" + access.token), access)), 401)
      << "only a page is opened so";
}

TEST(Tokens, AreComparedWhole) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("\x80", std::string_view("\0", 1)));
}

TEST(Answers, ForbidWhatPagesDoNotNeed) {
  const std::string head = head_of(guarded({.body = "x"}));
  for (const char* header :
       {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "nosniff", "no-store",
        "Cross-Origin-Resource-Policy: same-origin", "Content-Length: 1\r\n"})
    EXPECT_THAT(head, testing::HasSubstr(header));
  EXPECT_EQ(head.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace segbench::serve
