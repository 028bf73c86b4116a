// SPDX-License-Identifier: MIT
#include "harness/data/kinds/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/core/class_list.h"
#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/data/kinds/list_file.h"
#include "harness/data/kinds/listing.h"

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
      files.insert(sample.object_masks.begin(), sample.object_masks.end());
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
      if (config.lists.contains(name)) {
        if (available.contains("all"))
          chosen.insert("all");
        else
          chosen.insert(available.begin(), available.end());
      } else if (available.contains(name)) {
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

void merge_labels(const Catalogue& catalogue, LabelMap& labels) {
  if (catalogue.relabel.empty()) return;
  for (std::uint8_t& label : labels.labels) label = catalogue.relabel[label];
}

namespace {

/// Old labels become new ones, the new classes have the colours of the first ones that they unite.
void merge_catalogue(const core::DataConfig& config, Catalogue& catalogue) {
  if (config.merge.empty()) return;
  std::vector<std::string> names;
  for (const core::ClassInfo& known : catalogue.classes) names.push_back(known.name);
  const core::MergedClasses merged = core::merge_classes(names, config.merge);
  catalogue.relabel.assign(256, core::kVoidLabel);
  for (std::size_t c = 0; c < names.size(); ++c)
    catalogue.relabel[c] = static_cast<std::uint8_t>(merged.index_of[c]);
  std::vector<core::ClassInfo> classes;
  for (std::size_t c = 0; c < merged.names.size(); ++c)
    classes.push_back({merged.names[c], catalogue.classes[merged.first_of[c]].colour});
  catalogue.classes = std::move(classes);
}

/// The samples that lists may mean by a name: one by its id, else all whose image file or stem it is.
using SampleNames = std::map<std::string, std::set<std::int64_t>>;

SampleNames sample_names(const Catalogue& catalogue) {
  SampleNames ids, files;
  for (std::size_t i = 0; i < catalogue.samples.size(); ++i) {
    const Sample& sample = catalogue.samples[i];
    const auto index = static_cast<std::int64_t>(i);
    ids[sample.id] = {index};
    if (sample.image_file.empty()) continue;
    files[sample.image_file].insert(index);
    files[std::filesystem::path(sample.image_file).stem().string()].insert(index);
  }
  ids.merge(files);  // a name that is an id stays this one's
  return ids;
}

/// The samples that a line may mean; none where no sample has such a name.
std::set<std::int64_t> samples_of_line(const SampleNames& known, const ListLine& line) {
  std::set<std::int64_t> several;
  for (const ListEntry& entry : entries_of(line)) {
    for (const std::string& tried : names_of_entry(entry.name)) {
      const auto found = known.find(tried);
      if (found == known.end()) continue;
      if (found->second.size() == 1) return found->second;
      if (several.empty()) several = found->second;
    }
  }
  return several;
}

/// Adds the official splits that the user's own lists make.
void add_lists(const core::DataConfig& config, Catalogue& catalogue) {
  const SampleNames known = config.lists.empty() ? SampleNames() : sample_names(catalogue);
  for (const auto& [name, file] : config.lists) {
    const std::filesystem::path path = file.path;
    std::set<std::int64_t> taken;
    for (const ListLine& line : read_list(path.parent_path(), path.filename())) {
      const std::set<std::int64_t> meant = samples_of_line(known, line);
      if (meant.size() == 1) {
        taken.insert(*meant.begin());
      } else if (!meant.empty()) {
        std::vector<std::string> ids;
        for (const std::int64_t i : meant) ids.push_back(catalogue.samples[static_cast<std::size_t>(i)].id);
        catalogue.findings.push_back(
            {true, "",
             fmt::format("{}:{}: \"{}\" may be {} samples: {}", path.string(), line.number,
                         printable(line.text), ids.size(), some_of(ids)),
             "ambiguous", "write the id of the one that is meant"});
      } else if (!line.comment) {
        catalogue.findings.push_back({true, "",
                                      fmt::format("{}:{}: there is no sample \"{}\"", path.string(),
                                                  line.number, printable(line.text)),
                                      "missing_partner"});
      }
    }
    catalogue.official_splits[name] = {taken.begin(), taken.end()};
  }
}

}  // namespace

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
  Catalogue catalogue = reader->second(complete);
  add_lists(config, catalogue);
  merge_catalogue(config, catalogue);
  return catalogue;
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
