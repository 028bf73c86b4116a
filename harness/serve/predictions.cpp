// SPDX-License-Identifier: MIT
#include "harness/serve/predictions.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/stopwatch.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/signature.h"
#include "harness/run/process_executor.h"
#include "harness/serve/access.h"
#include "harness/serve/child_run.h"
#include "harness/serve/http.h"
#include "harness/trial/files.h"
#include "harness/trial/standing.h"

namespace segbench::serve {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr const char* kInput = "input";
constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostName = 200;

std::string type_of(data::FileFormat format) {
  switch (format) {
    case data::FileFormat::kPng:
      return "image/png";
    case data::FileFormat::kJpeg:
      return "image/jpeg";
    case data::FileFormat::kGif:
      return "image/gif";
    case data::FileFormat::kBmp:
      return "image/bmp";
    case data::FileFormat::kWebp:
      return "image/webp";
    default:
      return "";
  }
}

data::Signature examined(const std::string& bytes, const PredictionLimits& limits) try {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const data::Signature signature = data::examine({data, bytes.size()});
  if (signature.height * signature.width > limits.pixels) {
    throw BadRequest(
        413, fmt::format("The image has {} x {} pixels; at most {:.0f} million are taken. `segbench "
                         "predict` knows no such limit.",
                         signature.width, signature.height, static_cast<double>(limits.pixels) / 1e6));
  }
  return signature;
} catch (const core::UserError& error) {
  throw BadRequest(415, fmt::format("This is no image that Segbench reads: {}", error.what()));
}

/// What the page says of an image's classes, and whether the trial turns images.
void describe_trial(const fs::path& trial_folder, PredictionAnswer& answer, bool& upright) try {
  const core::TrialSpec spec = core::read_trial_spec(trial_folder / core::kTrialFile);
  upright = spec.variant.data.apply_orientation;
  answer.legend = trial::read_input_of(trial_folder, spec).classes;
} catch (const core::UserError&) {
  // `segbench predict` will say what is wrong.
}

/// What the table of `segbench predict --format json` says of the classes of its only image.
std::string classes_in(const std::string& out) {
  const Json json = Json::parse(out, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array() || json.size() != 1 || !json[0].is_object()) return "";
  const Json classes = json[0].value("classes", Json());
  return classes.is_string() ? classes.get<std::string>() : "";
}

/// The last words of a command, without its name in front of each line; `image` is what it calls the image.
std::string words_of(const fs::path& log, const std::string& image) {
  std::string words;
  for (std::string line : core::split(run::log_tail(log, 0), '\n')) {
    constexpr std::string_view kPrefix = "segbench: ";
    if (line.starts_with(kPrefix)) line.erase(0, kPrefix.size());
    for (std::size_t at; (at = line.find(image)) != std::string::npos;)
      line.replace(at, image.size(), "the image");
    if (!line.empty()) words += (words.empty() ? "" : "\n") + line;
  }
  return words;
}

}  // namespace

std::string_view to_string(AnswerState state) {
  switch (state) {
    case AnswerState::kWaiting:
      return "waiting";
    case AnswerState::kRunning:
      return "running";
    case AnswerState::kDone:
      return "done";
    case AnswerState::kFailed:
      return "failed";
  }
  return "";
}

bool Prediction::is_over() const {
  return std::all_of(answers.begin(), answers.end(), [](const PredictionAnswer& answer) {
    return answer.state == AnswerState::kDone || answer.state == AnswerState::kFailed;
  });
}

bool can_predict(const run::ListedTrial& trial) {
  std::error_code absent;
  if (fs::is_regular_file(trial.folder / core::kWeightsFile, absent)) return true;
  try {
    const core::TrialSpec spec = core::read_trial_spec(trial.folder / core::kTrialFile);
    return !spec.variant.ensemble.empty();
  } catch (const core::UserError&) {
    return false;
  }
}

Predictions::Predictions(fs::path scratch, fs::path program, std::string device,
                         const PredictionLimits& limits)
    : scratch_(std::move(scratch)),
      program_(std::move(program)),
      device_(std::move(device)),
      limits_(limits),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

bool Predictions::has_room() {
  const std::lock_guard lock(mutex_);
  const auto waiting = std::count_if(predictions_.begin(), predictions_.end(),
                                     [](const Prediction& prediction) { return !prediction.is_over(); });
  return static_cast<std::size_t>(waiting) < limits_.waiting;
}

