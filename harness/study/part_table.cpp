// SPDX-License-Identifier: MIT
#include "harness/study/part_table.h"

#include <algorithm>
#include <utility>

namespace segbench::study {

Node part_table(const Node& written, core::PartKind kind) {
  const core::PartSpec* of_lists = core::PartRegistry::instance().list_part(kind);
  if (!written.is_string() && !(written.is_array() && of_lists != nullptr)) return written;
  Node name = written;
  name.key = "name";
  Node table{.key = written.key, .place = written.place, .key_place = written.key_place, .whole = true};
  if (written.is_array()) {
    Node list = std::exchange(name, {.type = NodeType::kString,
                                     .key = "name",
                                     .place = written.place,
                                     .key_place = written.key_place,
                                     .scalar = of_lists->name});
    list.key = of_lists->list_param;
    list.implied = true;
    table.children = {std::move(name), std::move(list)};
  } else {
    table.children = {std::move(name)};
  }
  return table;
}

bool is_word(const Node& written, std::string_view word) {
  const Node* name = written.is_table() ? written.find("name") : &written;
  return name != nullptr && name->is_string() && name->string() == word;
}

const Node* written_list(const Node& table) {
  const auto list = std::find_if(table.children.begin(), table.children.end(),
                                 [](const Node& child) { return child.implied; });
  return list == table.children.end() ? nullptr : &*list;
}

}  // namespace segbench::study
