// SPDX-License-Identifier: MIT
#include "harness/data/kinds/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/text.h"

namespace segbench::data {
namespace {

/// Filled before main() and never changed afterwards.
std::map<std::string, CatalogueReader>& readers() {
  static std::map<std::string, CatalogueReader> readers;
  return readers;
}

}  // namespace

KindRegistration::KindRegistration(const std::string& kind, CatalogueReader reader) {
  SEGBENCH_CHECK(readers().emplace(kind, reader).second, "the data set kind {} is registered twice", kind);
}

std::vector<std::string> readable_kinds() {
  std::vector<std::string> names;
  for (const auto& [name, reader] : readers()) names.push_back(name);
  return names;
}

void CatalogueBuilder::refuse(std::string code, std::string file, std::string message, std::string remedy) {
  findings_.push_back({true, std::move(file), std::move(message), std::move(code), std::move(remedy)});
}

void CatalogueBuilder::warn(std::string_view key, std::string file, const core::WarningValues& values) {
  findings_.push_back(warning_finding(key, values, std::move(file)));
}

bool CatalogueBuilder::add(const std::string& split, const Sample& sample) {
  samples_.emplace(sample.id, sample);
  return splits_[split].insert(sample.id).second;
}

std::set<std::string> CatalogueBuilder::files_of(const std::set<std::string>& splits) const {
  std::set<std::string> files;
  for (const auto& [split, ids] : splits_) {
    if (!splits.contains(split)) continue;
    for (const std::string& id : ids) {
      const Sample& sample = samples_.at(id);
      files.insert({sample.image_file, sample.mask_file});
    }
  }
  return files;
}

Catalogue CatalogueBuilder::build() && {
  Catalogue catalogue;
  std::map<std::string, std::int64_t> index;
  for (auto& [id, sample] : samples_) {
    index[id] = static_cast<std::int64_t>(catalogue.samples.size());
    catalogue.samples.push_back(std::move(sample));
  }
  for (const auto& [name, ids] : splits_) {
    std::vector<std::int64_t>& indices = catalogue.official_splits[name];
    for (const std::string& id : ids) indices.push_back(index.at(id));
  }
  catalogue.findings = std::move(findings_);
  return catalogue;
}

std::set<std::string> CatalogueBuilder::choose_splits(const core::DataConfig& config,
                                                      const std::set<std::string>& available,
                                                      const std::string& where) {
  std::set<std::string> chosen, missing;
  for (const core::SplitRule* rule : {&config.train, &config.selection, &config.test}) {
    for (const std::string& name : rule->official) {
      if (available.contains(name)) {
        chosen.insert(name);
      } else if (name == kAutoSplit) {
        for (const std::string& known : available) {
          if (is_usual_split(known)) chosen.insert(known);
        }
      } else if (missing.insert(name).second) {
        const std::vector<std::string> allowed(available.begin(), available.end());
        refuse("missing_split", "",
               fmt::format("there is no split \"{}\"; known splits, from {}: {}; or a fraction such as 0.2{}",
                           name, where, fmt::join(allowed, ", "), core::did_you_mean(name, allowed)));
      }
    }
  }
  for (const std::string& name : chosen) splits_[name];
  return chosen;
}

bool is_usual_split(const std::string& name) {
  static const std::set<std::string> kUsual = {"train",      "selection", "val", "valid",
                                               "validation", "test",      "all"};
  return kUsual.contains(name);
}

Catalogue open_catalogue(const core::DataConfig& config) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kDataSet, config.kind);
  if (spec.traits.at("needs_root").get<bool>()) {
    if (config.root.empty()) {
      throw core::UserError(fmt::format("data set {}: no folder is given; set root", config.kind),
                            core::kAuditRefused);
    }
    std::error_code error;
    if (!std::filesystem::is_directory(config.root, error)) {
      throw core::UserError(
          fmt::format("{}: {}; set root to the folder of the {} data set", config.root,
                      std::filesystem::exists(config.root, error) ? "this is not a readable folder"
                                                                  : "there is no such folder",
                      config.kind),
          core::kAuditRefused);
    }
  }
  const auto reader = readers().find(config.kind);
  SEGBENCH_CHECK(reader != readers().end(), "the data set kind {} has a description but no reader",
                 config.kind);
  // What an older version stored lacks the parameters that came later.
  core::DataConfig complete = config;
  complete.params = core::with_defaults(spec, config.params);
  return reader->second(complete);
}

core::DataConfig default_config(const std::string& kind, const std::string& root) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kDataSet, kind);
  core::DataConfig config;
  config.kind = kind;
  config.root = root;
  const core::Json& resolution = spec.traits.at("default_resolution");
  if (resolution.is_array()) config.resolution = resolution.get<std::array<std::int64_t, 2>>();
  const core::Json& splits = spec.traits.at("default_splits");
  config.train = core::split_rule_from_json(splits.at("train"));
  config.selection = core::split_rule_from_json(splits.at("selection"));
  config.test = core::split_rule_from_json(splits.at("test"));
  for (const core::ParamSpec& param : spec.params) {
    if (param.default_value) config.params[param.name] = *param.default_value;
  }
  config.background = core::background_of(spec, config.params);
  return config;
}

}  // namespace segbench::data
