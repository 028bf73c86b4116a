// SPDX-License-Identifier: MIT
#include "harness/train/predict_service.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "harness/core/error.h"
#include "harness/core/exchange_file.h"
#include "harness/core/files.h"
#include "harness/train/failure.h"
#include "harness/train/predict_guest.h"
#include "harness/train/prediction_bytes.h"

namespace segbench::train {
namespace {

using core::Json;

class PredictionServer {
 public:
  PredictionServer(const std::function<Predictor()>& load, std::istream& in, std::ostream& out)
      : load_(load), in_(in), out_(out) {}

  void serve() {
    for (std::optional<Json> request = next(); request && request->value("do", "") != "quit";
         request = next())
      say(answer(*request));
  }

 private:
  std::optional<Json> next() {
    std::string line;
    if (!std::getline(in_, line)) return std::nullopt;
    Json request = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    return request.is_object() ? request : Json::object();
  }

  void say(const Json& answer) {
    out_ << answer.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << std::endl;
  }

  Json answer(const Json& request) try {
    Json answer = done(request);
    answer["ok"] = true;
    return answer;
  } catch (const core::UserError& error) {
    return {{"ok", false}, {"error", error.what()}, {"code", error.exit_code()}};
  } catch (...) {
    const trial::Ending ending = ending_of(std::current_exception());
    return {{"ok", false}, {"error", ending.message}, {"code", ending.exit_code}};
  }

  Json done(const Json& request) {
    const std::string what = request.value("do", "");
    if (!predictor_) predictor_.emplace(load_());
    if (what == "describe") return describe();
    if (what == "choose") return choose(request);
    if (what == "predict") return predict(request);
    throw core::UserError(
        fmt::format("unknown request \"{}\"; known: describe, choose, predict, quit", what));
  }

  Json describe() const {
    return {{"device", predictor_->settings().device.str()},
            {"threads", at::get_num_threads()},
            {"version", fmt::format("LibTorch {}", TORCH_VERSION)},
            {"networks", predictor_->networks()}};
  }

  /// Tells the asker to run a guest, and waits until it has.
  void have_executed(std::size_t network, const std::string& engine) {
    say({{"ok", true}, {"forward", {{"network", network}, {"engine", engine}}}});
    const std::optional<Json> reply = next();
    if (reply && reply->value("do", "") == "continue") return;
    throw core::UserError(reply ? reply->value("error", "it was not executed") : "nobody executes it",
                          core::kTrialFailed);
  }

  Json choose(const Json& request) {
    const std::size_t network = request.at("network");
    std::vector<Guest> guests;
    for (const std::string name : request.at("guests")) {
      guests.push_back(
          {name, make_guest({.batch = request.at("batch"),
                             .outputs = predictor_->outputs(network),
                             .images = request.at("guest_images").get<std::string>(),
                             .logits = request.at("guest_logits").get<std::string>(),
                             .execute = [this, network, name] { have_executed(network, name); }})});
    }
    const core::MappedFile images(request.at("images").get<std::string>());
    const EngineChoice choice = predictor_->choose(network, request.at("engine"), images.bytes(), guests);
    return {{"engine", choice.engine},
            {"error", choice.error},
            {"labels_differ", choice.labels_differ},
            {"pixels", choice.pixels},
            {"tried", to_json({choice}).at("timing").at("tried").at(0)}};
  }

  Json predict(const Json& request) {
    const core::MappedFile images(request.at("images").get<std::string>());
    predictor_->count_images(images.bytes().size(), request.at("images"));
    const Prediction prediction = predictor_->predict(images.bytes());
    core::write_exchange(request.at("labels").get<std::string>(), bytes_of(labels_on_host(prediction)));
    if (const Json probabilities = request.value("probabilities", Json()); probabilities.is_string())
      core::write_exchange(probabilities.get<std::string>(), bytes_of(probabilities_on_host(prediction)));
    return Json::object();
  }

  const std::function<Predictor()>& load_;
  std::istream& in_;
  std::ostream& out_;
  std::optional<Predictor> predictor_;
};

}  // namespace

void serve_predictions(const std::function<Predictor()>& load, std::istream& in, std::ostream& out) {
  PredictionServer(load, in, out).serve();
}

}  // namespace segbench::train
