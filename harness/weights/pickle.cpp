// SPDX-License-Identifier: MIT
#include "harness/weights/pickle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <unordered_map>

namespace segbench::weights {
namespace {

constexpr std::size_t kLargestProgram = std::size_t{16} << 20;
constexpr std::size_t kMostValues = 2'000'000;
constexpr std::size_t kMostDimensions = 64;

constexpr const char* kOrderedDict = "collections.OrderedDict";
constexpr const char* kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* kRebuildParameter = "torch._utils._rebuild_parameter";

const std::map<std::string, std::string>& storage_dtypes() {
  static const std::map<std::string, std::string> kDtypes = {
      {"torch.FloatStorage", "F32"}, {"torch.DoubleStorage", "F64"},    {"torch.HalfStorage", "F16"},
      {"torch.LongStorage", "I64"},  {"torch.BFloat16Storage", "BF16"}, {"torch.IntStorage", "I32"},
      {"torch.ShortStorage", "I16"}, {"torch.CharStorage", "I8"},       {"torch.ByteStorage", "U8"},
      {"torch.BoolStorage", "BOOL"}};
  return kDtypes;
}

bool is_allowed(const std::string& global) {
  return global == kOrderedDict || global == kRebuildTensor || global == kRebuildParameter ||
         storage_dtypes().contains(global);
}

/// The stack machine. Every value is one of `values_`; the stack and the memo hold references.
class Machine {
 public:
  Machine(Bytes program, std::vector<PickleValue>& values) : reader_(program), values_(values) {}

