// SPDX-License-Identifier: MIT
#include "harness/data/codecs/run_lengths.h"

#include <fmt/format.h>

#include <charconv>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::data {
namespace {

/// Where the pixel of a number from 0 lies in a mask that is stored row by row.
std::size_t place_of(std::int64_t number, PixelOrder order, const BinaryMask& mask) {
  if (order == PixelOrder::kRows) return static_cast<std::size_t>(number);
  return static_cast<std::size_t>(number % mask.height * mask.width + number / mask.height);
}

std::vector<std::int64_t> numbers_of(std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (const std::string& word : core::split(std::string(text), ' ')) {
    if (word.empty()) continue;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size())
      throw core::UserError(fmt::format("\"{}\" is no whole number", word.substr(0, 40)));
    numbers.push_back(number);
  }
  return numbers;
}

std::string unquoted(std::string value) {
  value = core::trim(value);
  return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2)
                                                                          : value;
}

}  // namespace

std::string encode_runs(const BinaryMask& mask, PixelOrder order) {
  std::string text;
  std::int64_t length = 0;
  const std::int64_t pixels = mask.height * mask.width;
  for (std::int64_t i = 0; i <= pixels; ++i) {
    if (i < pixels && mask.set[place_of(i, order, mask)] != 0) {
      ++length;
    } else if (length > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : " ", i - length + 1, length);
      length = 0;
    }
  }
  return text;
}

void decode_runs(std::string_view text, PixelOrder order, BinaryMask& mask) {
  const std::vector<std::int64_t> numbers = numbers_of(text);
  if (numbers.size() % 2 != 0)
    throw core::UserError(fmt::format("{} numbers are no pairs of start and length", numbers.size()));
  const std::int64_t pixels = mask.height * mask.width;
  for (std::size_t i = 0, next = 1; i < numbers.size(); i += 2) {
    const std::int64_t start = numbers[i], length = numbers[i + 1];
    if (start < static_cast<std::int64_t>(next))
      throw core::UserError(fmt::format("the run {} {} begins before pixel {}", start, length, next));
    if (length < 1 || length > pixels || start - 1 > pixels - length) {
      throw core::UserError(fmt::format("the run {} {} leaves a mask of {} x {} pixels", start, length,
                                        mask.height, mask.width));
    }
    for (std::int64_t number = start - 1; number < start - 1 + length; ++number)
      mask.set[place_of(number, order, mask)] = 1;
    next = static_cast<std::size_t>(start + length);
  }
}

std::string submission_text(const Submission& submission) {
  std::string text = submission.header + '\n';
  for (const Submission::Line& line : submission.lines) text += line.name + ',' + line.runs + '\n';
  return text;
}

Submission read_submission(std::string_view text, const std::string& file) {
  Submission submission;
  submission.header.clear();
  int number = 0;
  for (const std::string& line : core::split(std::string(text), '\n')) {
    ++number;
    if (core::trim(line).empty()) continue;
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) {
      throw core::UserError(fmt::format("{}:{}: \"{}\" has no comma; a line is a name and its runs", file,
                                        number, core::trim(line).substr(0, 40)));
    }
    if (submission.header.empty())
      submission.header = core::trim(line);
    else
      submission.lines.push_back({unquoted(line.substr(0, comma)), unquoted(line.substr(comma + 1))});
  }
  return submission;
}

}  // namespace segbench::data
