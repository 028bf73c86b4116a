// SPDX-License-Identifier: MIT
#include "harness/trial/log_chain.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>

namespace segbench::trial {
namespace {

constexpr std::string_view kKey = R"(,"chain":")";
constexpr std::string_view kEnd = "\"}";
constexpr std::size_t kDigits = 16;
constexpr std::size_t kSuffix = kKey.size() + kDigits + kEnd.size();

static_assert(std::endian::native == std::endian::little);

std::uint64_t hash_line(std::uint64_t state, std::string_view line) {
  state += line.size();
  const auto mix = [&state](std::uint64_t word) {
    state = (state ^ word) * 0x9E3779B97F4A7C15U;
    state ^= state >> 32;
  };
  const char* place = line.data();
  const char* const end = place + line.size();
  for (; end - place >= 8; place += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, place, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  if (end > place) std::memcpy(&word, place, static_cast<std::size_t>(end - place));
  mix(word);
  return state;
}

/// The chain of a line; empty when it has none.
std::optional<std::uint64_t> chain_of(std::string_view line) {
  if (line.size() <= kSuffix || !line.ends_with(kEnd)) return std::nullopt;
  const std::string_view suffix = line.substr(line.size() - kSuffix);
  if (!suffix.starts_with(kKey)) return std::nullopt;
  const char* const digits = suffix.data() + kKey.size();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits, digits + kDigits, value, 16);
  return error == std::errc() && end == digits + kDigits ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string LogChain::seal(std::string line) {
  line.pop_back();  // the closing brace
  state_ = hash_line(state_, line);
  begun_ = true;
  return fmt::format("{}{}{:016x}{}", line, kKey, state_, kEnd);
}

bool LogChain::accept(std::string_view line) {
  const std::optional<std::uint64_t> chain = chain_of(line);
  state_ = hash_line(state_, chain ? line.substr(0, line.size() - kSuffix) : line);
  if (!chain) return !begun_;
  begun_ = true;
  return *chain == state_;
}

}  // namespace segbench::trial
