// SPDX-License-Identifier: MIT
#include "harness/engines/protocol.h"

#include "harness/core/error.h"
#include "harness/core/json_problem.h"

namespace segbench::engines {

using core::Json;

Json to_json(const Description& description) {
  return {{"protocol", kProtocolVersion},
          {"name", description.name},
          {"version", description.version},
          {"reads", description.reads},
          {"devices", description.devices},
          {"precisions", description.precisions},
          {"memory_formats", description.memory_formats}};
}

Description description_from_json(const Json& json) try {
  const int protocol = json.at("protocol");
  if (protocol != kProtocolVersion)
    throw core::UserError(fmt::format("it speaks version {} of the engine protocol; this is version {}",
                                      protocol, kProtocolVersion));
  Description description{.name = json.at("name"), .version = json.at("version"), .reads = json.at("reads")};
  const auto read = [&](const char* key, std::vector<std::string>& list) {
    if (json.contains(key)) list = json.at(key).get<std::vector<std::string>>();
  };
  read("devices", description.devices);
  read("precisions", description.precisions);
  read("memory_formats", description.memory_formats);
  return description;
} catch (const Json::exception& error) {
  throw core::UserError("its answer to \"describe\" is not understood: " + core::json_problem(error));
}

Json to_json(const LoadRequest& request) {
  Json json = {{"do", "load"},
               {"model", request.model},
               {"format", request.format},
               {"device", request.device},
               {"precision", request.precision},
               {"memory_format", request.memory_format},
               {"threads", request.threads},
               {"batch", request.batch},
               {"channels", request.channels},
               {"height", request.height},
               {"width", request.width},
               {"outputs", request.outputs}};
  if (!request.calibration.empty()) json["calibration"] = request.calibration;
  return json;
}

LoadRequest load_request_from_json(const Json& json) {
  return {.model = json.at("model"),
          .format = json.at("format"),
          .device = json.at("device"),
          .precision = json.at("precision"),
          .memory_format = json.at("memory_format"),
          .threads = json.at("threads"),
          .batch = json.at("batch"),
          .channels = json.at("channels"),
          .height = json.at("height"),
          .width = json.at("width"),
          .outputs = json.at("outputs"),
          .calibration = json.value("calibration", "")};
}

}  // namespace segbench::engines
