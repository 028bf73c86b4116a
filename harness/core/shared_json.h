// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "harness/core/json.h"

namespace segbench::core {

/// A JSON value that many records have in common: copies share it, and one that is changed gets its own.
/// Reads like the value itself; an object at first.
class SharedJson {
 public:
  SharedJson() : json_(none()) {}
  SharedJson(Json json)  // NOLINT(google-explicit-constructor)
      : json_(std::make_shared<const Json>(std::move(json))) {}

  operator const Json&() const { return *json_; }  // NOLINT(google-explicit-constructor)
  const Json& get() const { return *json_; }
  /// For changing it.
  Json& operator[](const std::string& key) {
    auto own = std::make_shared<Json>(*json_);
    Json& member = (*own)[key];
    json_ = std::move(own);
    return member;
  }

  template <typename Value>
  auto value(const char* key, Value&& otherwise) const {
    return json_->value(key, std::forward<Value>(otherwise));
  }
  template <typename Key>
  const Json& at(const Key& key) const {
    return json_->at(key);
  }
  bool contains(const char* key) const { return json_->contains(key); }
  /// The member; nullptr when there is none.
  const Json* find(const char* key) const {
    const auto found = json_->find(key);
    return found == json_->end() ? nullptr : &*found;
  }
  bool empty() const { return json_->empty(); }
  bool is_object() const { return json_->is_object(); }
  std::string dump() const { return json_->dump(); }

 private:
  static const std::shared_ptr<const Json>& none() {
    static const auto empty = std::make_shared<const Json>(Json::object());
    return empty;
  }

  std::shared_ptr<const Json> json_;
};

}  // namespace segbench::core
