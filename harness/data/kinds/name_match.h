// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace segbench::data {

/// What alone two different names differ in, for people: "in upper and lower case", "in how accented letters
/// are stored (Unicode NFC and NFD)", or both; "" when they differ in more. It tells a cause and pairs
/// nothing.
std::string only_difference(std::string_view a, std::string_view b);

/// Names by what is left of them without case and accents.
class NameIndex {
 public:
  template <typename Value>
  explicit NameIndex(const std::map<std::string, Value>& names) {
    for (const auto& [name, value] : names) add(name);
  }
  /// A name that only_difference() finds near to `name`; "" when there is none.
  std::string nearly_same(const std::string& name) const;

 private:
  void add(const std::string& name);
  std::multimap<std::string, std::string> names_;
};

/// What images' and masks' names have behind the name that they share.
struct Suffixes {
  std::string image, mask;
  bool operator==(const Suffixes&) const = default;
};

/// Suffixes with which every mask finds its image and every image with the suffix its mask: found by trying.
/// Names are without extension. With `together`, both sets are the files of one folder, where the masks are
/// told apart by their suffix. Empty when there are none, or when the names pair as they are.
std::optional<Suffixes> find_suffixes(const std::set<std::string>& images, const std::set<std::string>& masks,
                                      bool together);

}  // namespace segbench::data
