// SPDX-License-Identifier: MIT
#include "architectures/onnx/model.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/protobuf.h"
#include "harness/core/version.h"

namespace segbench::architectures::onnx {
namespace {

using core::protobuf::Message;

constexpr std::int64_t kIrVersion = 7, kOperatorSet = 13;
constexpr std::int64_t kFloat = 1, kInt64 = 7;        // TensorProto.DataType
constexpr std::uint64_t kLargest = (1ULL << 31) - 1;  // bytes of a message
constexpr int kGraphOfModel = 7, kConstantOfGraph = 5, kRawDataOfConstant = 9;

Message encoded(const std::string& name, const Attribute& attribute) {
  Message message;
  message.text(1, name);
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, float>) {
          message.number(2, value).integer(20, 1);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          message.integer(3, value).integer(20, 2);
        } else if constexpr (std::is_same_v<T, std::string>) {
          message.text(4, value).integer(20, 3);
        } else {
          for (const std::int64_t item : value) message.integer(8, item);
          message.integer(20, 7);
        }
      },
      attribute);
  return message;
}

Message encoded(const Call& call) {
  Message message;
  for (const std::string& input : call.inputs) message.text(1, input);
  for (const std::string& output : call.outputs) message.text(2, output);
  message.text(3, call.name).text(4, call.op);
  for (const auto& [name, attribute] : call.attributes) message.message(5, encoded(name, attribute));
  return message;
}

Message encoded(const Port& port) {
  Message shape;
  shape.message(1, port.batch > 0 ? Message().integer(1, port.batch) : Message().text(2, "batch"));
  for (const std::int64_t size : {port.channels, port.height, port.width})
    shape.message(1, Message().integer(1, size));
  const Message tensor = Message().integer(1, kFloat).message(2, shape);
  return Message().text(1, port.name).message(2, Message().message(1, tensor));
}

/// All of a constant but its values, which follow.
Message head_of(const Constant& constant) {
  Message message;
  for (const std::int64_t size : constant.shape) message.integer(1, size);
  message.integer(2, constant.integers.empty() ? kFloat : kInt64).text(8, constant.name);
  return message.header(kRawDataOfConstant, constant.bytes().size());
}

/// All of the model before its graph, and all of the graph but its constants.
std::pair<Message, Message> frame_of(const Model& model) {
  Message outer, graph;
  outer.integer(1, kIrVersion).text(2, "segbench").text(3, core::kVersion);
  outer.message(8, Message().text(1, "").integer(2, kOperatorSet));
  for (const auto& [key, value] : model.metadata) outer.message(14, Message().text(1, key).text(2, value));
  for (const Call& call : model.calls) graph.message(1, encoded(call));
  graph.text(2, model.name).message(11, encoded(model.input)).message(12, encoded(model.output));
  return {outer, graph};
}

std::span<const std::byte> as_bytes(const Message& message) {
  return std::as_bytes(std::span(message.bytes()));
}

}  // namespace

std::span<const std::byte> Constant::bytes() const {
  if (!view.empty()) return view;
  return integers.empty() ? std::as_bytes(std::span(floats)) : std::as_bytes(std::span(integers));
}

void write_model(const std::filesystem::path& file, const Model& model) {
  auto [outer, graph] = frame_of(model);
  std::vector<Message> heads, tags;  // of the constants
  std::uint64_t length = graph.bytes().size();
  for (const Constant& constant : model.constants) {
    heads.push_back(head_of(constant));
    const std::uint64_t inner = heads.back().bytes().size() + constant.bytes().size();
    tags.push_back(Message().header(kConstantOfGraph, inner));
    length += tags.back().bytes().size() + inner;
  }
  outer.header(kGraphOfModel, length);
  if (outer.bytes().size() + length > kLargest) {
    throw core::UserError(fmt::format("{}: an ONNX file has at most {} bytes, but this network needs {}",
                                      file.string(), kLargest, outer.bytes().size() + length));
  }
  core::write_file_atomically(file, [&](const core::AppendBytes& append) {
    append(as_bytes(outer));
    append(as_bytes(graph));
    for (std::size_t i = 0; i < heads.size(); ++i) {
      append(as_bytes(tags[i]));
      append(as_bytes(heads[i]));
      append(model.constants[i].bytes());
    }
  });
}

}  // namespace segbench::architectures::onnx
