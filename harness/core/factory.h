// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/error.h"

namespace segbench::core {

/// The implementations of one kind of part by name, beside their torch-free descriptions in the PartRegistry.
/// Filled before main() by file-scope objects and never changed afterwards.
///
///     const LossFactory::Registration registered{"cross_entropy", make_cross_entropy};
///     LossFactory::instance().make("cross_entropy", params, options);
template <typename Product, typename... Arguments>
class Factory {
 public:
  using Make = std::function<std::unique_ptr<Product>(const Arguments&...)>;

  static Factory& instance() {
    static Factory factory;
    return factory;
  }

  struct Registration {
    Registration(const std::string& name, Make make) {
      const bool is_new = instance().makers_.emplace(name, std::move(make)).second;
      SEGBENCH_CHECK(is_new, "{} is registered twice", name);
    }
  };

  std::unique_ptr<Product> make(const std::string& name, const Arguments&... arguments) const {
    const auto found = makers_.find(name);
    SEGBENCH_CHECK(found != makers_.end(), "{} has a description but no implementation", name);
    return found->second(arguments...);
  }

  /// Sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, make] : makers_) names.push_back(name);
    return names;
  }

 private:
  std::map<std::string, Make> makers_;
};

}  // namespace segbench::core
