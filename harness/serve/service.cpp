// SPDX-License-Identifier: MIT
#include "harness/serve/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/json.h"
#include "harness/core/read_end.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/serve/pages.h"
#include "reports/html/html.h"

namespace segbench::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogBytes = std::size_t{1} << 20;
constexpr std::size_t kMostReportFile = std::size_t{256} << 20;
constexpr const char* kUploads = "/api/predictions";

std::size_t number_in(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

/// "/trials/3f2a" as {"trials", "3f2a"}.
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts = core::split(path.substr(1), '/');
  if (parts.size() == 1 && parts[0].empty()) parts.clear();
  return parts;
}

/// With its hash, so that it need not be sent again.
Response tagged(const Request& request, Response response) {
  const std::string tag = '"' + core::sha256_hex(response.body).substr(0, 32) + '"';
  response.headers.emplace_back("ETag", tag);
  if (response.status == 200 && request.header("if-none-match") == tag) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

Response file_response(const fs::path& file, std::string type) {
  return {.status = 200, .type = std::move(type), .body = core::read_file(file)};
}

std::string type_of_name(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, const char*>, 7> kTypes = {
      {{".html", "text/html; charset=utf-8"},
       {".svg", "image/svg+xml"},
       {".png", "image/png"},
       {".pdf", "application/pdf"},
       {".json", "application/json"},
       {".csv", "text/csv; charset=utf-8"},
       {".css", "text/css; charset=utf-8"}}};
  for (const auto& [suffix, type] : kTypes) {
    if (name.ends_with(suffix)) return type;
  }
  return "text/plain; charset=utf-8";
}

/// A report brings a policy of its own; this one adds that only our page may frame it, and that nothing of it
/// sends anything anywhere. Its drawings, opened by themselves, run nothing.
Response with_report_policy(Response response) {
  response.headers.emplace_back(
      "Content-Security-Policy",
      response.type.starts_with("text/html")
          ? "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src "
            "'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
          : "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'");
  return response;
}

}  // namespace

Service::Service(ServiceSettings settings)
    : settings_(std::move(settings)),
      watch_(settings_.runs, settings_.study),
      report_(watch_, settings_.scratch, settings_.plots),
      predictions_(settings_.scratch, settings_.program, settings_.device, settings_.limits) {
  report_.want();
}

Response Service::not_found(std::string_view why) const {
  Response response{.status = 404, .body = problem_page(settings_.study, 404, why)};
  return response;
}

std::optional<Response> Service::refuse(const Request& head, const Access& access) {
  if (std::optional<Response> refusal = refused(head, access)) return guarded(*std::move(refusal));
  const std::size_t bytes = announced_bytes(head);
  if (head.method != "POST")
    return bytes == 0 ? std::nullopt : std::optional(guarded(plain_response(400, "Only a POST has a body.")));
  if (head.path != kUploads) return guarded(plain_response(404, "There is nothing to post to."));
  if (!head.headers.contains("content-length"))
    return guarded(plain_response(411, "Send the image with its length."));
  // Types that a form of another page could send are left out: such a page would need our leave to send
  // these.
  const std::string_view type = head.header("content-type");
  if (!type.starts_with("image/") && !type.starts_with("application/octet-stream")) {
    return guarded(plain_response(
        415, "Send the image itself as the body, with Content-Type: application/octet-stream."));
  }
  if (bytes > settings_.limits.bytes) {
    return guarded(plain_response(
        413, fmt::format("The file has {}; at most {} are taken. `segbench predict` knows no such limit.",
                         core::human_bytes(bytes), core::human_bytes(settings_.limits.bytes))));
  }
  if (!predictions_.has_room()) {
    Response response = plain_response(503, "Other images are waiting. Try again when they are done.");
    response.headers.emplace_back("Retry-After", "10");
    return guarded(std::move(response));
  }
  return std::nullopt;
}

Response Service::answer(const Request& request) try {
  return guarded(request.method == "POST" ? answer_post(request) : answer_get(request));
} catch (const BadRequest& error) {
  return guarded(plain_response(error.status, error.what()));
} catch (const core::UserError& error) {
  return guarded(plain_response(500, error.what()));
}

