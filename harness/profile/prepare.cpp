// SPDX-License-Identifier: MIT
#include "harness/profile/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "architectures/networks/architecture.h"
#include "harness/core/error.h"
#include "harness/core/machine.h"
#include "harness/core/stopwatch.h"
#include "harness/core/text.h"
#include "harness/profile/iterations.h"
#include "harness/profile/output_check.h"
#include "harness/profile/passes.h"
#include "harness/profile/warm_up.h"
#include "results/statistics/summary.h"

namespace segbench::profile {
namespace {

using core::Json;
using Clock = std::chrono::steady_clock;

constexpr double kVisitSeconds = 0.15;  // long enough that the kernel's 10 ms tell who used the CPUs
constexpr double kFewestIterations = 3, kMostIterations = 200;

struct WarmUp {
  std::vector<double> ns;
  bool stationary = false;
};

WarmUp warm_up(EngineLink& link, std::chrono::seconds patience) {
  WarmUp done;
  std::vector<double> seconds;
  const auto start = Clock::now();
  while (!done.stationary && seconds.size() < kLongestWarmUp &&
         (seconds.size() < 2 || core::seconds_since(start) < kLongestWarmUpSeconds)) {
    for (const double ns : time_iterations(link, 2, patience))
      done.ns.push_back(ns), seconds.push_back(ns * 1e-9);
    done.stationary = is_stationary(seconds);
  }
  return done;
}

/// Of a network's file, with the tensors that lie beside a Python one.
std::uintmax_t file_bytes(const std::filesystem::path& file) {
  std::filesystem::path tensors = file;
  const bool is_code = file.extension() == ".py";
  return std::filesystem::file_size(file) +
         (is_code ? std::filesystem::file_size(tensors.replace_extension(".safetensors")) : 0);
}

std::string safe(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

}  // namespace

Preparation::Preparation(const Plan& plan, const SessionOptions& options) : plan_(plan), options_(options) {
  for (std::size_t i = 0; i < plan.networks.size(); ++i) {
    const Network& network = plan.networks[i];
    files_.emplace_back(network,
                        options.folder / "networks" /
                            fmt::format("{}_{}_{}x{}", i, safe(network.label), network.height, network.width),
                        plan.profile.settings.seed);
  }
}

Json Preparation::load_request(const Row& row, const FoundEngine& engine, const std::string& format,
                               const std::filesystem::path& file) const {
  const Network& network = plan_.networks[row.network];
  const bool is_reference = &engine != &plan_.engines[row.engine];
  return engines::to_json(
      engines::LoadRequest{.model = std::filesystem::absolute(file).string(),
                           .format = format,
                           .device = is_reference ? "cpu" : row.device,
                           .precision = is_reference ? "float32" : row.precision,
                           .memory_format = is_reference ? "contiguous" : row.memory_format,
                           .threads = row.threads,
                           .batch = row.batch,
                           .channels = network.channels,
                           .height = network.height,
                           .width = network.width,
                           .outputs = network.outputs});
}

std::chrono::seconds Preparation::patience() const {
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(plan_.profile.settings.patience)));
}

std::filesystem::path Preparation::scratch(const std::string& name) const {
  const std::filesystem::path folder = std::filesystem::absolute(options_.folder / "networks");
  std::filesystem::create_directories(folder);
  return folder / name;
}

const NetworkImages& Preparation::images(const Row& row) {
  const auto found = images_.find(row.network);
  if (found != images_.end()) return found->second;
  return images_.emplace(row.network, NetworkImages(plan_.networks[row.network], plan_.profile.settings))
      .first->second;
}

std::filesystem::path Preparation::input_file(const Row& row) {
  const auto known = inputs_.find({row.network, row.batch});
  if (known != inputs_.end()) return known->second;
  const std::filesystem::path file = scratch(fmt::format("{}_images_{}.f32", row.network, row.batch));
  write_values(file, images(row).batch(row.batch));
  return inputs_[{row.network, row.batch}] = file;
}

std::filesystem::path Preparation::calibration_file(const Row& row) {
  // What an earlier attempt has left may be torn.
  const auto known = calibrations_.find(row.network);
  if (known != calibrations_.end()) return known->second;
  const std::filesystem::path file = scratch(fmt::format("{}_calibration.f32", row.network));
  write_values(file, images(row).spread(plan_.profile.settings.calibration_images));
  return calibrations_[row.network] = file;
}

