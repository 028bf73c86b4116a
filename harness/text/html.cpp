// SPDX-License-Identifier: MIT
#include "harness/text/html.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>

#include "harness/core/text.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"

namespace segbench::text {

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string escape_code(std::string_view text) {
  std::string escaped = escape(text);
  for (std::size_t from = escaped.find('`'); from != std::string::npos; from = escaped.find('`', from)) {
    const std::size_t to = escaped.find('`', from + 1);
    if (to == std::string::npos) break;
    const std::string code = "<code>" + escaped.substr(from + 1, to - from - 1) + "</code>";
    escaped.replace(from, to - from + 1, code);
    from += code.size();
  }
  return escaped;
}

std::string escape_lines(std::string_view text) {
  std::string escaped;
  bool first = true;
  for (const std::string& line : core::split(text, '\n')) {
    if (!first) escaped += '\n';
    escaped += escape(line), first = false;
  }
  return escaped;
}

std::string anchor(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    id += plain ? c : '-';
  }
  return id;
}

std::string trials_attribute(const std::vector<std::string>& trials) {
  if (trials.empty()) return "";
  return fmt::format(" data-trials=\"{}\"", escape(fmt::format("{}", fmt::join(trials, " "))));
}

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) text += k <= n ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace segbench::text
