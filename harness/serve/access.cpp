// SPDX-License-Identifier: MIT
#include "harness/serve/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>

#include "harness/core/error.h"
#include "harness/core/hash.h"

namespace segbench::serve {
namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  if (host.starts_with('[') && host.ends_with(']'))
    return ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), address.data()) == 1;
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1;
}

/// The host of a Host header, without its port.
std::string host_of(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  std::string host(authority.substr(0, has_port ? colon : authority.size()));
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return host;
}

bool is_our_host(const std::string& host, const Access& access) {
  // An address cannot be made to point elsewhere, so no page of another origin has one of ours.
  if (host == "localhost" || is_address(host)) return true;
  return std::any_of(access.hosts.begin(), access.hosts.end(), [&](const std::string& ours) {
    // Longer forms of our name are not looked up: whoever invents one has no token.
    return host == ours || (!access.token.empty() && host.starts_with(ours + '.'));
  });
}

/// Whether the browser says that another page has asked.
bool comes_from_elsewhere(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  const bool followed_link = request.method == "GET" && request.header("sec-fetch-mode") == "navigate" &&
                             request.header("sec-fetch-dest") == "document";
  if (!site.empty() && site != "same-origin" && site != "none" && !followed_link) return true;
  if (request.method != "POST" || !request.headers.contains("origin")) return false;
  const std::string host(request.header("host"));
  const std::string_view origin = request.header("origin");
  return origin != "http://" + host && origin != "https://" + host;
}

std::string cookie_name(const Access& access) {
  return "segbench_" +
         core::sha256_hex(access.token).substr(0, 12);  // cookies know no ports: other servers have others
}

std::optional<Response> without_token(const Request& request, const Access& access) {
  const auto is_token = [&](std::string_view text) { return equal_in_constant_time(text, access.token); };
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = request.header("authorization");
  if (authorization.starts_with(kBearer) && is_token(authorization.substr(kBearer.size())))
    return std::nullopt;
  const std::string asked = request.value("token");
  if (request.method == "GET" && !asked.empty() && is_token(asked)) {
    // Only the path is repeated, each part of it escaped: nothing of the request reaches a header as it came.
    std::string place;
    for (std::size_t i = 0; i < request.path.size();) {
      const std::size_t end = std::min(request.path.find('/', i + 1), request.path.size());
      place += '/' + encoded(std::string_view(request.path).substr(i + 1, end - i - 1));
      i = end;
    }
    if (place.starts_with("//")) place = "/";
    Response response = redirect(place);
    response.headers.emplace_back("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict",
                                                            cookie_name(access), access.token));
    return response;
  }
  if (is_token(request.cookie(cookie_name(access)))) return std::nullopt;
  Response response =
      plain_response(401,
                     "Open the address that `segbench serve` printed, with its token, or send the token as "
                     "`Authorization: Bearer TOKEN`.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  SEGBENCH_CHECK(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
                 "the kernel gives no random numbers");
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;  // the length is no secret
  volatile unsigned char different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    different = static_cast<unsigned char>(
        different | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  return different == 0;
}

std::optional<Response> refused(const Request& request, const Access& access) {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    Response response = plain_response(405, "GET, HEAD and POST are what this server knows");
    response.headers.emplace_back("Allow", "GET, HEAD, POST");
    return response;
  }
  const std::string host = host_of(request.header("host"));
  if (!is_our_host(host, access)) {
    return plain_response(
        421,
        "This server does not go by the name of the Host header. Use its address, localhost, or "
        "the name given with --host.");
  }
  if (comes_from_elsewhere(request)) return plain_response(403, "Asked for by a page of another origin.");
  return access.token.empty() ? std::nullopt : without_token(request, access);
}

Response guarded(Response response) {
  const auto has = [&](std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return header.first == name; });
  };
  if (!has("Content-Security-Policy")) {
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
                                  "data:; connect-src 'self'; frame-src "
                                  "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }
  if (!has("Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.insert(response.headers.end(), {{"X-Content-Type-Options", "nosniff"},
                                                   {"Referrer-Policy", "no-referrer"},
                                                   {"Cross-Origin-Resource-Policy", "same-origin"},
                                                   {"Cross-Origin-Opener-Policy", "same-origin"}});
  return response;
}

}  // namespace segbench::serve
