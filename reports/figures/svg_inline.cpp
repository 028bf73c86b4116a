// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>
#include <utility>

#include "harness/core/error.h"
#include "harness/text/html.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"

namespace segbench::reports {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    result.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  result.append(text, begin);
  text = std::move(result);
}

/// Removes every `open` … `close`, both included.
void remove_all(std::string& text, std::string_view open, std::string_view close) {
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, begin)) {
    const std::size_t end = text.find(close, at);
    if (end == std::string::npos) break;
    result.append(text, begin, at - begin);
    begin = end + close.size();
  }
  result.append(text, begin);
  text = std::move(result);
}

/// gnuplot pads the numbers within "rgb(  0, 114, 178)", but not everywhere.
void tighten_colours(std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 4, "rgb(") != 0) {
      result += text[i++];
      continue;
    }
    while (i < text.size() && text[i] != ')') {
      if (text[i] != ' ') result += text[i];
      ++i;
    }
  }
  text = std::move(result);
}

std::string rgb(const std::string& hex) {
  const auto channel = [&](std::size_t at) { return std::stoi(hex.substr(at, 2), nullptr, 16); };
  return fmt::format("rgb({},{},{})", channel(1), channel(3), channel(5));
}

/// Drawing groups that hold nothing.
void drop_empty_groups(std::string& text) {
  constexpr std::string_view kOpen = "<g fill=\"none\"";
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string::npos) break;
    const std::size_t next = text.find_first_not_of(" \n\t", end + 1);
    if (next == std::string::npos || text.compare(next, 4, "</g>") != 0) continue;
    result.append(text, begin, at - begin);
    begin = next + 4;
  }
  result.append(text, begin);
  text = std::move(result);
}

}  // namespace

std::string inline_svg(std::string_view svg, const std::string& name, const std::string& title,
                       const std::string& description) {
  const std::size_t open = svg.find("<svg"), box = svg.find("viewBox=\"");
  const std::size_t body = open == std::string_view::npos ? open : svg.find('>', open);
  const std::size_t close = svg.rfind("</svg>");
  if (box == std::string_view::npos || body == std::string_view::npos || close == std::string_view::npos) {
    throw core::UserError(fmt::format("{}.svg: not an SVG drawn by gnuplot", name));
  }
  const std::size_t box_begin = box + 9;
  const std::string view_box(svg.substr(box_begin, svg.find('"', box_begin) - box_begin));
  std::string content(svg.substr(body + 1, close - body - 1));
  remove_all(content, "<title>", "</title>");
  remove_all(content, "<desc>", "</desc>");
  remove_all(content, "<filter", "</filter>");
  tighten_colours(content);
  const std::array<std::pair<std::string, std::string>, 6> themed = {{{rgb(kInk), "currentColor"},
                                                                      {rgb(kMuted), "var(--muted)"},
                                                                      {rgb(kRule), "var(--grid)"},
                                                                      {rgb(kQuiet), "var(--quiet)"},
                                                                      {rgb(kAccent), "var(--accent)"},
                                                                      {"\"black\"", "\"currentColor\""}}};
  for (const auto& [from, to] : themed) replace_all(content, from, to);
  drop_empty_groups(content);
  replace_all(content, "id=\"", "id=\"" + name + "-");
  replace_all(content, "id='", "id='" + name + "-");
  replace_all(content, "xlink:href='#", "href='#" + name + "-");
  replace_all(content, " font-family=\"sans-serif\" font-size=\"13.00\" ", "");
  return fmt::format(
      "<svg viewBox=\"{0}\" role=\"img\" aria-labelledby=\"{1}-title {1}-text\"><title "
      "id=\"{1}-title\">{2}</title>"
      "<desc id=\"{1}-text\">{3}</desc>{4}</svg>",
      view_box, name, text::escape(title), text::escape(description), content);
}

}  // namespace segbench::reports
