// SPDX-License-Identifier: MIT
#include "harness/conformance/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "harness/conformance/cases.h"
#include "harness/core/error.h"
#include "harness/core/stopwatch.h"
#include "harness/core/text.h"

namespace segbench::conformance {
namespace {

using core::Json;

bool is_chosen(const Case& one, const std::vector<std::string>& only) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& word) {
           return word == one.kind || word == one.part;
         });
}

void require_known(const std::vector<std::string>& only, const std::vector<Case>& cases) {
  std::vector<std::string> known;
  for (const Case& one : cases) {
    for (const std::string& word : {std::string(one.kind), one.part}) {
      if (std::find(known.begin(), known.end(), word) == known.end()) known.push_back(word);
    }
  }
  for (const std::string& word : only) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      throw core::UserError(fmt::format("--only: there is no \"{}\"{}; there are {}", word,
                                        core::did_you_mean(word, known), fmt::join(known, ", ")));
    }
  }
}

/// The error as a number that JSON has.
Json number(double error) {
  return std::isfinite(error) ? Json(error) : Json("infinite");
}

class Check {
 public:
  explicit Check(const Request& request) : request_(request) {}

  void run(const Case& one) {
    ++checked_[one.kind];
    const Computed exact = one.compute(torch::kCPU, torch::kDouble);
    const Computed single = one.compute(torch::kCPU, torch::kFloat);
    try {
      compare(one, "float32", kSingleTolerance, one.compute(request_.device, torch::kFloat), exact, &single);
      compare(one, "float64", kDoubleTolerance, one.compute(request_.device, torch::kDouble), exact, nullptr);
    } catch (const std::exception& error) {
      const std::string message = core::split(error.what(), '\n').front();
      failures_.push_back({{"kind", one.kind}, {"name", one.name}, {"message", message}});
      request_.tell(fmt::format("{} {}: {}", one.kind, one.name, message));
    }
  }

  Json result() const {
    Json worst = Json::array();
    for (const auto& [key, finding] : worst_) worst.push_back(finding.second);
    const auto told = [](const Tolerance& tolerance) {
      return Json{{"values", tolerance.values}, {"gradients", tolerance.gradients}};
    };
    return {{"device", request_.device.str()},
            {"times_cpu", kTimesCpu},
            {"tolerances", {{"float32", told(kSingleTolerance)}, {"float64", told(kDoubleTolerance)}}},
            {"checked", checked_},
            {"worst", worst},
            {"failures", failures_}};
  }

 private:
  /// `cpu`: what the CPU makes of it in the same precision; null: that is `exact`.
  void compare(const Case& one, const char* precision, const Tolerance& tolerance, const Computed& found,
               const Computed& exact, const Computed* cpu) {
    compare(one, precision, "values", tolerance.values, found.values, exact.values,
            cpu == nullptr ? 0 : distance(cpu->values, exact.values));
    if (exact.gradients.empty()) return;
    compare(one, precision, "gradients", tolerance.gradients, found.gradients, exact.gradients,
            cpu == nullptr ? 0 : distance(cpu->gradients, exact.gradients));
  }

  void compare(const Case& one, const char* precision, const char* what, double tolerance,
               const Tensors& found, const Tensors& exact, double cpu_error) {
    const double error = distance(found, exact), allowed = std::max(tolerance, kTimesCpu * cpu_error);
    const Json finding = {
        {"kind", one.kind},          {"precision", precision}, {"what", what},
        {"name", one.name},          {"error", number(error)}, {"cpu_error", number(cpu_error)},
        {"allowed", number(allowed)}};
    auto& [used, worst] = worst_[{one.kind, precision, what}];
    if (worst.is_null() || error / allowed > used) used = error / allowed, worst = finding;
    if (error <= allowed) return;
    failures_.push_back(finding);
    request_.tell(fmt::format("{} {}: {} in {} are off by {:.2g}, allowed {:.2g} (the CPU's by {:.2g})",
                              one.kind, one.name, what, precision, error, allowed, cpu_error));
  }

  const Request& request_;
  std::map<std::string, int> checked_ = {{"losses", 0}, {"networks", 0}, {"optimizers", 0}};
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<double, Json>> worst_;
  Json failures_ = Json::array();
};

}  // namespace

Json check_device(const Request& request) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Case> cases = every_case();
  require_known(request.only, cases);
  Check check(request);
  int number_of_case = 0;
  for (const Case& one : cases) {
    if (!is_chosen(one, request.only)) continue;
    if (number_of_case++ % request.shares == request.share - 1) check.run(one);
  }
  Json result = check.result();
  result["seconds"] = core::seconds_since(begin);
  return result;
}

}  // namespace segbench::conformance
