// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// HTTP/1.1 as a page on this machine needs it (RFC 9110, RFC 9112): one request a connection, bodies of a
// length that is told, nothing that is decoded, compressed or cut into ranges. docs/adr/0006 says why it is
// ours.

namespace segbench::serve {

struct Request {
  std::string method;                                      ///< GET, HEAD, POST, …
  std::string path;                                        ///< decoded; begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  std::map<std::string, std::string> headers;              ///< by name in lower case
  std::string body;

  /// "" where there is none.
  std::string_view header(const std::string& name) const;
  /// The first value of a parameter; "" where there is none.
  std::string value(std::string_view name) const;
  /// All values of a parameter.
  std::vector<std::string> values(std::string_view name) const;
  /// One of the cookies of the header; "" where there is none.
  std::string cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// "Not Found".
std::string_view reason_phrase(int status);
Response plain_response(int status, std::string text);
Response json_response(int status, const std::string& json);
/// See Other.
Response redirect(std::string place);

/// What a request is refused with; caught where the connection is served.
struct BadRequest : std::runtime_error {
  BadRequest(int refused_with, const std::string& why) : std::runtime_error(why), status(refused_with) {}
  int status;
};

/// Reads the head of a request: all up to and with the empty line. Throws BadRequest for whatever is not
/// plain and unambiguous: folded or repeated headers that matter, a body without a length, control
/// characters, bad escapes.
Request parse_head(std::string_view head);
/// Bytes of the body that a request announces; 0 without.
std::size_t announced_bytes(const Request& request);

/// What stands before the body of a response: status line and headers, with the empty line.
std::string head_of(const Response& response);

/// "%2e" to "."; throws BadRequest for what is no escape, and for control characters.
std::string decoded(std::string_view text, bool plus_is_space);
/// Everything but letters, digits and "-._~" as escapes: for a value within a link.
std::string encoded(std::string_view text);

}  // namespace segbench::serve
