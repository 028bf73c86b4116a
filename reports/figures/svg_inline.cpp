// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <sstream>
#include <vector>

#include "harness/core/error.h"
#include "harness/text/utf8.h"
#include "reports/figures/palette.h"
#include "reports/figures/svg.h"

namespace segbench::reports {
namespace {

std::string rgb(const std::string& hex) {
  const auto channel = [&](std::size_t at) { return std::stoi(hex.substr(at, 2), nullptr, 16); };
  return fmt::format("rgb({},{},{})", channel(1), channel(3), channel(5));
}

/// Colours that follow the page. gnuplot pads the numbers within "rgb(  0, 114, 178)", but not everywhere.
std::string themed(std::string value) {
  static const std::map<std::string, std::string> kColours = {
      {rgb(kInk), "currentColor"},   {rgb(kMuted), "var(--muted)"},   {rgb(kRule), "var(--grid)"},
      {rgb(kQuiet), "var(--quiet)"}, {rgb(kAccent), "var(--accent)"}, {"black", "currentColor"}};
  if (value.starts_with("rgb(")) std::erase(value, ' ');
  const auto colour = kColours.find(value);
  return colour == kColours.end() ? value : colour->second;
}

void adapt_attributes(pugi::xml_node element, const std::string& name) {
  for (pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view key = attribute.name();
    const std::string value = attribute.value();
    if (key == "id") {
      attribute.set_value((name + "-" + value).c_str());
    } else if (key == "xlink:href" && value.starts_with('#')) {
      attribute.set_name("href");
      attribute.set_value(("#" + name + "-" + value.substr(1)).c_str());
    } else {
      attribute.set_value(themed(value).c_str());
    }
  }
  // The page's own font, unless a plot asks for another.
  if (element.attribute("font-family").value() == std::string_view("sans-serif") &&
      element.attribute("font-size").value() == std::string_view("13.00")) {
    element.remove_attribute("font-family");
    element.remove_attribute("font-size");
  }
}

/// What the page does not need: gnuplot's own titles, its filters, groups that hold nothing.
bool is_superfluous(const pugi::xml_node& element) {
  const std::string_view name = element.name();
  return name == "title" || name == "desc" || name == "filter" || (name == "g" && !element.first_child());
}

void adapt(pugi::xml_node element, const std::string& name) {
  adapt_attributes(element, name);
  std::vector<pugi::xml_node> children(element.begin(), element.end());
  for (pugi::xml_node child : children) {
    adapt(child, name);
    if (is_superfluous(child)) element.remove_child(child);
  }
}

/// Third number of a view box; 0 where there is none.
double drawn_width(const std::string& view_box) {
  double x = 0, y = 0, width = 0;
  std::istringstream numbers(view_box);
  numbers >> x >> y >> width;
  return numbers.fail() ? 0 : width;
}

void append_text(pugi::xml_node svg, const char* element, const std::string& id, const std::string& text) {
  pugi::xml_node node = svg.append_child(element);
  node.append_attribute("id") = id.c_str();
  node.text().set(text::clean(text).c_str());
}

}  // namespace

std::string inline_svg(std::string_view svg, const std::string& name, const std::string& title,
                       const std::string& description) {
  pugi::xml_document file;
  const bool is_xml = static_cast<bool>(file.load_buffer(svg.data(), svg.size()));
  const pugi::xml_node drawing = file.child("svg");
  if (!is_xml || !drawing.attribute("viewBox"))
    throw core::UserError(fmt::format("{}.svg: not an SVG drawn by gnuplot", name));
  pugi::xml_document page;
  pugi::xml_node root = page.append_child("svg");
  root.append_attribute("viewBox") = drawing.attribute("viewBox").value();
  if (const double width = drawn_width(drawing.attribute("viewBox").value()); width > 0)
    root.append_attribute("style") = fmt::format("max-width:{:.0f}px", 1.15 * width).c_str();
  root.append_attribute("role") = "img";
  root.append_attribute("aria-labelledby") = fmt::format("{0}-title {0}-text", name).c_str();
  append_text(root, "title", name + "-title", title);
  append_text(root, "desc", name + "-text", description);
  for (const pugi::xml_node& child : drawing.children()) {
    if (is_superfluous(child)) continue;
    pugi::xml_node copy = root.append_copy(child);
    adapt(copy, name);
    if (is_superfluous(copy)) root.remove_child(copy);
  }
  return svg_text(root);
}

}  // namespace segbench::reports
