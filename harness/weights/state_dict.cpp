// SPDX-License-Identifier: MIT
#include "harness/weights/state_dict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "harness/weights/pickle.h"

namespace segbench::weights {
namespace {

/// Where training scripts put the network's state_dict in a checkpoint.
constexpr std::array<std::string_view, 7> kUsualKeys = {"state_dict", "model_state_dict", "model", "network",
                                                        "net",        "weights",          "module"};

/// The archive's one folder, in which "data.pkl" stands.
std::string find_root(const ZipArchive& archive) {
  std::optional<std::string> root;
  for (const auto& [name, entry] : archive.entries()) {
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos || name.substr(slash) != "/data.pkl") continue;
    if (root) throw Malformed("it holds two files data.pkl");
    root = name.substr(0, slash);
  }
  if (!root) throw Malformed("it is a zip archive without data.pkl, so torch.save did not write it");
  if (archive.entries().contains(*root + "/constants.pkl")) {
    throw Malformed(
        "it is a TorchScript module, not a state_dict; to run the module itself, set model.architecture = "
        "\"torchscript\" and model.file");
  }
  if (archive.entries().contains(*root + "/byteorder")) {
    const Bytes order = archive.content(*root + "/byteorder");
    const std::string text(reinterpret_cast<const char*>(order.data()), order.size());
    if (text != "little")
      throw Malformed(
          fmt::format("it has the byte order {}; only little-endian files are supported", printable(text)));
  }
  return *root;
}

/// Reads tensors of one pickle; each storage is looked up and checked once.
class Reader {
 public:
  Reader(const ZipArchive& archive, std::string root)
      : archive_(archive), root_(std::move(root)), pickle_(archive.content(root_ + "/data.pkl")) {}

  StateDict read() {
    const auto* top = std::get_if<PickleDict>(&pickle_.at(pickle_.root()));
    if (top == nullptr) {
      throw Malformed(fmt::format("its top level is {}, but must be a dict of tensors{}",
                                  describe(pickle_.at(pickle_.root())),
                                  std::holds_alternative<PickleTensor>(pickle_.at(pickle_.root()))
                                      ? ""
                                      : ", as model.state_dict() returns it"));
    }
    const bool flat = std::any_of(top->items.begin(), top->items.end(), [&](const auto& item) {
      return std::holds_alternative<PickleTensor>(pickle_.at(item.second));
    });
    StateDict result;
    if (!flat) top = nested(*top, result.found_under);
    for (const auto& [key, value] : top->items) add(key, value, result);
    return result;
  }

 private:
  std::string key_text(Ref key) const {
    const auto* text = std::get_if<std::string>(&pickle_.at(key));
    return text == nullptr ? describe(pickle_.at(key)) : printable(*text);
  }

  /// The one dict of tensors in a checkpoint that is called as usual.
  const PickleDict* nested(const PickleDict& top, std::string& name) const {
    const PickleDict* found = nullptr;
    std::vector<std::string> others;
    for (const auto& [key, value] : top.items) {
      const std::string text = key_text(key);
      const auto* dict = std::get_if<PickleDict>(&pickle_.at(value));
      const bool usual = std::find(kUsualKeys.begin(), kUsualKeys.end(), text) != kUsualKeys.end();
      if (dict == nullptr || !usual || dict->items.empty()) {
        others.push_back(text);
        continue;
      }
      if (found != nullptr) {
        throw Malformed(
            fmt::format("it has state_dicts under \"{}\" and \"{}\", but must have only one", name, text));
      }
      found = dict;
      name = text;
    }
    if (found != nullptr) return found;
    others.resize(std::min<std::size_t>(others.size(), 8));
    throw Malformed(fmt::format(
        "it has no tensors: a dict with {}, but tensors must be at the top level or under one of: {}",
        others.empty() ? "nothing in it" : fmt::format("{}", fmt::join(others, ", ")),
        fmt::join(kUsualKeys, ", ")));
  }

  void add(Ref key, Ref value, StateDict& result) {
    const auto* name = std::get_if<std::string>(&pickle_.at(key));
    const auto* tensor = std::get_if<PickleTensor>(&pickle_.at(value));
    if (name == nullptr)
      throw Malformed(fmt::format("it has {} as a key, but keys must be strings", describe(pickle_.at(key))));
    if (tensor == nullptr) {
      throw Malformed(fmt::format("{} is {}, not a tensor", printable(*name), describe(pickle_.at(value))));
    }
    try {
      if (!result.tensors.emplace(*name, read_tensor(*tensor)).second) throw Malformed("stands there twice");
    } catch (const Malformed& error) {
      throw Malformed(fmt::format("{}: {}", printable(*name), error.what()));
    }
  }

  Bytes storage(const PickleStorage& described) {
    const std::string name = fmt::format("{}/data/{}", root_, described.key);
    auto [found, fresh] = storages_.try_emplace(name);
    if (fresh) found->second = archive_.content(name);
    std::int64_t bytes = 0;
    if (described.values < 0 ||
        __builtin_mul_overflow(described.values, dtype_bytes(described.dtype), &bytes) ||
        static_cast<std::uint64_t>(bytes) != found->second.size()) {
      throw Malformed(fmt::format("its storage {} is said to hold {} values of type {}, but has {} bytes",
                                  printable(described.key, 40), described.values, described.dtype,
                                  found->second.size()));
    }
    return found->second;
  }

  Tensor read_tensor(const PickleTensor& described) {
    const auto& kept = std::get<PickleStorage>(pickle_.at(described.storage));
    const Bytes bytes = storage(kept);
    Tensor tensor{.dtype = kept.dtype, .shape = described.shape, .strides = described.strides, .data = {}};
    std::int64_t count = 1, last = described.offset;
    bool sound = described.offset >= 0 && described.offset <= kept.values, empty = false;
    for (std::size_t i = 0; i < tensor.shape.size() && sound; ++i) {
      sound = tensor.shape[i] >= 0 && tensor.strides[i] >= 0;
      empty = empty || tensor.shape[i] == 0;
    }
    for (std::size_t i = 0; i < tensor.shape.size() && sound && !empty; ++i) {
      std::int64_t reach = 0;
      sound = !__builtin_mul_overflow(count, tensor.shape[i], &count) &&
              !__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &reach) &&
              !__builtin_add_overflow(last, reach, &last);
    }
    // More values than the storage holds would be one value many times: small files must not become large.
    if (!sound || (!empty && (last >= kept.values || count > kept.values))) {
      throw Malformed(fmt::format(
          "shape [{}], strides [{}] and offset {} do not fit into its storage of {} values",
          fmt::join(tensor.shape, ", "), fmt::join(tensor.strides, ", "), described.offset, kept.values));
    }
    const auto size = static_cast<std::uint64_t>(dtype_bytes(tensor.dtype));
    if (!empty) {
      tensor.data = bytes.subspan(static_cast<std::uint64_t>(described.offset) * size,
                                  static_cast<std::uint64_t>(last - described.offset + 1) * size);
    }
    return tensor;
  }

  const ZipArchive& archive_;
  std::string root_;
  Pickle pickle_;
  std::map<std::string, Bytes> storages_;
};

}  // namespace

StateDict read_state_dict(const ZipArchive& archive) {
  return Reader(archive, find_root(archive)).read();
}

}  // namespace segbench::weights