std::string Predictions::add(const std::string& name, const std::string& bytes,
                             const std::vector<run::ListedTrial>& trials) {
  if (bytes.empty()) throw BadRequest(422, "There is no image in the body.");
  if (trials.empty()) throw BadRequest(422, "Choose at least one trial: ?trial=ID");
  if (trials.size() > limits_.trials)
    throw BadRequest(422, fmt::format("{} trials are chosen; at most {} look at one image", trials.size(),
                                      limits_.trials));
  const data::Signature signature = examined(bytes, limits_);
  if (!has_room()) throw BadRequest(503, "Other images are waiting. Try again when they are done.");
  Prediction prediction{.id = random_token(),
                        .name = name.substr(0, kMostName),
                        .type = type_of(signature.format),
                        .time = core::utc_timestamp(),
                        .height = signature.height,
                        .width = signature.width,
                        .upright = false,
                        .answers = {}};
  for (const run::ListedTrial& trial : trials) {
    prediction.answers.push_back(
        {.trial = trial, .state = AnswerState::kWaiting, .message = "", .classes = "", .legend = {}});
    describe_trial(trial.folder, prediction.answers.back(), prediction.upright);
  }
  const fs::path folder = folder_of(prediction.id);
  fs::create_directory(folder);
  core::write_file_atomically(folder / kInput, bytes);
  const std::lock_guard lock(mutex_);
  while (predictions_.size() >= limits_.kept && predictions_.front().is_over()) {
    std::error_code ignored;
    fs::remove_all(folder_of(predictions_.front().id), ignored);
    predictions_.pop_front();
  }
  predictions_.push_back(std::move(prediction));
  changed_.notify_all();
  return predictions_.back().id;
}

std::optional<Prediction> Predictions::find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(predictions_.begin(), predictions_.end(),
                                  [&](const Prediction& prediction) { return prediction.id == id; });
  return found == predictions_.end() ? std::nullopt : std::optional(*found);
}

std::vector<Prediction> Predictions::all() {
  const std::lock_guard lock(mutex_);
  return {predictions_.rbegin(), predictions_.rend()};
}

std::optional<fs::path> Predictions::file(const std::string& id, const std::string& trial_id,
                                          const std::string& what) {
  const std::optional<Prediction> prediction = find(id);
  if (!prediction) return std::nullopt;
  if (what == kInput && trial_id.empty()) return folder_of(prediction->id) / kInput;
  if (what != "mask" && what != "colour" && what != "overlay") return std::nullopt;
  for (std::size_t i = 0; i < prediction->answers.size(); ++i) {
    const PredictionAnswer& answer = prediction->answers[i];
    if (answer.trial.trial_id == trial_id && answer.state == AnswerState::kDone)
      return folder_of(prediction->id) / std::to_string(i) / fmt::format("{}_{}.png", kInput, what);
  }
  return std::nullopt;
}

void Predictions::answer(const std::string& id, std::size_t place, PredictionAnswer& answer,
                         const std::stop_token& stop) const try {
  const fs::path folder = folder_of(id), out = folder / std::to_string(place);
  const fs::path log = folder / (std::to_string(place) + ".log");
  const auto begin = std::chrono::steady_clock::now();
  const CommandEnd end =
      run_child({program_.string(), "predict", answer.trial.folder.string(), (folder / kInput).string(),
                 "--output", out.string(), "--device", device_, "--format", "json"},
                log, limits_.time, kMostFileBytes, stop);
  answer.seconds = core::seconds_since(begin);
  answer.state = end.code == 0 ? AnswerState::kDone : AnswerState::kFailed;
  if (end.code == 0)
    answer.classes = classes_in(end.out);
  else if (end.late)
    answer.message = fmt::format("It took longer than {} s and was ended.", limits_.time.count());
  else
    answer.message = words_of(log, (folder / kInput).string());
  if (answer.state == AnswerState::kFailed && answer.message.empty())
    answer.message = fmt::format("`segbench predict` ended with exit code {}.", end.code);
} catch (const core::UserError& error) {
  answer.state = AnswerState::kFailed;
  answer.message = error.what();
}

void Predictions::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  struct Next {
    Prediction* prediction = nullptr;
    std::size_t place = 0;
  };
  const auto next = [&]() -> Next {
    for (Prediction& prediction : predictions_) {
      for (std::size_t i = 0; i < prediction.answers.size(); ++i) {
        if (prediction.answers[i].state == AnswerState::kWaiting) return {&prediction, i};
      }
    }
    return {};
  };
  while (changed_.wait(lock, stop, [&] { return next().prediction != nullptr; }) && !stop.stop_requested()) {
    // A deque keeps what it holds in place, and only what is over is taken from its front.
    const auto [prediction, place] = next();
    PredictionAnswer& slot = prediction->answers[place];
    slot.state = AnswerState::kRunning;
    PredictionAnswer copy = slot;
    const std::string id = prediction->id;
    lock.unlock();
    answer(id, place, copy, stop);
    lock.lock();
    slot = std::move(copy);
  }
}

}  // namespace segbench::serve
