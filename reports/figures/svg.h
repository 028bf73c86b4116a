// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace segbench::reports {

/// The element as text, without white space between elements.
std::string svg_text(const pugi::xml_node& element);

/// The SVG file of a plot made fit to stand in a page: an own title and description, ids that begin with
/// `name`, colours that follow the page (light or dark). Throws core::UserError when the text is no SVG of
/// gnuplot.
std::string inline_svg(std::string_view svg, const std::string& name, const std::string& title,
                       const std::string& description);

/// The program that drew an SVG file, as it says there: "GNUPLOT 5.4 patchlevel 4". "" when it does not.
std::string drawn_by(std::string_view svg);

}  // namespace segbench::reports