  Ref run() {
    while (true) {
      at_ = reader_.position();
      const auto opcode = reader_.number<std::uint8_t>();
      if (opcode == '.') return pop();
      if (!structure(opcode) && !scalar(opcode) && !text(opcode) && !memory(opcode) && !call(opcode)) {
        fail(fmt::format(
            "unsupported opcode 0x{:02x}{}, which no state_dict needs", opcode,
            opcode >= 0x20 && opcode < 0x7f ? fmt::format(" ('{}')", static_cast<char>(opcode)) : ""));
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Malformed(fmt::format("its pickle, byte {}: {}", at_, what));
  }

  void push(PickleValue value) {
    if (values_.size() >= kMostValues) fail(fmt::format("more than {} values", kMostValues));
    values_.push_back(std::move(value));
    stack_.push_back(static_cast<Ref>(values_.size() - 1));
  }
  void push_ref(Ref ref) { stack_.push_back(ref); }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Ref pop() {
    if (stack_.size() <= floor()) fail("the stack is empty where a value is needed");
    const Ref top = stack_.back();
    stack_.pop_back();
    return top;
  }
  Ref top() const {
    if (stack_.size() <= floor()) fail("the stack is empty where a value is needed");
    return stack_.back();
  }
  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) fail("the stack has no mark where one is needed");
    std::vector<Ref> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  template <typename Kind>
  Kind& as(Ref ref, const char* wanted) {
    Kind* found = std::get_if<Kind>(&values_[ref]);
    if (found == nullptr) fail(fmt::format("expected {}, got {}", wanted, describe(values_[ref])));
    return *found;
  }

  void append(const std::vector<Ref>& items) {
    PickleList& list = as<PickleList>(top(), "a list");
    list.items.insert(list.items.end(), items.begin(), items.end());
  }
  void set(const std::vector<Ref>& items) {
    if (items.size() % 2 != 0) fail("a key without a value");
    PickleDict& dict = as<PickleDict>(top(), "a dict");
    for (std::size_t i = 0; i < items.size(); i += 2) dict.items.emplace_back(items[i], items[i + 1]);
  }
  void tuple(std::size_t count) {
    std::vector<Ref> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push(PickleTuple{std::move(items)});
  }

  bool structure(std::uint8_t opcode) {
    switch (opcode) {
      case 0x80:  // PROTO
        if (const auto protocol = reader_.number<std::uint8_t>(); protocol < 2 || protocol > 5) {
          fail(fmt::format("unsupported protocol {}; supported: 2 to 5", protocol));
        }
        return true;
      case 0x95:
        reader_.take(8);
        return true;  // FRAME
      case '(':
        marks_.push_back(stack_.size());
        return true;
      case '0':
        pop();
        return true;
      case '1':
        pop_to_mark();
        return true;
      case '2':
        push_ref(top());
        return true;
      case '}':
        push(PickleDict{});
        return true;
      case ']':
        push(PickleList{});
        return true;
      case ')':
        push(PickleTuple{});
        return true;
      case 't':
        push(PickleTuple{pop_to_mark()});
        return true;
      case 0x85:
        tuple(1);
        return true;
      case 0x86:
        tuple(2);
        return true;
      case 0x87:
        tuple(3);
        return true;
      case 'l':
        push(PickleList{pop_to_mark()});
        return true;
      case 'a': {
        const Ref item = pop();
        append({item});
        return true;
      }
      case 'e':
        append(pop_to_mark());
        return true;
      case 's': {
        const Ref value = pop(), key = pop();
        set({key, value});
        return true;
      }
      case 'u':
        set(pop_to_mark());
        return true;
      case 'd': {
        const std::vector<Ref> items = pop_to_mark();
        push(PickleDict{});
        set(items);
        return true;
      }
      default:
        return false;
    }
  }

  bool scalar(std::uint8_t opcode) {
    switch (opcode) {
      case 'N':
        push(PickleNone{});
        return true;
      case 0x88:
        push(true);
        return true;
      case 0x89:
        push(false);
        return true;
      case 'J':
        push(std::int64_t{reader_.number<std::int32_t>()});
        return true;
      case 'K':
        push(std::int64_t{reader_.number<std::uint8_t>()});
        return true;
      case 'M':
        push(std::int64_t{reader_.number<std::uint16_t>()});
        return true;
      case 0x8a:
        long_integer(reader_.number<std::uint8_t>());
        return true;
      case 0x8b:
        long_integer(reader_.number<std::uint32_t>());
        return true;
      case 'G': {  // big endian, unlike everything else
        const Bytes bytes = reader_.take(8);
        std::uint64_t bits = 0;
        for (const std::byte byte : bytes) bits = (bits << 8) | static_cast<std::uint8_t>(byte);
        push(std::bit_cast<double>(bits));
        return true;
      }
      default:
        return false;
    }
  }

  /// Two's complement, little endian, of any length.
  void long_integer(std::uint64_t count) {
    const Bytes bytes = reader_.take(count);
    if (count > 8) {
      push(PickleOpaque{"an integer of more than 64 bits"});
      return;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bits |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    const bool negative = count > 0 && (static_cast<std::uint8_t>(bytes.back()) & 0x80) != 0;
    if (negative && count < 8) bits |= ~std::uint64_t{0} << (8 * count);
    push(static_cast<std::int64_t>(bits));
  }

  bool text(std::uint8_t opcode) {
    switch (opcode) {
      case 'X':
        push(reader_.text(reader_.number<std::uint32_t>()));
        return true;
      case 0x8c:
        push(reader_.text(reader_.number<std::uint8_t>()));
        return true;
      case 0x8d:
        push(reader_.text(reader_.number<std::uint64_t>()));
        return true;
      case 'T':
        push(reader_.text(reader_.number<std::uint32_t>()));
        return true;  // Python 2's str
      case 'U':
        push(reader_.text(reader_.number<std::uint8_t>()));
        return true;
      case 'B':
        opaque_bytes(reader_.number<std::uint32_t>());
        return true;
      case 'C':
        opaque_bytes(reader_.number<std::uint8_t>());
        return true;
      case 0x8e:
        opaque_bytes(reader_.number<std::uint64_t>());
        return true;
      default:
        return false;
    }
  }
  void opaque_bytes(std::uint64_t count) {
    reader_.take(count);
    push(PickleOpaque{"bytes"});
  }

  bool memory(std::uint8_t opcode) {
    switch (opcode) {
      case 'q':
        memo_[reader_.number<std::uint8_t>()] = top();
        return true;
      case 'r':
        memo_[reader_.number<std::uint32_t>()] = top();
        return true;
      case 0x94: {
        const auto next = static_cast<std::uint32_t>(memo_.size());
        memo_[next] = top();
        return true;
      }
      case 'h':
        recall(reader_.number<std::uint8_t>());
        return true;
      case 'j':
        recall(reader_.number<std::uint32_t>());
        return true;
      default:
        return false;
    }
  }
  void recall(std::uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) fail(fmt::format("a reference to memo {}, which is empty", index));
    push_ref(found->second);
  }

  bool call(std::uint8_t opcode) {
    switch (opcode) {
      case 'c': {
        const std::string module = line();
        global("GLOBAL", module, line());
        return true;
      }
      case 0x93: {
        const Ref name = pop(), module = pop();
        global("STACK_GLOBAL", as<std::string>(module, "a string"), as<std::string>(name, "a string"));
        return true;
      }
      case 'R':
        reduce();
        return true;
      case 'b': {  // state_dict() carries its versions as an attribute, {"_metadata": …}, which nobody needs
        const Ref state = pop();
        as<PickleDict>(top(), "an OrderedDict, the only object whose attributes may be set");
        as<PickleDict>(state, "a dict of attributes");
        return true;
      }
      case 'Q':
        storage(pop());
        return true;
      default:
        return false;
    }
  }

  std::string line() {
    std::string text;
    for (char c = 0; text.size() < 1000; text += c) {
      c = static_cast<char>(reader_.number<std::uint8_t>());
      if (c == '\n') return text;
    }
    fail("a name without an end");
  }

  void global(const char* opcode, const std::string& module, const std::string& name) {
    const std::string dotted = module + "." + name;
    if (!is_allowed(dotted)) {
      fail(
          fmt::format("{} {} is never executed; supported: {}, {}, {} and torch's storages. Save the "
                      "tensors alone: torch.save(model.state_dict(), FILE)",
                      opcode, printable(dotted), kOrderedDict, kRebuildTensor, kRebuildParameter));
    }
    push(PickleGlobal{dotted});
  }

  void reduce() {
    const Ref arguments_ref = pop();
    const std::string name = as<PickleGlobal>(pop(), "one of the functions that a state_dict calls").name;
    const std::vector<Ref>& arguments = as<PickleTuple>(arguments_ref, "a tuple of arguments").items;
    if (name == kOrderedDict && arguments.empty()) {
      push(PickleDict{});
    } else if (name == kRebuildTensor && (arguments.size() == 6 || arguments.size() == 7)) {
      tensor(arguments);
    } else if (name == kRebuildParameter && arguments.size() == 3) {
      as<PickleTensor>(arguments[0], "a tensor");
      push_ref(arguments[0]);
    } else {
      fail(fmt::format("unsupported REDUCE of {} with {} arguments; supported: {}(), {}, {}", name,
                       arguments.size(), kOrderedDict, kRebuildTensor, kRebuildParameter));
    }
  }

  /// A tensor's shape or strides. The bound comes first: a small pickle may name one long tuple often.
  std::vector<std::int64_t> sizes(Ref ref) {
    const std::vector<Ref>& items = as<PickleTuple>(ref, "a tuple of integers").items;
    if (items.size() > kMostDimensions) {
      fail(fmt::format("a tensor of {} dimensions; at most {} are supported", items.size(), kMostDimensions));
    }
    std::vector<std::int64_t> numbers;
    for (const Ref item : items) numbers.push_back(as<std::int64_t>(item, "an integer"));
    return numbers;
  }

  /// (storage, offset, size, stride, requires_grad, backward_hooks[, metadata])
  void tensor(const std::vector<Ref>& arguments) {
    as<PickleStorage>(arguments[0], "a storage");
    PickleTensor made{.storage = arguments[0],
                      .offset = as<std::int64_t>(arguments[1], "an integer"),
                      .shape = sizes(arguments[2]),
                      .strides = sizes(arguments[3])};
    if (made.shape.size() != made.strides.size()) {
      fail(fmt::format("a tensor of {} dimensions with {} strides", made.shape.size(), made.strides.size()));
    }
    push(std::move(made));
  }

  /// ("storage", type, key, location, number of values)
  void storage(Ref id) {
    const std::vector<Ref>& parts = as<PickleTuple>(id, "a tuple that names a storage").items;
    if (parts.size() != 5 || as<std::string>(parts[0], "\"storage\"") != "storage") {
      fail("a persistent id that is not a storage; expected (\"storage\", type, key, location, size)");
    }
    const auto& type = as<PickleGlobal>(parts[1], "a storage type").name;
    const auto dtype = storage_dtypes().find(type);
    if (dtype == storage_dtypes().end()) fail(fmt::format("expected a storage type, got {}", type));
    push(PickleStorage{.dtype = dtype->second,
                       .key = as<std::string>(parts[2], "a storage's key"),
                       .values = as<std::int64_t>(parts[4], "an integer")});
  }

  ByteReader reader_;
  std::vector<PickleValue>& values_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Ref> memo_;
  std::uint64_t at_ = 0;  ///< of the opcode being run, for messages
};

}  // namespace

Pickle::Pickle(Bytes program) {
  if (program.size() > kLargestProgram) {
    throw Malformed(
        fmt::format("its pickle has {} bytes; at most {} are supported", program.size(), kLargestProgram));
  }
  root_ = Machine(program, values_).run();
}

std::string describe(const PickleValue& value) {
  static constexpr std::array kNames = {"None",     "a bool",     "an integer", "a number",
                                        "a string", "",           "a list",     "a tuple",
                                        "a dict",   "a function", "a storage",  "a tensor"};
  if (const auto* opaque = std::get_if<PickleOpaque>(&value)) return opaque->what;
  if (const auto* global = std::get_if<PickleGlobal>(&value)) return global->name;
  return kNames.at(value.index());
}

std::string printable(const std::string& name, std::size_t longest) {
  std::string text = name.substr(0, longest);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return name.size() > longest ? text + "…" : text;
}

}  // namespace segbench::weights
