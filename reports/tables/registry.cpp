// SPDX-License-Identifier: MIT
#include <map>
#include <set>

#include "harness/core/error.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

std::map<int, ReportTable>& registry() {
  static std::map<int, ReportTable> tables;
  return tables;
}

}  // namespace

TableRegistration::TableRegistration(ReportTable table) {
  const bool is_new = registry().emplace(table.order, table).second;
  SEGBENCH_CHECK(is_new, "two tables have the order {}", table.order);
}

bool says_something(const text::Table& table) {
  return !table.rows.empty() && table.columns.size() > 1;
}

std::vector<text::Table> all_tables(const ReportModel& model) {
  std::vector<text::Table> tables;
  std::set<std::string> names;
  for (const auto& [order, registered] : registry()) {
    text::Table table = registered.make(model);
    SEGBENCH_CHECK(names.insert(table.name).second, "two tables are called {}", table.name);
    if (says_something(table)) tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<std::pair<std::string, text::Table>> titled_tables(const ReportModel& model) {
  std::vector<std::pair<std::string, text::Table>> tables;
  for (const auto& [order, registered] : registry()) {
    if (registered.title.empty()) continue;
    text::Table table = registered.make(model);
    if (says_something(table)) tables.emplace_back(registered.title, std::move(table));
  }
  return tables;
}

}  // namespace segbench::reports
