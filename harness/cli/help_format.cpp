// SPDX-License-Identifier: MIT
#include "harness/cli/help_format.h"

#include <string_view>

#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

/// Appends `words` behind the `at` columns that the last line of `text` has, in lines of at most `columns`,
/// all further ones indented. They break at spaces and behind the commas of a choice, {a,b,c}.
std::size_t append_broken(std::string& text, std::string_view words, std::size_t at, std::size_t indent,
                          std::size_t columns) {
  bool is_first = true;
  for (std::size_t begin = 0; begin < words.size();) {
    const bool spaced = words[begin] == ' ';
    if (spaced) ++begin;
    std::size_t end = begin;
    while (end < words.size() && words[end] != ' ' && (end == begin || words[end - 1] != ',')) ++end;
    const std::string_view word = words.substr(begin, end - begin);
    const std::size_t wide = text::width(word);
    begin = end;
    if (!is_first && at + (spaced ? 1 : 0) + wide > columns) {
      text += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (spaced && !is_first) {
      text += ' ', ++at;
    }
    text += word;
    at += wide, is_first = false;
  }
  return at;
}

/// Paragraphs broken anew, and indented lines as they are.
std::string broken_paragraphs(const std::string& given, std::size_t columns) {
  std::string text, paragraph;
  const auto finish = [&] {
    if (paragraph.empty()) return;
    append_broken(text, paragraph, 0, 0, columns);
    text += '\n';
    paragraph.clear();
  };
  for (const std::string& line : core::split(given, '\n')) {
    if (!line.empty() && line[0] != ' ') {
      paragraph += (paragraph.empty() ? "" : " ") + line;
      continue;
    }
    finish();
    text += line + '\n';
  }
  finish();
  return text;
}

}  // namespace

std::string HelpFormat::entry(const std::string& name, const std::string& description) const {
  const std::size_t column = get_column_width();
  std::string text = "  ";
  const std::size_t at = append_broken(text, name, 2, 6, columns_);
  if (!description.empty()) {
    text += at < column ? std::string(column - at, ' ') : "\n" + std::string(column, ' ');
    append_broken(text, description, column, column, columns_);
  }
  return text + "\n";
}

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
  return entry(make_option_name(option, is_positional) + make_option_opts(option), make_option_desc(option));
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  return entry(command->get_display_name(true), command->get_description());
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  return app->get_description().empty() ? "" : broken_paragraphs(app->get_description(), columns_);
}

std::string HelpFormat::make_footer(const CLI::App* app) const {
  return app->get_footer().empty() ? "" : broken_paragraphs(app->get_footer(), columns_);
}

}  // namespace segbench::cli
