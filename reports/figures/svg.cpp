// SPDX-License-Identifier: MIT
#include "reports/figures/svg.h"

#include <sstream>

#include "harness/core/text.h"

namespace segbench::reports {

std::string svg_text(const pugi::xml_node& element) {
  std::ostringstream text;
  element.print(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

std::string drawn_by(std::string_view svg) {
  constexpr std::string_view kMark = "Produced by ";
  pugi::xml_document file;
  if (!file.load_buffer(svg.data(), svg.size())) return "";
  const std::string_view description = file.child("svg").child("desc").text().get();
  const std::size_t begin = description.find(kMark);
  return begin == std::string_view::npos ? ""
                                         : std::string(core::trim(description.substr(begin + kMark.size())));
}

}  // namespace segbench::reports