Response Service::answer_post(const Request& request) {
  const std::shared_ptr<const Snapshot> snapshot = watch_.now();
  std::vector<run::ListedTrial> trials;
  for (const std::string& id : request.values("trial")) {
    const std::size_t index = snapshot->index_of(id);
    if (index == snapshot->trials.size()) throw BadRequest(422, "This study has no trial " + id + ".");
    const bool is_known = std::any_of(trials.begin(), trials.end(),
                                      [&](const run::ListedTrial& trial) { return trial.trial_id == id; });
    if (is_known) continue;
    const run::ListedTrial& trial = snapshot->trials[index];
    if (snapshot->states[index].status != core::TrialStatus::kComplete || !can_predict(trial)) {
      throw BadRequest(422,
                       fmt::format("The trial {} ({}, seed {}) is not complete, or its weights are gone.", id,
                                   trial.variant_label, trial.seed));
    }
    trials.push_back(trial);
  }
  const std::string id = predictions_.add(request.value("name"), request.body, trials);
  return json_response(
      202,
      core::Json{{"id", id}, {"page", "/predictions/" + id}, {"status", "/api/predictions/" + id}}.dump());
}

Response Service::answer_get(const Request& request) {
  const std::vector<std::string> parts = parts_of(request.path);
  const std::string first = parts.empty() ? "" : parts[0];
  if (parts.empty()) {
    const TrialsQuery query{.status = request.value("status"), .page = number_in(request.value("page"))};
    return tagged(request, {.body = trials_page(*watch_.now(), curves_, query)});
  }
  if (request.path == "/style.css")
    return {.type = "text/css; charset=utf-8", .body = std::string(reports::kStyleSheet) + kServeStyle};
  if (request.path == "/script.js") return {.type = "text/javascript; charset=utf-8", .body = kServeScript};
  if (request.path == "/api/status.json")
    return tagged(request, json_response(200, status_json(*watch_.now(), report_.want())));
  if (request.path == "/report") return tagged(request, {.body = report_page(*watch_.now(), report_.want())});
  if (request.path == "/predict") {
    return tagged(request, {.body = predict_page(*watch_.now(), predictions_.all(), settings_.limits,
                                                 request.value("trial"))});
  }
  if (first == "trials" && parts.size() >= 2) return trial_answer(request, parts);
  if (first == "report" && parts.size() >= 3) return report_answer(parts);
  if (first == "predictions" && parts.size() == 2) {
    const std::optional<Prediction> prediction = predictions_.find(parts[1]);
    if (!prediction) return not_found("This image is not there any more.");
    return tagged(request, {.body = prediction_page(settings_.study, *prediction)});
  }
  if (first == "predictions") return prediction_answer(parts);
  if (first == "api" && parts.size() == 3 && parts[1] == "predictions") {
    const std::optional<Prediction> prediction = predictions_.find(parts[2]);
    if (!prediction) return json_response(404, core::Json{{"error", "no such prediction"}}.dump());
    return tagged(request, json_response(200, prediction_json(*prediction)));
  }
  return not_found("There is no page of this name.");
}

Response Service::trial_answer(const Request& request, const std::vector<std::string>& parts) {
  const std::shared_ptr<const Snapshot> snapshot = watch_.now();
  const std::size_t index = snapshot->index_of(parts[1]);
  if (index == snapshot->trials.size()) return not_found("This study has no such trial.");
  const fs::path& folder = snapshot->trials[index].folder;
  if (parts.size() == 2) return tagged(request, {.body = trial_page(*snapshot, index, *curves_.of(folder))});
  for (const char* log : {core::kWorkerLogFile, core::kEventsFile, core::kAttemptsFile}) {
    if (parts.size() == 3 && parts[2] == log)
      return {.type = "text/plain; charset=utf-8", .body = core::read_end(folder / log, kLogBytes)};
  }
  return not_found("A trial has no such log.");
}

Response Service::report_answer(const std::vector<std::string>& parts) {
  std::string name = parts[2];
  for (std::size_t i = 3; i < parts.size(); ++i) name += '/' + parts[i];
  const std::optional<fs::path> file =
      report_.file(static_cast<int>(std::min<std::size_t>(number_in(parts[1]), 1u << 30)), name);
  if (!file || fs::file_size(*file) > kMostReportFile)
    return not_found("A newer report has taken its place.");
  return with_report_policy(file_response(*file, type_of_name(name)));
}

Response Service::prediction_answer(const std::vector<std::string>& parts) {
  if (parts.size() == 3 && parts[2] == "input") {
    const std::optional<Prediction> prediction = predictions_.find(parts[1]);
    const std::optional<fs::path> file = predictions_.file(parts[1], "", "input");
    if (prediction && file && !prediction->type.empty()) return file_response(*file, prediction->type);
  }
  constexpr std::string_view kSuffix = ".png";
  if (parts.size() == 4 && parts[3].ends_with(kSuffix)) {
    const std::string what = parts[3].substr(0, parts[3].size() - kSuffix.size());
    if (const std::optional<fs::path> file = predictions_.file(parts[1], parts[2], what))
      return file_response(*file, "image/png");
  }
  return not_found("This picture is not there.");
}

}  // namespace segbench::serve
