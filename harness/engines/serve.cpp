// SPDX-License-Identifier: MIT
#include "harness/engines/serve.h"

#include <fcntl.h>
#include <unistd.h>

#include <iostream>
#include <span>
#include <sstream>
#include <string>

#include "harness/core/error.h"
#include "harness/core/exchange_file.h"
#include "harness/core/json_problem.h"

namespace segbench::engines {
namespace {

using architectures::Maps;
using core::Json;

class Server {
 public:
  explicit Server(const Served& served) : served_(served) {}

  Json answer(const Json& request) {
    const std::string what = request.value("do", "");
    if (what == "describe") return to_json(served_.description);
    if (what == "load") return load(load_request_from_json(request));
    if (what == "input") return take_input(request.at("file").get<std::string>());
    if (what == "output") return write_output(request.at("file").get<std::string>());
    if (what == "run") return run(request.at("iterations"));
    if (what == "layers") return time_layers(request.at("iterations"));
    if (what == "memory") return {{"device_peak_bytes", loaded().device_peak_bytes()}};
    throw core::UserError(fmt::format(
        "unknown request \"{}\"; known: describe, load, input, output, run, layers, memory, quit", what));
  }

 private:
  architectures::Engine& loaded() const {
    if (engine_ == nullptr) throw core::UserError("nothing is loaded");
    return *engine_;
  }

  const Maps& images() const {
    if (images_.count == 0) throw core::UserError("there is no input");
    return images_;
  }

  Json load(const LoadRequest& request) {
    engine_.reset();
    images_ = {};
    engine_ = served_.load(request);
    request_ = request;
    return {{"note", engine_->report().note}};
  }

  Json take_input(const std::string& file) {
    loaded();
    images_.count = request_.batch;
    images_.shape = {request_.channels, request_.height, request_.width};
    images_.values.resize(static_cast<std::size_t>(images_.count * images_.shape.values()));
    try {
      core::read_exchange(file, std::as_writable_bytes(std::span(images_.values)));
    } catch (const core::UserError&) {
      images_ = {};
      throw;
    }
    return Json::object();
  }

  Json write_output(const std::string& file) {
    const Maps logits = loaded().run(images());
    core::write_exchange(file, std::as_bytes(std::span(logits.values)));
    return {{"shape", {logits.count, logits.shape.channels, logits.shape.height, logits.shape.width}}};
  }

  Json run(std::int64_t iterations) {
    Json forward = Json::array(), to_device = forward, argmax = forward, to_host = forward;
    for (const architectures::StageTimes& time : loaded().measure(images(), iterations)) {
      forward.push_back(time.forward);
      to_device.push_back(time.to_device);
      if (time.argmax) argmax.push_back(*time.argmax);
      to_host.push_back(time.to_host);
    }
    Json answer = {{"ns", forward}};
    if (argmax.size() == forward.size())
      answer["stages"] = {{"to_device", to_device}, {"argmax", argmax}, {"to_host", to_host}};
    return answer;
  }

  Json time_layers(std::int64_t iterations) {
    Json names = Json::array(), ns = Json::array();
    for (std::int64_t i = 0; i < iterations; ++i) {
      const std::vector<architectures::LayerTime> times = loaded().time_layers(images());
      if (times.empty()) throw core::UserError("layers are not known");
      for (std::size_t layer = 0; layer < times.size(); ++layer) {
        if (i == 0) names.push_back(times[layer].name), ns.push_back(Json::array());
        ns[layer].push_back(times[layer].ns);
      }
    }
    return {{"names", names}, {"ns", ns}};
  }

  const Served& served_;
  std::unique_ptr<architectures::Engine> engine_;
  LoadRequest request_;
  Maps images_;
};

Json failure(const std::string& message) {
  return {{"ok", false}, {"error", message}};
}

}  // namespace

void serve(const Served& served, std::istream& in, std::ostream& out) {
  Server server(served);
  for (std::string line; std::getline(in, line);) {
    const Json request = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    Json answer;
    if (request.is_object() && request.value("do", Json()) == "quit") break;
    try {
      if (!request.is_object()) throw core::UserError("a request is a JSON object");
      answer = server.answer(request);
      answer["ok"] = true;
    } catch (const Json::exception& error) {
      answer = failure("a request that is not understood: " + core::json_problem(error));
    } catch (const std::exception& error) {
      answer = failure(error.what());
    }
    out << answer.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << std::endl;
  }
}

void on_standard_streams(const std::function<void(std::istream&, std::ostream&)>& talk) {
  // Libraries print what they like: their words must not stand among the answers.
  const int answers = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ::fcntl(answers, F_SETFD, FD_CLOEXEC);
  struct Buffer : std::stringbuf {
    explicit Buffer(int to) : descriptor(to) {}
    int sync() override {
      const std::string text = str();
      for (std::size_t written = 0; written < text.size();) {
        const ssize_t n = ::write(descriptor, text.data() + written, text.size() - written);
        if (n <= 0) return -1;
        written += static_cast<std::size_t>(n);
      }
      str("");
      return 0;
    }
    int descriptor;
  } buffer(answers);
  std::ostream out(&buffer);
  talk(std::cin, out);
}

void serve_standard_streams(const Served& served) {
  on_standard_streams([&](std::istream& in, std::ostream& out) { serve(served, in, out); });
}

}  // namespace segbench::engines
