// SPDX-License-Identifier: MIT
#include "results/profiles/roofline.h"

#include <algorithm>
#include <map>
#include <set>

#include "results/statistics/summary.h"

namespace segbench::profiles {
namespace {

using core::Json;

constexpr double kFloatBytes = 4;

/// Medians by layer; an activation of a layer ("conv1.relu") is a part of it.
std::map<std::string, double> measured_layers(const RowLog& row, const Json& layers) {
  std::set<std::string> names;
  for (const Json& layer : layers) names.insert(layer.at("name").get<std::string>());
  std::map<std::string, double> medians;
  for (const auto& [name, seconds] : row.layers) {
    const std::string owner = names.contains(name) ? name : name.substr(0, name.rfind('.'));
    if (const auto median = statistics::quantile(seconds, 0.5)) medians[owner] += *median;
  }
  return medians;
}

/// Whether the ceilings, which are those of the first row's device and threads, are this row's.
bool are_ceilings_of(const ProfileLog& log, const RowLog& row) {
  const Json &first = log.rows.front().facts, &facts = row.facts;
  return facts.at("device") == first.at("device") &&
         (facts.at("device") != "cpu" || facts.at("threads") == first.at("threads"));
}

}  // namespace

std::optional<Roof> roof_of(const ProfileLog& log, const RowLog& row) {
  const Json ceilings = log.header.at("machine").value("ceilings", Json());
  const Json networks = log.header.value("networks", Json::array());
  const std::size_t index = row.facts.value("network_index", networks.size());
  if (!ceilings.is_object() || index >= networks.size() || networks[index].is_null() ||
      row.facts.at("precision") != "float32" || !are_ceilings_of(log, row))
    return std::nullopt;
  Roof roof{
      .flops_per_s = ceilings.at("flops_per_s"), .bytes_per_s = ceilings.at("bytes_per_s"), .layers = {}};
  const double batch = row.facts.at("batch");
  const Json& layers = networks[index].at("layers");
  const std::map<std::string, double> measured = measured_layers(row, layers);
  for (const Json& layer : layers) {
    LayerRoof found{.name = layer.at("name"), .kind = layer.at("kind")};
    found.flops = 2 * batch * layer.at("macs").get<double>();
    found.bytes = kFloatBytes * (layer.at("weights").get<double>() +
                                 batch * (layer.at("read").get<double>() + layer.at("made").get<double>()));
    found.intensity = found.bytes == 0 ? 0 : found.flops / found.bytes;
    const double product_s = found.flops / roof.flops_per_s, copy_s = found.bytes / roof.bytes_per_s;
    found.least_s = std::max(product_s, copy_s);
    found.by_memory = copy_s > product_s;
    if (const auto time = measured.find(found.name); time != measured.end()) found.measured_s = time->second;
    roof.flops += found.flops, roof.bytes += found.bytes, roof.least_s += found.least_s;
    roof.layers.push_back(std::move(found));
  }
  return roof;
}

}  // namespace segbench::profiles
