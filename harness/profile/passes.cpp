// SPDX-License-Identifier: MIT
#include "harness/profile/passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/exchange_file.h"
#include "harness/core/files.h"
#include "harness/core/stopwatch.h"
#include "harness/profile/iterations.h"
#include "harness/profile/output_check.h"

namespace segbench::profile {
namespace {

using core::Json;
using Clock = std::chrono::steady_clock;

void give_input(const Traveller& traveller, std::span<const float> values) {
  write_values(traveller.scratch, values);
  traveller.link.ask({{"do", "input"}, {"file", traveller.scratch.string()}}, traveller.patience);
}

std::vector<std::uint8_t> labels_of(std::span<const float> logits, const Traveller& traveller) {
  std::vector<std::uint8_t> labels;
  for (std::int64_t pixel = 0; pixel < traveller.pixels; ++pixel)
    labels.push_back(
        static_cast<std::uint8_t>(label_at(logits.data() + pixel, traveller.outputs, traveller.pixels)));
  return labels;
}

}  // namespace

void write_values(const std::filesystem::path& file, std::span<const float> values) {
  core::write_exchange(file, std::as_bytes(values));
}

std::vector<float> output_of(EngineLink& link, const std::filesystem::path& file,
                             std::chrono::seconds patience) {
  link.ask({{"do", "output"}, {"file", file.string()}}, patience);
  std::vector<float> values;
  {
    const core::MappedFile mapped(file);
    values.resize(mapped.bytes().size() / sizeof(float));
    std::memcpy(values.data(), mapped.bytes().data(), values.size() * sizeof(float));
  }
  std::filesystem::remove(file);
  return values;
}

std::vector<double> time_reads(const NetworkImages& images, std::int64_t batch, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(batch * images.values_each()));
  std::vector<double> seconds;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    images.read(i * batch, batch, values.data());
    seconds.push_back(core::seconds_since(start));
  }
  return seconds;
}

Json time_pass(const Traveller& traveller, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(traveller.batch * traveller.images.values_each()));
  std::map<std::string, double> seconds = {{"read", 0}, {"forward", 0}};
  for (std::int64_t first = 0; first < count; first += traveller.batch) {
    const auto start = Clock::now();
    traveller.images.read(first, traveller.batch, values.data());
    seconds["read"] += core::seconds_since(start);
    give_input(traveller, values);
    const Json answer = run_iterations(traveller.link, 1, traveller.patience);
    seconds["forward"] += answer.at("ns").at(0).get<double>() * 1e-9;
    for (const auto& [stage, times] : answer.at("stages").items())
      seconds[stage] += times.at(0).get<double>() * 1e-9;
  }
  std::filesystem::remove(traveller.scratch);
  return seconds;
}

Json count_labels(const Traveller& traveller) {
  const core::DecodeCache* cache = traveller.images.cache();
  const std::vector<std::int64_t>& samples = traveller.images.scored();
  if (cache == nullptr || samples.empty() || !traveller.images.is_scored_by_logits()) return nullptr;
  const auto values_each = static_cast<std::size_t>(traveller.images.values_each());
  const auto logits_each = static_cast<std::size_t>(traveller.outputs * traveller.pixels);
  std::vector<float> values(static_cast<std::size_t>(traveller.batch) * values_each);
  core::Confusion confusion(cache->num_classes());
  for (std::size_t first = 0; first < samples.size(); first += static_cast<std::size_t>(traveller.batch)) {
    const std::size_t in_batch = std::min(samples.size() - first, static_cast<std::size_t>(traveller.batch));
    for (std::size_t i = 0; i < in_batch; ++i)
      traveller.images.read_sample(samples[first + i], values.data() + i * values_each);
    give_input(traveller, values);
    const std::vector<float> logits =
        output_of(traveller.link, traveller.scratch.string() + ".out", traveller.patience);
    if (logits.size() < in_batch * logits_each) throw core::UserError("its output is too short");
    for (std::size_t i = 0; i < in_batch; ++i)
      confusion += core::count_pixels(cache->labels(samples[first + i]),
                                      labels_of({logits.data() + i * logits_each, logits_each}, traveller),
                                      cache->num_classes());
  }
  std::filesystem::remove(traveller.scratch);
  Json tp = Json::array(), fp = tp, fn = tp;
  for (const core::ClassCounts& counts : confusion.class_counts())
    tp.push_back(counts.tp), fp.push_back(counts.fp), fn.push_back(counts.fn);
  const core::Background& background = traveller.images.background();
  return {{"split", traveller.images.scored_split()},
          {"images", samples.size()},
          {"background", background ? Json(*background) : Json()},
          {"tp", tp},
          {"fp", fp},
          {"fn", fn}};
}

}  // namespace segbench::profile
