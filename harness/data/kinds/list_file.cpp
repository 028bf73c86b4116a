// SPDX-License-Identifier: MIT
#include "harness/data/kinds/list_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"

namespace segbench::data {
namespace {

enum class TextForm { kUtf8, kUtf16Little, kUtf16Big };

/// By the byte order mark; without one, text of mostly Latin letters has a zero in every second byte.
TextForm form_of(const std::string& bytes) {
  if (bytes.starts_with("\xFF\xFE")) return TextForm::kUtf16Little;
  if (bytes.starts_with("\xFE\xFF")) return TextForm::kUtf16Big;
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++(i % 2 == 0 ? even : odd);
  }
  if (even == 0 && 3 * odd > bytes.size()) return TextForm::kUtf16Little;
  if (odd == 0 && 3 * even > bytes.size()) return TextForm::kUtf16Big;
  return TextForm::kUtf8;
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)),
        put(0x80 | (code & 0x3F));
  }
}

std::string from_utf16(const std::string& bytes, bool little) {
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<std::uint8_t>(bytes[i]), second = static_cast<std::uint8_t>(bytes[i + 1]);
    return static_cast<std::uint32_t>(little ? second << 8 | first : first << 8 | second);
  };
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    const bool pair = code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.size();
    if (pair && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

std::string unquoted(const std::string& text) {
  const bool quoted =
      text.size() > 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::string list_text(std::string bytes) {
  const TextForm form = form_of(bytes);
  std::string text =
      form == TextForm::kUtf8 ? std::move(bytes) : from_utf16(bytes, form == TextForm::kUtf16Little);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.find('\0') != std::string::npos) throw core::UserError("this is no text file");
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      lines += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      lines += '\n';
  }
  return lines;
}

std::vector<ListLine> read_list(const std::filesystem::path& root, const std::filesystem::path& list) {
  std::string text;
  try {
    text = list_text(core::read_file(root / list));
  } catch (const core::UserError& error) {
    const std::string what = error.what();
    const std::string file = (root / list).string();
    throw core::UserError(what.find(file) == std::string::npos ? fmt::format("{}: {}", file, what) : what);
  }
  std::vector<ListLine> lines;
  int number = 0;
  for (const std::string& raw : core::split(text, '\n')) {
    ++number;
    ListLine line{.number = number, .text = trimmed(raw), .words = {}, .comment = false};
    if (line.text.empty()) continue;
    line.comment = line.text.front() == '#';
    std::string word;
    for (const char c : line.text + ' ') {
      if (c != ' ' && c != '\t')
        word += c;
      else if (!word.empty())
        line.words.push_back(std::exchange(word, ""));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<ListEntry> entries_of(const ListLine& line) {
  std::vector<ListEntry> entries = {{unquoted(line.text), ""}};
  for (const char* separators : {"\t", ",", ";", " \t"}) {
    const std::size_t end = line.text.find_first_of(separators);
    if (end == std::string::npos) continue;
    const std::string rest = trimmed(std::string_view(line.text).substr(end + 1));
    entries.push_back({unquoted(trimmed(line.text.substr(0, end))),
                       unquoted(trimmed(rest.substr(0, rest.find_first_of(separators))))});
  }
  return entries;
}

std::vector<std::string> names_of_entry(std::string_view entry) {
  std::vector<std::string> names;
  std::string path(entry);
  const auto add = [&] {
    for (std::string rest = path; !rest.empty();) {
      names.push_back(rest);
      const std::size_t slash = rest.find('/'), dot = rest.rfind('.');
      if (dot != std::string::npos && dot > 0 && rest.find('/', dot) == std::string::npos)
        names.push_back(rest.substr(0, dot));
      rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
    }
  };
  add();
  if (path.find('\\') != std::string::npos) {
    std::replace(path.begin(), path.end(), '\\', '/');
    add();
  }
  return names;
}

}  // namespace segbench::data
