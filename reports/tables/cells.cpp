// SPDX-License-Identifier: MIT
#include "reports/tables/cells.h"

#include <fmt/format.h>

#include <chrono>

#include "harness/core/text.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {

text::Cell interval_cell(const Quantity& summary, int digits) {
  text::Cell cell;
  cell.text = summary.interval ? conclusions::interval_text(*summary.interval, digits) : text::kUndefined;
  cell.is_number = true;
  cell.trials = summary.trials;
  if (!summary.interval) cell.note = summary.why_undefined;
  return cell;
}

text::Cell end_cell(const Quantity& summary, double Interval::*end, int digits) {
  std::optional<double> value;
  if (summary.interval) value = (*summary.interval).*end;
  return text::number_cell(value, digits, summary.trials, summary.why_undefined);
}

text::Cell metric_cell(const std::string& metric, const Quantity& summary, int digits) {
  return text::number_cell(summary.mean,
                           summary.mean ? text::metric_value(metric, *summary.mean, digits) : "",
                           summary.trials, summary.why_undefined);
}

text::Cell p_cell(std::optional<double> p, const std::vector<std::string>& trials) {
  return text::number_cell(p, p && *p < 0.0001 ? "< 0.0001" : text::fixed(p.value_or(0), 4), trials,
                           "too few seeds, or no spread");
}

text::Cell duration_cell(const Quantity& seconds) {
  return text::number_cell(
      seconds.mean, seconds.mean ? core::human_duration(std::chrono::duration<double>(*seconds.mean)) : "",
      seconds.trials, seconds.why_undefined);
}

text::Cell bytes_cell(const Quantity& bytes) {
  return text::number_cell(bytes.best.has_value() ? bytes.mean : std::nullopt,
                           bytes.mean ? core::human_bytes(static_cast<std::uint64_t>(*bytes.mean)) : "",
                           bytes.trials, bytes.why_undefined);
}

text::Cell count_cell(std::optional<std::int64_t> count, const std::vector<std::string>& trials) {
  text::Cell cell = text::integer_cell(count, trials);
  if (count) {
    cell.text = core::human_count(static_cast<double>(*count));
    cell.note = text::grouped(*count);
  }
  return cell;
}

text::Cell id_cell(const std::string& id, std::size_t shown) {
  text::Cell cell = text::markup_cell(id, fmt::format("<code>{}</code>", text::escape(id.substr(0, shown))));
  if (id.size() > shown) cell.note = id;
  if (id.empty()) cell = text::Cell(text::kUndefined);
  return cell;
}

}  // namespace segbench::reports
