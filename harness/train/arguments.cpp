// SPDX-License-Identifier: MIT
#include "harness/train/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::train {
namespace {

template <typename Number>
Number parse(const std::string& name, const std::string& text, Number minimum) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= minimum)) {
    throw core::UserError(fmt::format("{} is \"{}\"; it must be {} of at least {}", name, text,
                                      std::is_integral_v<Number> ? "an integer" : "a number", minimum));
  }
  return value;
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, const std::vector<std::string>& allowed) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].rfind("--", 0) != 0) {
      words_.push_back(words[i]);
      continue;
    }
    const std::size_t equals = words[i].find('=');
    const std::string name = words[i].substr(0, equals);
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      throw core::UserError(fmt::format("unknown option {}; known options: {}{}", name,
                                        fmt::join(allowed, ", "), core::did_you_mean(name, allowed)));
    }
    if (equals != std::string::npos) {
      options_.emplace_back(name, words[i].substr(equals + 1));
    } else if (i + 1 < words.size()) {
      options_.emplace_back(name, words[++i]);
    } else {
      throw core::UserError(fmt::format("{}: needs a value", name));
    }
  }
}

std::optional<std::string> Arguments::text(const std::string& name) const {
  const auto found =
      std::find_if(options_.rbegin(), options_.rend(), [&](const auto& o) { return o.first == name; });
  return found == options_.rend() ? std::nullopt : std::optional(found->second);
}

std::string Arguments::required(const std::string& name) const {
  if (const auto found = text(name)) return *found;
  throw core::UserError(fmt::format("{} is missing", name));
}

int Arguments::integer(const std::string& name, int fallback, int minimum) const {
  const auto found = text(name);
  return found ? parse<int>(name, *found, minimum) : fallback;
}

double Arguments::number(const std::string& name, double fallback, double minimum) const {
  const auto found = text(name);
  return found ? parse<double>(name, *found, minimum) : fallback;
}

}  // namespace segbench::train
