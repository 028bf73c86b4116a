// SPDX-License-Identifier: MIT
#include "results/conclusions/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/text/html.h"
#include "harness/text/utf8.h"

namespace segbench::conclusions {
namespace {

using core::Json;

constexpr const char* kWorstFirst[] = {"refuted", "not comparable", "inconclusive"};

std::string worst_of(const std::vector<std::string>& outcomes) {
  for (const char* outcome : kWorstFirst) {
    if (std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end()) return outcome;
  }
  return "held";
}

/// The conditions of one line: "small is better than …: held, because …".
std::string lines_of(const GateItem& item) {
  std::string text;
  for (const ClaimResult& condition : item.conditions)
    text += fmt::format("{}: {} ({})\n", condition.text, condition.outcome, condition.why);
  return text;
}

}  // namespace

std::vector<GateItem> items_of(const std::vector<ClaimResult>& claims) {
  std::vector<GateItem> items;
  for (const ClaimResult& condition : claims) {
    const std::string name = fmt::format("claim {}", condition.claim);
    if (items.empty() || items.back().name != name)
      items.push_back({.name = name, .outcome = "", .conditions = {}});
    items.back().conditions.push_back(condition);
  }
  for (GateItem& item : items) {
    std::vector<std::string> outcomes;
    for (const ClaimResult& condition : item.conditions)
      outcomes.push_back(condition.outcome == "not decided" ? "inconclusive" : condition.outcome);
    item.outcome = worst_of(outcomes);
  }
  return items;
}

std::string outcome_of(const Gate& gate) {
  std::vector<std::string> outcomes;
  for (const GateItem& item : gate.items) outcomes.push_back(item.outcome);
  return worst_of(outcomes);
}

int exit_code_of(const Gate& gate) {
  const std::string outcome = outcome_of(gate);
  if (outcome == "refuted") return core::kTrialFailed;
  if (outcome == "not comparable") return core::kNotComparable;
  return outcome == "inconclusive" ? core::kInconclusive : core::kSuccess;
}

Json to_json(const Gate& gate) {
  Json items = Json::array();
  for (const GateItem& item : gate.items) {
    Json conditions = Json::array();
    for (const ClaimResult& condition : item.conditions) conditions.push_back(claim_json(condition));
    items.push_back({{"name", item.name}, {"outcome", item.outcome}, {"conditions", conditions}});
  }
  return {{"study", gate.study},
          {"outcome", outcome_of(gate)},
          {"exit_code", exit_code_of(gate)},
          {"allowed", gate.allowed},
          {"items", items}};
}

std::string to_junit(const Gate& gate) {
  const auto count = [&](const auto& is_counted) {
    return std::count_if(gate.items.begin(), gate.items.end(), is_counted);
  };
  const auto failures = count([](const GateItem& item) { return item.outcome == "refuted"; });
  const auto errors =
      count([](const GateItem& item) { return item.outcome != "refuted" && item.outcome != "held"; });
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"segbench {}\" "
      "tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\">\n",
      text::escape(gate.study), gate.items.size(), failures, errors);
  for (const GateItem& item : gate.items) {
    xml += fmt::format("<testcase classname=\"{}\" name=\"{}: {}\">", text::escape(gate.study), item.name,
                       text::escape(text::clean(item.conditions.at(0).text)));
    const char* element = item.outcome == "refuted" ? "failure"
                          : item.outcome == "held"  ? "system-out"
                                                    : "error";
    const std::string type =
        item.outcome == "held" ? "" : fmt::format(" type=\"{0}\" message=\"{0}\"", item.outcome);
    xml += fmt::format("<{0}{1}>{2}</{0}></testcase>\n", element, type, text::escape_lines(lines_of(item)));
  }
  return xml + "</testsuite>\n</testsuites>\n";
}

}  // namespace segbench::conclusions
