// SPDX-License-Identifier: MIT
#include "harness/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

constexpr std::size_t kDefaultWidth = 80, kDefaultHeight = 24;

std::optional<std::size_t> number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  const long value = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return value > 0 ? std::optional(static_cast<std::size_t>(value)) : std::nullopt;
}

}  // namespace

bool is_live_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

bool use_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_live_terminal() && (no_colour == nullptr || *no_colour == '\0');
}

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kDefaultWidth;
}

std::size_t output_width() {
  if (const auto columns = number_in_environment("COLUMNS")) return *columns;
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kDefaultWidth;
}

std::size_t output_height() {
  if (const auto lines = number_in_environment("LINES")) return *lines;
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : kDefaultHeight;
}

std::string bar(double fraction, std::size_t width) {
  static constexpr std::array<const char*, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
  const auto eighths = static_cast<std::size_t>(clamped * static_cast<double>(width) * 8);
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  text += kEighths[eighths % 8];
  return text::padded(text, width);
}

}  // namespace segbench::cli
