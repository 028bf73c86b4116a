// SPDX-License-Identifier: MIT
#include "harness/serve/http.h"

#include <fmt/format.h>

#include <algorithm>

namespace segbench::serve {

std::string_view Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string Request::value(std::string_view name) const {
  const auto found =
      std::find_if(query.begin(), query.end(), [&](const auto& item) { return item.first == name; });
  return found == query.end() ? "" : found->second;
}

std::vector<std::string> Request::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [key, text] : query) {
    if (key == name) found.push_back(text);
  }
  return found;
}

std::string Request::cookie(std::string_view name) const {
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    if (item.size() > name.size() && item.starts_with(name) && item[name.size()] == '=')
      return std::string(item.substr(name.size() + 1));
  }
  return "";
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

Response plain_response(int status, std::string text) {
  return {.status = status, .type = "text/plain; charset=utf-8", .body = std::move(text) + '\n'};
}

Response json_response(int status, const std::string& json) {
  return {.status = status, .type = "application/json", .body = json + '\n'};
}

Response redirect(std::string place) {
  Response response = plain_response(303, "see " + place);
  response.headers.emplace_back("Location", std::move(place));
  return response;
}

std::string head_of(const Response& response) {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
                  response.status, reason_phrase(response.status), response.type, response.body.size());
  for (const auto& [name, text] : response.headers) head += fmt::format("{}: {}\r\n", name, text);
  return head + "\r\n";
}

}  // namespace segbench::serve
