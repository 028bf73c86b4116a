// SPDX-License-Identifier: MIT
#include "harness/cli/data_output.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <numeric>

#include "harness/cli/terminal.h"

namespace segbench::cli {
namespace {

using core::Json;

constexpr std::array<const char*, 3> kSplits = {"train", "selection", "test"};

/// Fraction in percent; null for 0 of 0.
Json percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return nullptr;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

data::Progress terminal_progress(const std::string& label) {
  if (!is_live_terminal()) return {};
  using Clock = std::chrono::steady_clock;
  return [label, last = Clock::time_point{}](std::int64_t done, std::int64_t total) mutable {
    const Clock::time_point now = Clock::now();
    if (done < total && now - last < std::chrono::milliseconds(100)) return;
    last = now;
    fmt::print(stderr, "\r{}: {} of {}{}", label, done, total, done == total ? "\r\x1b[K" : "");
    std::fflush(stderr);
  };
}

Table class_table(const data::AuditReport& report) {
  Table table;
  table.columns.push_back({.key = "class"});
  for (const char* split : kSplits) {
    table.columns.push_back(number_column(fmt::format("{}_pixels", split)));
    table.columns.push_back(number_column(fmt::format("{}_percent", split), 2));
  }
  for (std::size_t c = 0; c <= report.classes.size(); ++c) {
    const bool is_void = c == report.classes.size();
    std::vector<Cell> row = {is_void ? Json("(void)") : Json(report.classes[c].name)};
    for (const char* split : kSplits) {
      const auto found = report.class_pixels.find(split);
      if (found == report.class_pixels.end()) {
        row.insert(row.end(), {nullptr, nullptr});
        continue;
      }
      const std::vector<std::int64_t>& pixels = found->second;
      const std::int64_t all = std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0});
      row.push_back(pixels[c]);
      row.push_back(percent(pixels[c], all));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string finding_lines(const data::AuditReport& report) {
  std::string text;
  for (const bool refusing : {true, false}) {
    for (const core::Problem& problem : data::problems_of(report, refusing)) {
      text += fmt::format("{}: {}\n", refusing ? "refused" : "warning", problem.to_string());
    }
  }
  return text;
}

}  // namespace segbench::cli
