// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/weights/bytes.h"

// Python's pickle format (protocols 2 to 5; CPython's Lib/pickletools.py describes the opcodes) as far as a
// state_dict needs it. A pickle is a program that may call anything; this reader calls nothing: it knows the
// few names below by what they mean and refuses every other.

namespace segbench::weights {

/// An index into Pickle's values. Values are shared as Python's memo shares them, so a small file cannot
/// unfold into a large tree.
using Ref = std::uint32_t;

struct PickleNone {};
struct PickleOpaque {
  std::string what;  ///< "bytes", "an integer of more than 64 bits": a value that nobody here looks at
};
struct PickleList {
  std::vector<Ref> items;
};
struct PickleTuple {
  std::vector<Ref> items;
};
/// A dict or an OrderedDict, in order.
struct PickleDict {
  std::vector<std::pair<Ref, Ref>> items;
};
/// A class or function by its dotted name, one of those that are allowed.
struct PickleGlobal {
  std::string name;
};
/// A tensor's memory, which stands in another entry of the archive.
struct PickleStorage {
  std::string dtype;  ///< as in safetensors: "F32"
  std::string key;
  std::int64_t values = 0;
};
struct PickleTensor {
  Ref storage = 0;
  std::int64_t offset = 0;  ///< in values
  std::vector<std::int64_t> shape, strides;
};

using PickleValue =
    std::variant<PickleNone, bool, std::int64_t, double, std::string, PickleOpaque, PickleList, PickleTuple,
                 PickleDict, PickleGlobal, PickleStorage, PickleTensor>;

/// What a pickle describes. Throws Malformed naming the byte, the opcode or the global found, and what is
/// allowed.
class Pickle {
 public:
  explicit Pickle(Bytes program);

  Ref root() const { return root_; }
  const PickleValue& at(Ref ref) const { return values_.at(ref); }

 private:
  std::vector<PickleValue> values_;
  Ref root_ = 0;
};

/// "a dict", "a string", …: for messages.
std::string describe(const PickleValue& value);

}  // namespace segbench::weights