/// By eager LibTorch in float32; of a file that it does not read by the first engine that does.
const Preparation::Reference& Preparation::reference(const Row& row) {
  Reference& reference = references_[{row.network, row.batch}];
  if (!reference.logits.empty()) return reference;
  const std::vector<std::string> offered = files_[row.network].formats();
  std::vector<const FoundEngine*> candidates;
  if (plan_.reference) candidates.push_back(&*plan_.reference);
  for (const FoundEngine& engine : plan_.engines) candidates.push_back(&engine);
  for (const FoundEngine* engine : candidates) {
    const std::string format = common_format(offered, engine->description->reads);
    if (format.empty()) continue;
    const auto link = options_.open(*engine, options_.folder / "engine_reference.log", row.threads);
    Json request = load_request(row, *engine, format, files_[row.network].file(format, row.batch));
    request["device"] = "cpu", request["precision"] = "float32", request["memory_format"] = "contiguous";
    link->ask(request, patience());
    link->ask({{"do", "input"}, {"file", input_file(row).string()}}, patience());
    reference.logits = output_of(*link, scratch("reference.f32"), patience());
    reference.engine = engine->program.name;
    return reference;
  }
  throw core::UserError("no engine reads it");
}

void Preparation::require_memory(const Row& row) const {
  const Network& network = plan_.networks[row.network];
  if (!network.options || row.device != "cpu") return;
  const architectures::NetworkSummary summary = architectures::summarise(*network.options);
  const std::int64_t needed = std::int64_t{4} * (summary.parameters() + row.batch * summary.peak_values);
  const auto available = core::available_memory_bytes();
  if (!available || needed <= *available) return;
  throw core::UserError(fmt::format("it needs about {} of memory, but {} are free",
                                    core::human_bytes(static_cast<std::uint64_t>(needed)),
                                    core::human_bytes(static_cast<std::uint64_t>(*available))));
}

PreparedRow Preparation::prepare(const Row& row) {
  require_memory(row);
  const Network& network = plan_.networks[row.network];
  const FoundEngine& engine = plan_.engines[row.engine];
  const Reference& expected = reference(row);
  const std::filesystem::path file = files_[row.network].file(row.format, row.batch);
  PreparedRow prepared;
  auto start = Clock::now();
  prepared.link = options_.open(engine, options_.folder / fmt::format("engine_{}.log", row.id), row.threads);
  prepared.link->ask({{"do", "describe"}}, patience());
  const double startup = core::seconds_since(start);
  start = Clock::now();
  Json request = load_request(row, engine, row.format, file);
  if (row.precision == "int8") request["calibration"] = calibration_file(row).string();
  const Json loaded = prepared.link->ask(request, patience());
  const double load = core::seconds_since(start);
  prepared.link->ask({{"do", "input"}, {"file", input_file(row).string()}}, patience());
  const double first = time_iterations(*prepared.link, 1, patience()).front();
  const std::vector<float> found =
      output_of(*prepared.link, scratch(fmt::format("{}.f32", row.id)), patience());
  const std::int64_t pixels =
      static_cast<std::int64_t>(expected.logits.size()) / (row.batch * network.outputs);
  const OutputCheck check = compare_outputs(found, expected.logits, network.outputs, pixels);
  const study::ProfileSettings& settings = plan_.profile.settings;
  const double bound = row.precision == "float32" ? settings.max_error : settings.max_error_reduced;
  if (!(check.error <= bound)) {
    throw WrongOutput(
        fmt::format("its output is wrong: logits differ from those of {} by {:.2g} of the largest "
                    "(allowed: {:g}), and {:.1f} % of the pixels have another class",
                    expected.engine, check.error, bound, 100 * check.labels_differ));
  }
  const WarmUp warm = warm_up(*prepared.link, patience());
  const std::size_t last = std::min(warm.ns.size(), kWarmUpWindow);
  prepared.typical_s = *statistics::quantile(std::span(warm.ns).last(last), 0.5) * 1e-9;
  prepared.first_s = first * 1e-9;
  prepared.iterations = static_cast<std::int64_t>(
      std::clamp(std::ceil(kVisitSeconds / prepared.typical_s), kFewestIterations, kMostIterations));
  prepared.ready = {
      {"row", row.id},
      {"startup_s", startup},
      {"load_s", load},
      {"first_ns", first},
      {"warmup_ns", warm.ns},
      {"stationary", warm.stationary},
      {"iterations", prepared.iterations},
      {"note", loaded.value("note", "")},
      {"check",
       {{"reference", expected.engine}, {"error", check.error}, {"labels_differ", check.labels_differ}}},
      {"images", images(row).origin()},
      {"file_bytes", loaded.value("file_bytes", static_cast<std::int64_t>(file_bytes(file)))}};
  return prepared;
}

}  // namespace segbench::profile
