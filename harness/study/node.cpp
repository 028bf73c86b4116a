// SPDX-License-Identifier: MIT
#include "harness/study/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace segbench::study {
namespace {

constexpr std::size_t kLongestDescription = 60;

/// Cuts within UTF-8 only between characters.
std::string shorten(std::string text) {
  if (text.size() <= kLongestDescription) return text;
  std::size_t end = kLongestDescription;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7F) {
          out += fmt::format("\\u{:04X}", byte);
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string number_text(double value) {
  std::string text = fmt::format("{}", value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

template <typename Items, typename Write>
std::string joined(const char* open, const char* close, const Items& items, Write write) {
  std::string text;
  for (const auto& item : items) {
    const std::string one = write(item);
    if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
  }
  return open + text + close;
}

std::string text_of(const Node& node) {
  switch (node.type) {
    case NodeType::kDate:
      return node.scalar.get<std::string>();
    case NodeType::kArray:
      return joined("[", "]", node.children, text_of);
    case NodeType::kTable:
      return node.children.empty() ? "{}" : joined("{ ", " }", node.children, [](const Node& child) {
        return toml_key(child.key) + " = " + text_of(child);
      });
    default:
      return toml_text(node.scalar);
  }
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  if (!is_table()) return nullptr;
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const Node& n) { return n.key == name; });
  return found == children.end() ? nullptr : &*found;
}

Node* Node::find(std::string_view name) {
  return const_cast<Node*>(std::as_const(*this).find(name));
}

void Node::erase(std::string_view name) {
  std::erase_if(children, [&](const Node& child) { return child.key == name; });
}

core::Json to_json(const Node& node) {
  if (node.is_table()) {
    core::Json object = core::Json::object();
    for (const Node& child : node.children) object[child.key] = to_json(child);
    return object;
  }
  if (node.is_array()) {
    core::Json array = core::Json::array();
    for (const Node& child : node.children) array.push_back(to_json(child));
    return array;
  }
  return node.type == NodeType::kDate ? core::Json::binary({}) : node.scalar;
}

std::string describe(const Node& node) {
  return shorten(text_of(node));
}

std::string toml_text(const core::Json& value) {
  if (value.is_string()) return toml_string(value.get<std::string>());
  if (value.is_number_float()) return number_text(value.get<double>());
  if (value.is_array()) return joined("[", "]", value, toml_text);
  if (!value.is_object()) return value.dump();
  if (value.empty()) return "{}";
  return joined("{ ", " }", value.items(), [](const auto& entry) {
    return entry.value().is_null() ? std::string() : toml_key(entry.key()) + " = " + toml_text(entry.value());
  });
}

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : toml_string(key);
}

}  // namespace segbench::study
