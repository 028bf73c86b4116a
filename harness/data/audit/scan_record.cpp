// SPDX-License-Identifier: MIT
#include "harness/data/audit/scan_record.h"

#include <sys/stat.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/data/audit/judge.h"

namespace segbench::data {
namespace {

constexpr int kScanFormat = 3;
/// Counted up when files are read in another way: they are read again, and what had been read rightly keeps
/// its fingerprint and its cache.
constexpr int kReaderVersion = 4;

core::Json state_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return nullptr;
  return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
          status.st_ctim.tv_nsec};
}

core::Json coding_of(const LabelCoding& coding) {
  return {coding.class_values, coding.void_values, coding.class_colours, coding.void_colours};
}

}  // namespace

std::string scan_key(const Catalogue& catalogue, const core::DataConfig& config) {
  core::Json samples = core::Json::array();
  for (const Sample& sample : catalogue.samples) {
    core::Json entry = {sample.id, sample.image_file, sample.mask_file};
    if (!catalogue.render) {
      entry.push_back(state_of(catalogue.root / sample.image_file));
      entry.push_back(state_of(catalogue.root / sample.mask_file));
      for (const std::string& mask : sample.object_masks) entry.push_back(state_of(catalogue.root / mask));
      if (sample.page >= 0) entry.push_back(sample.page);
    }
    samples.push_back(std::move(entry));
  }
  if (!catalogue.relabel.empty()) samples.push_back(catalogue.relabel);
  std::error_code ignored;
  return core::sha256_hex(core::Json{
      {"pipeline", kPipelineVersion},
      {"readers", kReaderVersion},
      {"kind", config.kind},
      {"root", core::sha256_hex(std::filesystem::weakly_canonical(catalogue.root, ignored).string())},
      {"resolution", config.resolution ? core::Json(*config.resolution) : core::Json("native")},
      {"channels", config.channels},
      {"stored_scale", config.range.has_value()},
      {"orientation", config.apply_orientation},
      {"params", config.params},
      {"coding", coding_of(catalogue.coding)},
      {"classes", catalogue.classes.size()},
      {"samples", samples}}.dump());
}

void write_scan(const std::filesystem::path& file, const std::string& key, const Scan& scan) {
  core::Json samples = core::Json::array();
  for (const SampleFacts& facts : scan.samples) {
    SEGBENCH_CHECK(facts.findings.empty(), "a scan with findings is not kept");
    samples.push_back({{"image_sha256", facts.image_sha256},
                       {"labels_sha256", facts.labels_sha256},
                       {"size", {facts.height, facts.width}},
                       {"class_pixels", facts.class_pixels},
                       {"one_colour", facts.one_colour},
                       {"stored_pixels", facts.stored_pixels},
                       {"mask_in_alpha", facts.mask_in_alpha},
                       {"pages", facts.pages},
                       {"bands", facts.bands},
                       {"samples", {facts.bits, facts.lowest, facts.highest, facts.maximum}},
                       {"orientation", {facts.orientation, facts.mask_orientation}}});
  }
  core::Json twins = core::Json::array(), misfits = core::Json::array();
  for (const NearTwins& pair : scan.near_twins) twins.push_back({pair.first, pair.second});
  for (const Misfit& misfit : scan.misfits.misfits)
    misfits.push_back({misfit.sample, misfit.other, misfit.swapped});
  const core::Json json = {{"format", kScanFormat},
                           {"near_twins", twins},
                           {"misfits", {{"possible", scan.misfits.possible}, {"found", misfits}}},
                           {"key", key},
                           {"resolution", {scan.height, scan.width}},
                           {"images_sha256", scan.images_sha256},
                           {"labels_sha256", scan.labels_sha256},
                           {"samples", samples}};
  core::write_file_atomically(file, json.dump(1) + "\n");
}

std::optional<Scan> read_scan(const std::filesystem::path& file, const std::string& key,
                              const Catalogue& catalogue) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const core::Json json = core::Json::parse(core::read_file(file));
    if (json.at("format") != kScanFormat || json.at("key") != key) return std::nullopt;
    Scan scan{.height = json.at("resolution").at(0),
              .width = json.at("resolution").at(1),
              .samples = {},
              .images_sha256 = json.at("images_sha256"),
              .labels_sha256 = json.at("labels_sha256")};
    for (const core::Json& sample : json.at("samples")) {
      SampleFacts facts;
      facts.image_sha256 = sample.at("image_sha256");
      facts.labels_sha256 = sample.at("labels_sha256");
      facts.height = sample.at("size").at(0);
      facts.width = sample.at("size").at(1);
      facts.class_pixels = sample.at("class_pixels").get<std::vector<std::int64_t>>();
      facts.one_colour = sample.at("one_colour");
      facts.stored_pixels = sample.at("stored_pixels").get<std::vector<std::int64_t>>();
      facts.mask_in_alpha = sample.at("mask_in_alpha");
      facts.pages = sample.at("pages");
      facts.bands = sample.at("bands");
      facts.bits = sample.at("samples").at(0);
      facts.lowest = sample.at("samples").at(1);
      facts.highest = sample.at("samples").at(2);
      facts.maximum = sample.at("samples").at(3);
      facts.orientation = sample.at("orientation").at(0);
      facts.mask_orientation = sample.at("orientation").at(1);
      if (facts.class_pixels.size() != catalogue.classes.size() + 1) return std::nullopt;
      scan.samples.push_back(std::move(facts));
    }
    if (scan.samples.size() != catalogue.samples.size()) return std::nullopt;
    const auto index = [&](const core::Json& value) {
      return std::min(value.get<std::size_t>(), scan.samples.size() - 1);
    };
    for (const core::Json& pair : json.at("near_twins"))
      scan.near_twins.push_back({index(pair.at(0)), index(pair.at(1))});
    scan.misfits.possible = json.at("misfits").at("possible");
    for (const core::Json& misfit : json.at("misfits").at("found"))
      scan.misfits.misfits.push_back({index(misfit.at(0)), index(misfit.at(1)), misfit.at(2)});
    return scan;
  } catch (const core::Json::exception&) {
    return std::nullopt;
  } catch (const core::UserError&) {
    return std::nullopt;
  }
}

}  // namespace segbench::data
