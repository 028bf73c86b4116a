// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace segbench::tests {

/// A start tag of an HTML page.
struct HtmlTag {
  std::string name, attributes;
  /// Value of an attribute, unescaped; "" when it is absent.
  std::string value(std::string_view attribute) const;
};

/// A small strict reader of the HTML that reports write: every element but the void ones is closed in order,
/// every attribute is quoted, no stray "<" stands in text.
struct HtmlPage {
  std::vector<HtmlTag> tags;
  std::vector<std::string> defects;
};
HtmlPage read_html(std::string_view page);

}  // namespace segbench::tests
