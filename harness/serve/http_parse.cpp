// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/serve/http.h"

namespace segbench::serve {
namespace {

constexpr std::size_t kMaxHeaders = 100;
/// Of which a second one could mean something else to whoever stands between.
constexpr std::array<std::string_view, 8> kOnce = {"host",         "content-length", "transfer-encoding",
                                                   "content-type", "authorization",  "cookie",
                                                   "origin",       "expect"};

bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Takes the next line off; each ends with CR LF.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  if (end == std::string_view::npos) throw BadRequest(400, "a line of the head has no end");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  for (const char c : line) {
    if (is_control(c) && c != '\t') throw BadRequest(400, "the head holds control characters");
  }
  return line;
}

void read_target(std::string_view target, Request& request) {
  if (!target.starts_with('/')) throw BadRequest(400, "the target is no path");
  if (target.find('#') != std::string_view::npos) throw BadRequest(400, "the target holds a fragment");
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = decoded(target.substr(0, mark), false);
  std::string_view query = target.substr(std::min(mark + 1, target.size()));
  while (!query.empty()) {
    const std::string_view item = query.substr(0, std::min(query.find('&'), query.size()));
    query.remove_prefix(std::min(item.size() + 1, query.size()));
    const std::size_t equals = std::min(item.find('='), item.size());
    request.query.emplace_back(decoded(item.substr(0, equals), true),
                               decoded(item.substr(std::min(equals + 1, item.size())), true));
  }
}

void read_request_line(std::string_view line, Request& request) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) throw BadRequest(400, "no request line");
  request.method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1), target = line.substr(first + 1, last - first - 1);
  if (!is_token(request.method) || target.find(' ') != std::string_view::npos)
    throw BadRequest(400, "no request line");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") throw BadRequest(505, "this server speaks HTTP/1.1");
  read_target(target, request);
}

void read_header(std::string_view line, Request& request) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, std::min(colon, line.size()));
  if (colon == std::string_view::npos || !is_token(name)) throw BadRequest(400, "a header has no name");
  const std::string key = lower_case(name);
  const std::string value(trimmed(line.substr(colon + 1)));
  const auto [place, is_new] = request.headers.emplace(key, value);
  if (is_new) return;
  if (std::find(kOnce.begin(), kOnce.end(), key) != kOnce.end())
    throw BadRequest(400, fmt::format("the header {} is given twice", key));
  place->second += ", " + value;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  throw BadRequest(400, "an escape is no hexadecimal number");
}

}  // namespace

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) throw BadRequest(400, "an escape is cut off");
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (is_control(c)) throw BadRequest(400, "the target holds control characters");
    plain += c;
  }
  return plain;
}

std::string encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

Request parse_head(std::string_view head) {
  Request request;
  read_request_line(next_line(head), request);
  for (std::string_view line = next_line(head); !line.empty(); line = next_line(head)) {
    if (line.starts_with(' ') || line.starts_with('\t')) throw BadRequest(400, "a header is folded");
    if (request.headers.size() >= kMaxHeaders) throw BadRequest(431, "too many headers");
    read_header(line, request);
  }
  if (!head.empty()) throw BadRequest(400, "something follows the head");
  if (request.header("host").empty()) throw BadRequest(400, "the header Host is missing");
  if (!request.header("transfer-encoding").empty())
    throw BadRequest(411, "send the body with a Content-Length, not in chunks");
  announced_bytes(request);
  return request;
}

std::size_t announced_bytes(const Request& request) {
  const std::string_view text = request.header("content-length");
  if (!request.headers.contains("content-length")) return 0;
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    throw BadRequest(400, "Content-Length is no number of bytes");
  return bytes;
}

}  // namespace segbench::serve
