// SPDX-License-Identifier: MIT
#include "tests/reports/html_check.h"

#include <regex>
#include <set>

namespace segbench::tests {
namespace {

const std::set<std::string> kVoid = {"meta", "img", "br", "hr", "link", "input", "wbr"};

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':';
}

/// The end of a tag that begins at `begin`: its ">" outside of quotes.
std::size_t tag_end(std::string_view page, std::size_t begin) {
  char quote = 0;
  for (std::size_t i = begin; i < page.size(); ++i) {
    if (quote != 0)
      quote = page[i] == quote ? 0 : quote;
    else if (page[i] == '"' || page[i] == '\'')
      quote = page[i];
    else if (page[i] == '>')
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::string HtmlTag::value(std::string_view attribute) const {
  std::smatch match;
  const std::regex pattern("(?:^|\\s)" + std::string(attribute) + "\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')");
  if (!std::regex_search(attributes, match, pattern)) return "";
  return match[1].matched ? match[1] : match[2];
}

HtmlPage read_html(std::string_view page) {
  HtmlPage result;
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    if (page.substr(at).starts_with("<!DOCTYPE")) continue;
    const std::size_t end = tag_end(page, at);
    if (end == std::string_view::npos) {
      result.defects.push_back("a tag does not end: " + std::string(page.substr(at, 40)));
      break;
    }
    const bool closing = page[at + 1] == '/';
    std::size_t name_end = at + (closing ? 2 : 1);
    while (name_end < end && is_name(page[name_end])) ++name_end;
    const std::string name(page.substr(at + (closing ? 2 : 1), name_end - at - (closing ? 2 : 1)));
    if (name.empty()) {
      result.defects.push_back("a stray \"<\": " + std::string(page.substr(at, 40)));
      continue;
    }
    if (closing) {
      if (open.empty() || open.back() != name)
        result.defects.push_back("</" + name + "> closes " + (open.empty() ? "nothing" : open.back()));
      if (!open.empty()) open.pop_back();
    } else {
      result.tags.push_back({name, std::string(page.substr(name_end, end - name_end))});
      const bool self_closing = page[end - 1] == '/';
      if (!self_closing && !kVoid.contains(name)) open.push_back(name);
      if (name == "script" || name == "style") {  // their content is no markup
        at = page.find("</" + name, end) - 1;
        continue;
      }
    }
    at = end;
  }
  for (const std::string& name : open) result.defects.push_back("<" + name + "> is not closed");
  return result;
}

}  // namespace segbench::tests
